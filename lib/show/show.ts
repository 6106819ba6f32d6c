import { closeAll, inNotebook, sendOutput } from "./jupyter.ts";
import { type Displayed, JUPYTER_DISPLAY } from "./summary.ts";
import { turns } from "./turns.ts";

/** Generous allowance for the kernel to send its output. */
const SENDING_MILLISECONDS = 150;

/**
 * Shows values one below the other: in a cell with their own displays, elsewhere as text.
 *
 * The last value of a cell is shown anyway, but the kernel (Deno 2.9) often sends it after
 * reporting that the cell is done, when programs that run notebooks no longer listen. `show` waits
 * until it has been sent. Bars and curves of the same cell are first drawn in their final state.
 */
export async function show(...values: readonly unknown[]): Promise<void> {
  await closeAll();
  for (const value of values) {
    if (!inNotebook()) console.log(isDisplayed(value) ? await textOf(value) : value);
    else {
      const bundle = isDisplayed(value)
        ? await value[JUPYTER_DISPLAY]()
        : { "text/plain": typeof value === "string" ? value : Deno.inspect(value) };
      await sendOutput(bundle);
    }
  }
  if (inNotebook()) await turns(SENDING_MILLISECONDS).ended;
}

function isDisplayed(value: unknown): value is Displayed {
  return typeof value === "object" && value !== null && JUPYTER_DISPLAY in value;
}

async function textOf(value: Displayed): Promise<unknown> {
  return (await value[JUPYTER_DISPLAY]())["text/plain"];
}
