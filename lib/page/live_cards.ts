/**
 * Script of auditions in a live notebook: as in any page, and buttons go on from each piece.
 * @module
 */
import { addButtons } from "./card_buttons.ts";
import { startCards } from "./card_players.ts";
import { hasKernel } from "./kernel.ts";

startCards((all) => {
  if (hasKernel()) addButtons(all);
});
