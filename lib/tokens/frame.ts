/**
 * The sounding pitches in one step of the grid: one code per pitch, ascending. A code is the pitch
 * (0 to 127) where the note is struck in this step, and the pitch plus {@linkcode HELD} where it
 * goes on sounding from the step before. In a corpus without attacks every code is a bare pitch.
 * The empty frame is the rest.
 */
export type Frame = readonly number[];

/** Code offset that marks a pitch as held rather than struck. */
export const HELD = 128;

/** The rest: nothing sounds. */
export const REST: Frame = [];

/** The pitch (0 to 127) of a code. */
export function pitchOf(code: number): number {
  return code & 127;
}

/** Whether a code marks a pitch held from the step before. */
export function isHeld(code: number): boolean {
  return code >= HELD;
}

/**
 * Whether a note begins with a code of a frame: it is struck or, in a corpus without attacks, did
 * not sound before.
 * @param before the previous frame; undefined at the beginning
 */
export function begins(code: number, before: Frame | undefined, attacks: boolean): boolean {
  return attacks ? !isHeld(code) : !before?.includes(code);
}

/** Pitch-class counts over frames, with octave doublings counted separately. */
export function countClasses(frames: readonly Frame[]): number[] {
  const counts = new Array<number>(12).fill(0);
  for (const frame of frames) for (const code of frame) counts[pitchOf(code) % 12]!++;
  return counts;
}

/** Whether two frames are equal, distinguishing struck from held notes. */
export function sameFrame(a: Frame, b: Frame): boolean {
  return a.length === b.length && a.every((code, index) => code === b[index]);
}
