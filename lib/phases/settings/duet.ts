import { onOff, path, type Table } from "./declare.ts";
import { modelName, type Roots, roots } from "./shared.ts";

/** Settings of `duet`. */
export interface DuetSettings extends Roots {
  /** Name of a pitchwise model on a grid in beats; `base` is included. */
  readonly model: string;
  /** Path of a MIDI file whose bars can be made anew in the page. */
  readonly midi?: string;
  /** Path of the page. Default: `data/generated/MODEL-duet.html`. */
  readonly pageFile?: string;
  /** Whether to serve the page at 127.0.0.1 until Ctrl-C. Default false. */
  readonly serve?: boolean;
}

/** Schema of {@linkcode DuetSettings}. */
export const duetTable: Table<DuetSettings> = {
  model: modelName,
  midi: path("FILE.mid", "MIDI file whose bars can be replaced in the page", {
    positional: true,
  }),
  pageFile: path("FILE.html", "Page to write", { usually: "data/generated/NAME-duet.html" }),
  serve: onOff(
    "Serves the page at 127.0.0.1 until Ctrl-C: Firefox supports MIDI only on served pages",
    {
      default: false,
    },
  ),
  ...roots,
};
