import { findChords } from "../../harmony/find.ts";
import { planWithChords } from "../../harmony/piece_chords.ts";
import type { FileNote } from "../../midi/edit.ts";
import { type Bar, barsOf, endOfBar, stepsPerBeat } from "../../tokens/bars.ts";
import type { BarRange } from "../../tokens/bar_range.ts";
import { endOf, slice } from "../../tokens/excerpt.ts";
import { type Frame, isHeld, pitchOf } from "../../tokens/frame.ts";
import { encodeFrames } from "../../tokens/grid.ts";
import type { Grid, Piece } from "../../tokens/piece.ts";
import type { PlacedMusic, PlacedNote } from "../../tokens/placed.ts";
import type { Plan } from "../../tokens/plan.ts";
import { planOf } from "../../tokens/plan_of.ts";
import { checkScope, goesIn, type Room, room, sideOf } from "./scope.ts";
import type { Scope } from "../recipe.ts";
import { ENDS, FREE, OFF, STAYS, STRUCK } from "../../model/model.ts";

/** A file's music prepared for a change of some of its notes. */
export interface Prepared {
  /** The music without the removed notes, from the first step that counts on. */
  readonly kept: Piece;
  /** The original music. */
  readonly was: Piece;
  /** Its plan, with the chords that are found in it. */
  readonly plan: Plan;
  /** The step of the file at the pieces' first frame. */
  readonly origin: number;
  /** The gap, in frames of the pieces. */
  readonly from: number;
  readonly end: number;
  /** The gap in bars of the pieces: the first, and the first after it. */
  readonly fromBar: number;
  readonly endBar: number;
  /** Constraints per frame of the gap and MIDI pitch: see `ByPitch`. */
  readonly constraints: readonly Uint8Array[];
  /** Notes that must not return where they were: frame of the gap, and pitch. */
  readonly barred: readonly (readonly [frame: number, pitch: number])[];
  /** Notes of the file to be removed. */
  readonly removed: ReadonlySet<FileNote>;
  /** Position of the fixed notes relative to the new ones; undefined: above and below. */
  readonly side: "top" | "bottom" | undefined;
}

/**
 * Finds the notes to be removed and the constraints on the new ones: notes that sound into or out
 * of the bars stay as they are.
 * @param name of the file, for errors
 * @throws {RangeError} if the music has no such bars or no such track
 */
export function prepareChange(
  placed: PlacedMusic,
  range: BarRange | undefined,
  scope: Scope,
  grid: Grid,
  name: string,
): Prepared {
  const bars = barsOf(placed.metres, placed.steps, grid);
  const [from, end] = range
    ? framesOf(range, placed, bars, grid, name)
    : scope.kind === "melody"
    ? melodySpan(placed)
    : [0, placed.steps];
  requireOwnChannel(placed, from, end, name);
  // On the grid, as elsewhere: a downbeat struck slightly early belongs to its bar.
  const within = placed.notes.filter((note) => note.start >= from && note.end <= end);
  checkScope(scope, placed, name);
  const goes = new Set(within.filter(goesIn(scope, within, placed, grid)));
  const origin = Math.min(from, placed.notes[0]!.start);
  const piece = (notes: readonly PlacedNote[]) => pieceOf(notes, placed, origin, grid, name);
  const kept = piece(placed.notes.filter((note) => !goes.has(note))), was = piece(placed.notes);
  const own = barsOf(kept.metres, kept.frames.length, grid);
  const side = sideOf(scope, placed, goes), gap = [from - origin, end - origin] as const;
  const constraints = constraintsOf(kept.frames, ...gap, room(scope, placed, kept.frames), grid);
  const barred = scope.kind === "share" ? barTops(constraints, goes, from) : [];
  return {
    kept,
    was,
    plan: planWithChords(planOf(was, grid), was, findChords(was, grid), grid),
    origin,
    from: from - origin,
    end: end - origin,
    fromBar: own.findIndex((bar) => endOfBar(bar) > from - origin),
    endBar: own.findIndex((bar) => endOfBar(bar) >= end - origin) + 1,
    constraints,
    barred,
    removed: new Set([...goes].map(({ note }) => note)),
    side,
  };
}

/** Steps of an accompaniment: it begins with an upbeat of its melody, and ends with its melody. */
function melodySpan({ notes, firstBar }: PlacedMusic): [from: number, end: number] {
  const end = notes.reduce((last, note) => Math.max(last, note.end), 1);
  return [firstBar === 0 ? notes[0]!.start : 0, end];
}

/** Some bars of a file. @throws {RangeError} if it has no such bars */
export function barsInRange(
  placed: PlacedMusic,
  range: BarRange,
  grid: Grid,
  name: string,
): Piece {
  const bars = barsOf(placed.metres, placed.steps, grid);
  const [from, end] = framesOf(range, placed, bars, grid, name);
  return slice(pieceOf(placed.notes, placed, 0, grid, name), from, end);
}

