import type { Part } from "../midi/music.ts";
import { handOfName } from "../midi/part_names.ts";
import { mean } from "../numbers.ts";
import { type Hand, splitHands } from "./hands.ts";
import type { PlayedNote } from "./graces.ts";

/** Least difference in semitones between the mean pitches of two hands' parts. */
const HANDS_APART = 5;

/**
 * Hands of notes: by the names of their tracks, or else the higher and the lower of two tracks, or
 * of the tracks adjacent in pitch where no more than two sound at once; otherwise estimated from
 * the notes.
 * @param played by start, then pitch
 */
export function handsOf(played: readonly PlayedNote[], parts: readonly Part[]): Hand[] {
  const own = byName(parts) ?? byHeight(parts);
  if (own) return played.map(({ part }) => own[part]!);
  return splitHands(played);
}

/** Number of a staff in the names that notation programs give to the tracks of one instrument. */
const STAFF = /\b(?:staff|stave|staves|system|portée|pentagramma|pauta)\s*#?(\d)\b/iu;

function byName(parts: readonly Part[]): Hand[] | undefined {
  const told = parts.map(({ name }) => handOfName(name));
  const staves = parts.map(({ name }) => STAFF.exec(name)?.[1]);
  const areStaves = told.every((hand) => !hand) && `${staves.toSorted()}` === "1,2";
  const named = areStaves ? staves.map((staff): Hand => staff === "1" ? "right" : "left") : told;
  if (!named.includes("right") || !named.includes("left")) return undefined;
  const height = (hand: Hand) => mean(parts.filter((_, i) => named[i] === hand).map(heightOf));
  const middle = (height("right") + height("left")) / 2;
  return parts.map((part, i) => named[i] ?? (heightOf(part) >= middle ? "right" : "left"));
}

function heightOf({ notes }: Part): number {
  return mean(notes.map(({ pitch }) => pitch));
}

function byHeight(parts: readonly Part[]): Hand[] | undefined {
  if (parts.length < 2) return undefined;
  const heights = parts.map(heightOf);
  const [high, low] = [Math.max(...heights), Math.min(...heights)];
  const hands = heights.map((height): Hand => 2 * height >= high + low ? "right" : "left");
  const isApart = parts.length === 2
    ? high - low >= HANDS_APART
    : high - low >= 2 * HANDS_APART && oneAtATime(parts, hands);
  return isApart ? hands : undefined;
}

/** Whether no two tracks of the same hand sound together. */
function oneAtATime(parts: readonly Part[], hands: readonly Hand[]): boolean {
  return (["right", "left"] as const).every((hand) => {
    const notes = parts.flatMap((part, i) =>
      hands[i] === hand ? part.notes.map((note) => ({ ...note, i })) : []
    ).sort((a, b) => a.startTicks - b.startTicks);
    let end = -Infinity, last = -1;
    return notes.every((note) => {
      const isFree = note.i === last || note.startTicks >= end;
      [end, last] = [Math.max(end, note.endTicks), note.i];
      return isFree;
    });
  });
}

/** Whether several people play: more than two hands at once, by the names of the parts. */
export function isForFourHands(parts: readonly Part[]): boolean {
  const is = (pattern: RegExp) => parts.some(({ name }) => pattern.test(name));
  return is(/\bprimo|^pri[A-Z]|\bpiano 1\b/i) && is(/\bsecondo|^sec[A-Z]|\bpiano 2\b/i);
}
