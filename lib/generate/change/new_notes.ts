import type { CorpusStyle } from "../../corpus/corpus.ts";
import type { FileNote } from "../../midi/edit.ts";
import type { Music } from "../../midi/music.ts";
import { createTempoMap } from "../../midi/tempo.ts";
import { STAYS, STRUCK } from "../../model/model.ts";
import { mean, median } from "../../numbers.ts";
import { type Frame, pitchOf } from "../../tokens/frame.ts";
import { decodeFrames, type GridNote } from "../../tokens/grid.ts";
import type { Grid } from "../../tokens/piece.ts";
import type { PlacedMusic, PlacedNote } from "../../tokens/placed.ts";
import { applyTouch } from "../../touch/perform.ts";
import type { Prepared } from "./prepare.ts";
import type { Scope } from "../recipe.ts";

/** A track and channel of a file, with its notes near the gap. */
interface Hand {
  readonly track: number;
  readonly channel: number;
  /** Middle of its pitch range. */
  readonly middle: number;
  /** Mean velocity. */
  readonly velocity: number;
}

/** Settings for writing new notes. */
interface NewNotesSettings {
  readonly music: Music;
  readonly placed: PlacedMusic;
  readonly scope: Scope;
  readonly grid: Grid;
  /** See {@linkcode applyTouch}. */
  readonly touch: number;
  readonly style: Pick<CorpusStyle, "touch">;
  /**
   * Track for new notes where all of the file's notes are fixed; undefined: that of the fixed
   * notes.
   */
  readonly ownTrack?: number;
}

/** The notes of a filling without the fixed ones, on the grid, from the gap's first frame on. */
function newGridNotes(
  frames: readonly Frame[],
  constraints: readonly Uint8Array[],
  { attacks }: Grid,
): GridNote[] {
  const own = frames.map((frame, t) =>
    frame.filter((code) => {
      const given = constraints[t]![pitchOf(code)]!;
      return given !== STRUCK && given !== STAYS;
    })
  );
  return decodeFrames(own, attacks);
}

/**
 * The new notes of a filling as notes of the file: each in the track whose notes near the gap are
 * closest, with their loudness and the file's style of performance.
 */
export function newNotes(
  frames: readonly Frame[],
  prepared: Prepared,
  settings: NewNotesSettings,
): FileNote[] {
  const { placed, scope, grid, music, touch, style, ownTrack } = settings;
  const { kept, origin, from, end, constraints } = prepared;
  const added = newGridNotes(frames, constraints, grid)
    .map((note) => ({ ...note, start: note.start + from, end: note.end + from }));
  const hands = handsNear(placed, scope, origin + from, origin + end);
  const all = [
    ...decodeFrames(kept.frames, grid.attacks).map((note) => ({ note, isNew: false })),
    ...added.map((note) => ({ note, isNew: true })),
  ].sort((a, b) => a.note.start - b.note.start || a.note.pitch - b.note.pitch);
  const ticksAt = (step: number) => placed.ticksAt(step + origin);
  const { secondsAt } = createTempoMap(music);
  const played = applyTouch(all.map(({ note }) => note), {
    grid,
    metres: kept.metres,
    ticksAt,
    beatsPerMinute: beatsPerMinuteNear(secondsAt, ticksAt(from), ticksAt(end), music),
    ticksPerBeat: music.ticksPerBeat,
    velocity: LEVEL,
    strength: touch,
    style: style.touch,
    pedal: false,
  }).notes;
  return all.flatMap(({ note, isNew }, index) => {
    if (!isNew) return [];
    const hand = nearest(hands, note.pitch), { velocity, startTicks, endTicks } = played[index]!;
    const { channel } = hand, track = ownTrack ?? hand.track;
    const side = scope.kind === "melody" ? -SOFTER : scope.kind === "accompaniment" ? SOFTER : 0;
    const asLoud = Math.round(hand.velocity + velocity - LEVEL + side);
    const room = clipped(
      { startTicks, endTicks },
      note.pitch,
      channel,
      ticksAt(end),
      prepared,
      placed,
    );
    if (room.endTicks <= room.startTicks) return [];
    return [{
      ...room,
      pitch: note.pitch,
      velocity: Math.max(1, Math.min(127, asLoud)),
      track,
      channel,
    }];
  });
}

/** Velocity difference between a melody and its accompaniment, whichever of them is new. */
const SOFTER = 12;

/** Mean velocity requested from the performance model; each hand's own replaces it. */
const LEVEL = 64;

/**
 * Steps around a gap in which a hand's register and loudness are measured: four bars of four beats.
 */
const NEAR = 64;

function handsNear(placed: PlacedMusic, scope: Scope, from: number, end: number): Hand[] {
  const own = placed.notes.filter(({ note }) =>
    scope.kind !== "track" || note.track === scope.track
  );
  const near = own.filter(({ start }) => start >= from - NEAR && start < end + NEAR);
  const groups = new Map<string, PlacedNote[]>();
  for (const one of near.length > 0 ? near : own) {
    const key = `${one.note.track} ${one.note.channel}`;
    groups.set(key, [...groups.get(key) ?? [], one]);
  }
  return [...groups.values()].map((notes) => {
    const { track, channel } = notes[0]!.note;
    return {
      track,
      channel,
      middle: median(notes.map(({ pitch }) => pitch))!,
      velocity: mean(notes.map(({ note }) => note.velocity)),
    };
  });
}

function nearest(hands: readonly Hand[], pitch: number): Hand {
  return hands.reduce((best, hand) =>
    Math.abs(hand.middle - pitch) < Math.abs(best.middle - pitch) ? hand : best
  );
}

function beatsPerMinuteNear(
  secondsAt: (ticks: number) => number,
  from: number,
  end: number,
  { ticksPerBeat }: Music,
): number {
  return (end - from) / ticksPerBeat / (secondsAt(end) - secondsAt(from)) * 60;
}

/**
 * A note cut so that it overlaps no remaining note of its pitch and ends with the gap at the
 * latest.
 */
function clipped(
  { startTicks, endTicks }: { readonly startTicks: number; readonly endTicks: number },
  pitch: number,
  channel: number,
  last: number,
  { removed }: Prepared,
  { all }: PlacedMusic,
): { startTicks: number; endTicks: number } {
  let from = startTicks, end = Math.min(endTicks, last);
  for (const note of all) {
    if (note.pitch !== pitch || note.channel !== channel || removed.has(note)) continue;
    if (note.startTicks >= startTicks) end = Math.min(end, note.startTicks);
    else if (note.endTicks > from) from = note.endTicks;
  }
  return { startTicks: from, endTicks: end };
}

/** Number of distinct velocities near the gap from which music counts as played, not typed. */
const PLAYED = 8;

/** Default expressiveness of new notes: full beside played music, otherwise none. */
export function touchNear(placed: PlacedMusic, prepared: Prepared): number {
  const { origin, from, end } = prepared;
  const near = placed.notes.filter(({ start }) =>
    start >= origin + from - NEAR && start < origin + end + NEAR
  );
  return new Set(near.map(({ note }) => note.velocity)).size >= PLAYED ? 1 : 0;
}
