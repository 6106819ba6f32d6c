/**
 * What sounds in one step of the grid: one code per sounding pitch, pitches ascending.
 * A code is the pitch (0 to 127) where the note is struck in this step, and the pitch plus
 * {@linkcode HELD} where it goes on sounding from the step before. In a corpus without attacks
 * every code is a bare pitch. The empty frame is the rest.
 */
export type Frame = readonly number[];

/** Added to a pitch that is held rather than struck. */
export const HELD = 128;

/** The rest: nothing sounds. */
export const REST: Frame = [];

/** The pitch (0 to 127) of a code. */
export function pitchOf(code: number): number {
  return code & 127;
}

/** Whether a code says that its pitch goes on from the step before. */
export function isHeld(code: number): boolean {
  return code >= HELD;
}
