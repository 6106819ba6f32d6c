import { PAGE, type PageMessage } from "../page/messages.ts";
import { forgetStop, inNotebook, listenForStop } from "../show/jupyter.ts";
import { musicChosen } from "./own_music.ts";
import { pressed } from "./presses.ts";

/** Initialises a notebook: the stop button and the buttons in outputs work from the first cell on. */
export function enterNotebook(): void {
  if (!inNotebook()) return;
  listenForStop();
  Object.assign(globalThis, { [Symbol.for(PAGE)]: heard });
}

/** Handles a message from a page. */
async function heard(message: PageMessage): Promise<void> {
  forgetStop();
  await (message.what === "music" ? musicChosen(message) : pressed(message));
}