/**
 * First step of a range, and the step after its last. An upbeat begins with its first note, also
 * where rests are written before it.
 * @throws {RangeError} if there is no such step
 */
function framesOf(
  { first, last, firstBeat, lastBeat }: BarRange,
  placed: PlacedMusic,
  bars: readonly Bar[],
  grid: Grid,
  name: string,
): [from: number, end: number] {
  const { firstBar, notes } = placed, beat = stepsPerBeat(grid);
  const [one, other] = [bars[first - firstBar], bars[last - firstBar]];
  if (!one || !other || last < first) {
    throw new RangeError(
      `Cannot change bars ${first} to ${last} of ${name}: it has bars ${firstBar} to ${
        firstBar + bars.length - 1
      }`,
    );
  }
  const begins = first === 0 && notes[0]!.start < endOfBar(one) ? notes[0]!.start : one.start;
  const from = firstBeat === undefined ? begins : one.start + Math.round((firstBeat - 1) * beat);
  const end = lastBeat === undefined
    ? endOfBar(other)
    : Math.min(endOfBar(other), other.start + Math.round(lastBeat * beat));
  const isInBar = from < endOfBar(one) && (lastBeat ?? 1) * beat < other.steps + beat;
  if (isInBar && from < end) return [from, end];
  throw new RangeError(
    `Cannot change beats ${firstBeat ?? 1} of bar ${first} to ${lastBeat ?? "the end"} of bar ` +
      `${last} of ${name}: bar ${first} has ${Math.ceil(one.steps / beat)} quarter notes, ` +
      `bar ${last} ${Math.ceil(other.steps / beat)}`,
  );
}

/**
 * Refuses a gap in which the piano's channel plays another instrument, as new notes would use it.
 * @throws {RangeError}
 */
function requireOwnChannel(
  { notes, all, ticksAt }: PlacedMusic,
  from: number,
  end: number,
  name: string,
): void {
  const hand = ({ track, channel }: FileNote) => `${track} ${channel}`;
  const own = new Set(notes.map(({ note }) => note));
  const hands = new Set(notes.map(({ note }) => hand(note)));
  const other = all.find((note) =>
    hands.has(hand(note)) && !own.has(note) && note.program !== undefined &&
    note.endTicks > ticksAt(from) && note.startTicks < ticksAt(end)
  );
  if (!other) return;
  throw new RangeError(
    `Cannot change these bars of ${name}: instrument ${other.program! + 1} of General MIDI plays ` +
      `there on channel ${other.channel + 1}, which is the piano's elsewhere`,
  );
}

function pieceOf(
  notes: readonly PlacedNote[],
  { metres, steps }: PlacedMusic,
  origin: number,
  grid: Grid,
  name: string,
): Piece {
  const frames: Frame[] = encodeFrames(notes, grid.attacks);
  while (frames.length < steps) frames.push([]);
  return endOf({ name, frames: frames.slice(0, steps), metres }, steps - origin);
}

/**
 * Constraints per frame of a gap, from the notes that stay and the allowed range of the new ones.
 */
function constraintsOf(
  frames: readonly Frame[],
  from: number,
  end: number,
  room: Room,
  { attacks }: Grid,
): Uint8Array[] {
  return frames.slice(from, end).map((frame, index) => {
    const given = new Uint8Array(128).fill(OFF), [lowest, above] = room(from + index);
    given.fill(0, Math.max(0, lowest), Math.min(128, above));
    for (const code of frames[from + index - 1] ?? []) {
      const pitch = pitchOf(code); // at its end, it must not seem to continue
      if (given[pitch] !== OFF) given[pitch] = attacks ? ENDS : OFF;
    }
    for (const code of frame) given[pitchOf(code)] = attacks && isHeld(code) ? STAYS : STRUCK;
    return given;
  });
}

/**
 * The highest removed note of each step, which must not return there: in a single voice, the plan
 * is so specific that mostly the same notes would be sampled again.
 */
function barTops(
  constraints: readonly Uint8Array[],
  goes: ReadonlySet<PlacedNote>,
  from: number,
): (readonly [frame: number, pitch: number])[] {
  const tops = new Map<number, number>();
  for (const { start, pitch } of goes) {
    tops.set(start - from, Math.max(pitch, tops.get(start - from) ?? 0));
  }
  return [...tops].filter(([frame, pitch]) => {
    const given = constraints[frame]!, isFree = given[pitch] === FREE || given[pitch] === ENDS;
    if (isFree) given[pitch] = OFF;
    return isFree;
  });
}
