import type { Scope } from "../recipe.ts";
import { mean } from "../../numbers.ts";
import { Random } from "../../random.ts";
import { stepsPerBeat } from "../../tokens/bars.ts";
import { type Frame, pitchOf } from "../../tokens/frame.ts";
import type { Grid } from "../../tokens/piece.ts";
import type { PlacedMusic, PlacedNote } from "../../tokens/placed.ts";

/** Refuses a track without notes of the file's piano. @throws {RangeError} */
export function checkScope(scope: Scope, { notes }: PlacedMusic, name: string): void {
  if (scope.kind !== "track") return;
  const tracks = [...new Set(notes.map(({ note: { track } }) => track))].sort((a, b) => a - b);
  if (tracks.includes(scope.track)) return;
  throw new RangeError(
    `Cannot change track ${scope.track} of ${name}: its piano is in ${
      tracks.length === 1 ? "track" : "tracks"
    } ${tracks.join(", ")} (from 0)`,
  );
}

/** Predicate for the gap's own notes to be removed. @param within these notes */
export function goesIn(
  scope: Scope,
  within: readonly PlacedNote[],
  placed: PlacedMusic,
  grid: Grid,
): (note: PlacedNote) => boolean {
  switch (scope.kind) {
    case "all":
      return () => true;
    case "above":
      return ({ pitch }) => pitch >= scope.pitch;
    case "below":
      return ({ pitch }) => pitch < scope.pitch;
    case "track":
      return ({ note }) => note.track === scope.track;
    case "share":
      return shareOf(within, scope, grid);
    case "melody": {
      const line = topLine(placed.notes);
      return (note) => !line.has(note);
    }
    case "accompaniment":
      return () => false;
  }
}

/**
 * Some beats of each part, in an order decided by the seed: those removed at a smaller distance
 * first.
 */
function shareOf(
  within: readonly PlacedNote[],
  { distance, seed }: { readonly distance: number; readonly seed: number },
  grid: Grid,
): (note: PlacedNote) => boolean {
  const beat = stepsPerBeat(grid);
  const groupOf = ({ note: { track, channel }, start }: PlacedNote) =>
    `${track} ${channel} ${Math.floor(start / beat)}`;
  const groups = new Random(seed).shuffle([...new Set(within.map(groupOf))]);
  const chosen = new Set(groups.slice(0, Math.round(distance * groups.length)));
  return (note) => chosen.has(groupOf(note));
}

/** Position of the fixed notes relative to the new ones; undefined: above and below. */
export function sideOf(
  scope: Scope,
  { notes }: PlacedMusic,
  goes: ReadonlySet<PlacedNote>,
): "top" | "bottom" | undefined {
  if (scope.kind === "above" || scope.kind === "accompaniment") return "bottom";
  if (scope.kind === "below" || scope.kind === "melody") return "top";
  if (scope.kind !== "track") return undefined;
  const others = notes.filter(({ note }) => note.track !== scope.track);
  if (others.length === 0) return undefined;
  const height = (some: Iterable<PlacedNote>) => mean(Array.from(some, ({ pitch }) => pitch), 0);
  return height(goes) >= height(others) ? "bottom" : "top";
}

/** Allowed pitch range of new notes per frame: the lowest pitch, and the first that is too high. */
export type Room = (frame: number) => readonly [lowest: number, end: number];

/** Semitones by which a track's new notes may exceed its range. */
const TRACK_MARGIN = 3;

/** Allowed pitch range of a scope's new notes. */
export function room(scope: Scope, placed: PlacedMusic, kept: readonly Frame[]): Room {
  switch (scope.kind) {
    case "above":
      return () => [scope.pitch, 128];
    case "below":
      return () => [0, scope.pitch];
    case "track": {
      const pitches = placed.notes.filter(({ note }) => note.track === scope.track)
        .map(({ pitch }) => pitch);
      const lowest = pitches.reduce((a, b) => Math.min(a, b), 127);
      const highest = pitches.reduce((a, b) => Math.max(a, b), 0);
      return () => [lowest - TRACK_MARGIN, highest + TRACK_MARGIN + 1];
    }
    case "melody": {
      const tops = topsOf(kept);
      return (frame) => [0, tops[frame]!];
    }
    case "accompaniment": {
      const tops = topsOf(kept);
      return (frame) => [tops[frame]! + 1, 128];
    }
    default:
      return () => [0, 128];
  }
}

/**
 * The highest pitch of each frame; of a silent one, that before it or, at the beginning, the next.
 */
function topsOf(frames: readonly Frame[]): number[] {
  let last = pitchOf(frames.find((frame) => frame.length > 0)?.at(-1) ?? 60);
  return frames.map((frame) => last = pitchOf(frame.at(-1) ?? last));
}

/** Semitones below the contour so far beyond which a note does not continue it, even at the top. */
const FURTHEST_BELOW = 10;

/** Rate at which the contour so far moves towards each of its notes. */
const MEMORY = 0.25;

/**
 * The melodic contour of some music: the highest of the notes struck or sounding together, except
 * notes far below the contour while it rests.
 * @param notes by start, then pitch
 */
export function topLine(notes: readonly PlacedNote[]): Set<PlacedNote> {
  const line = new Set<PlacedNote>();
  let sounding: PlacedNote[] = [], place: number | undefined;
  for (let at = 0; at < notes.length;) {
    const { start } = notes[at]!;
    let top = notes[at]!, next = at;
    for (; notes[next]?.start === start; next++) {
      if (notes[next]!.pitch >= top.pitch) top = notes[next]!;
    }
    sounding = sounding.filter(({ end }) => end > start);
    const covered = sounding.some(({ pitch }) => pitch > top.pitch);
    if (!covered && (place === undefined || top.pitch > place - FURTHEST_BELOW)) {
      line.add(top);
      place = place === undefined ? top.pitch : place + MEMORY * (top.pitch - place);
    }
    sounding.push(...notes.slice(at, next));
    at = next;
  }
  return line;
}
