import { onOff, type Table } from "./declare.ts";
import { type Roots, roots } from "./shared.ts";

/** What `clean` removes. */
export interface CleanSettings extends Roots {
  /** Removes without asking. Default false. */
  readonly yes?: boolean;
}

/** What {@linkcode CleanSettings} may be. */
export const cleanTable: Table<CleanSettings> = {
  yes: onOff("Removes without asking"),
  ...roots,
};
