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

/**
 * Whether a note begins with a code of a frame: it is struck or, in a corpus without attacks, did not
 * sound before.
 * @param before the frame before; undefined at the beginning
 */
export function begins(code: number, before: Frame | undefined, attacks: boolean): boolean {
  return attacks ? !isHeld(code) : !before?.includes(code);
}

/** In how many of some frames each pitch class sounds, doubled ones counted as often. */
export function countClasses(frames: readonly Frame[]): number[] {
  const counts = new Array<number>(12).fill(0);
  for (const frame of frames) for (const code of frame) counts[pitchOf(code) % 12]!++;
  return counts;
}

/** Whether two frames are the same, struck and held notes apart. */
export function sameFrame(a: Frame, b: Frame): boolean {
  return a.length === b.length && a.every((code, index) => code === b[index]);
}
