import { PITCH_CLASSES } from "../tokens/key.ts";

/** Scientific pitch name; middle C (60) is C4. */
export function pitchName(pitch: number): string {
  return `${PITCH_CLASSES[pitch % 12]}${Math.floor(pitch / 12) - 1}`;
}
