import { onOff, type Table } from "./declare.ts";
import { type Roots, roots } from "./shared.ts";

/** Settings of `clean`. */
export interface CleanSettings extends Roots {
  /** Whether to remove without asking. Default false. */
  readonly yes?: boolean;
}

/** Schema of {@linkcode CleanSettings}. */
export const cleanTable: Table<CleanSettings> = {
  yes: onOff("Removes without asking"),
  ...roots,
};
