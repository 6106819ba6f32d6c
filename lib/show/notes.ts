/** Middle C (60) is C4. */
export function pitchName(pitch: number): string {
  return `${PITCH_CLASSES[pitch % 12]}${Math.floor(pitch / 12) - 1}`;
}

/** Names of the twelve pitch classes, from C. */
export const PITCH_CLASSES: readonly string[] = "C C♯ D E♭ E F F♯ G A♭ A B♭ B".split(" ");
