import { LETTER_PITCH, PLAIN_VELOCITY, type WrittenNote } from "../score.ts";

/** Notes of a bar while it is read, with the grace notes that await their main note. */
export interface NotesOfBar {
  readonly notes: WrittenNote[];
  graces: number[];
}

/** Whether a token is a grace note. */
export function isGraceToken(field: string): boolean {
  return /[qQ]/.test(field);
}

/**
 * Reads a spine's token: a note, a chord or a rest.
 * @returns its duration in quarter notes; 0 for grace notes
 */
export function readToken(
  field: string,
  { origin, voice }: { readonly origin: number; readonly voice: string },
  now: number,
  bar: NotesOfBar,
  where: string,
): number {
  const parts = field.split(" "), isGrace = isGraceToken(parts[0]!);
  const usual = isGrace ? 0 : durationOf(parts[0]!);
  if (usual === undefined) throw new Error(`"${field.slice(0, 40)}" has no duration ${where}`);
  if (isGrace) bar.graces.push(bar.notes.length);
  for (const part of parts) {
    const pitch = pitchOf(part);
    if (pitch === undefined || part.includes("r")) continue;
    const duration = isGrace ? 0 : durationOf(part) ?? usual;
    bar.notes.push({
      ...{ pitch, duration, at: now, staff: origin, voice },
      velocity: PLAIN_VELOCITY,
      tiedTo: !isGrace && /[[_]/.test(part),
      tiedFrom: !isGrace && /[\]_]/.test(part),
      ...(isGrace ? { grace: { before: 1, group: 1 } } : {}),
    });
  }
  return usual;
}

/** Numbers the grace notes before a main note within their group. */
export function endGraces(bar: NotesOfBar): void {
  const places = [...new Set(bar.graces)], group = places.length;
  places.forEach((from, i) => {
    const until = places[i + 1] ?? bar.notes.length;
    for (let at = from; at < until && bar.notes[at]!.grace; at++) {
      bar.notes[at] = { ...bar.notes[at]!, grace: { before: group - i, group } };
    }
  });
  bar.graces = [];
}

/**
 * Duration in quarter notes of a reciprocal value such as `4`, `8.`, `3%2`, `0`; undefined where
 * there is none.
 */
function durationOf(token: string): number | undefined {
  const match = /(\d{1,4})(?:%(\d{1,4}))?(\.*)/.exec(token);
  if (!match) return undefined;
  const [, digits, over = "1", dots] = match;
  const whole = /^0+$/.test(digits!) ? 2 ** digits!.length : Number(over) / Number(digits);
  return 4 * whole * (2 - 2 ** -dots!.length);
}

/** MIDI pitch of letters such as `c` (middle C), `cc`, `BB-`; undefined where there are none. */
function pitchOf(token: string): number | undefined {
  const match = /([a-gA-G])\1*([#n-]*)/.exec(token);
  if (!match) return undefined;
  const [all, letter, signs] = match, count = all.length - signs!.length;
  const octave = letter! === letter!.toLowerCase() ? 4 + count - 1 : 4 - count;
  const alter = signs!.split("#").length - signs!.split("-").length;
  const pitch = 12 * (octave + 1) + LETTER_PITCH[letter!.toUpperCase()]! + alter;
  return pitch >= 0 && pitch <= 127 ? pitch : undefined;
}
