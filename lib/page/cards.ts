/**
 * Script of auditions in a page: the line follows the sound, a click in a roll seeks, and sound is
 * downloaded.
 * @module
 */
import { startCards } from "./card_players.ts";

startCards();
