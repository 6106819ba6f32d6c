import type { PlayedNote } from "../midi/music.ts";
import { type Signature, usualSignature } from "../midi/metre.ts";
import { bigEndian, midiFile, text, timeSignatureBytes, type TrackEvent } from "../midi/write.ts";

/** The players. */
const PLAYERS = ["person", "model"] as const;

/** One of the players. */
export type Who = (typeof PLAYERS)[number];

/** A note of a session, in seconds. */
export interface SessionNote extends PlayedNote {
  readonly who: Who;
}

/** A known bar line in seconds, and the length of the bars from there on. */
interface BarLine {
  readonly at: number;
  /** Seconds per quarter note, and quarter notes per bar. */
  readonly quarter: number;
  readonly quartersPerBar: number;
  /** Time signature. Default: the usual one of a bar of this length. */
  readonly signature?: Signature;
}

/** An answer with its recipe. */
export interface SessionAnswer {
  readonly recipe: object;
  readonly midi: Uint8Array;
}

/** The session: all music played in a page. */
export interface Session {
  readonly notes: readonly SessionNote[];
  /** Sorted by time. */
  readonly lines: readonly BarLine[];
  readonly answers: readonly SessionAnswer[];
}

export const EMPTY_SESSION: Session = { notes: [], lines: [], answers: [] };

/** A session shifted in time, so that its last note ends at a given time. */
export function endingAt(session: Session, moment: number): Session {
  const end = session.notes.reduce((last, note) => Math.max(last, note.end), -Infinity);
  if (end === -Infinity) return session;
  const by = moment - end;
  return {
    ...session,
    notes: session.notes.map((note) => ({ ...note, start: note.start + by, end: note.end + by })),
    lines: session.lines.map((line) => ({ ...line, at: line.at + by })),
  };
}

const TICKS = 480;

/**
 * A session as a MIDI file of format 1: tempo and metre, then a track for each player. Known bar
 * lines are bar lines of the file; between two of them the tempo is chosen such that whole bars
 * fit.
 */
export function sessionMidi({ notes, lines }: Pick<Session, "notes" | "lines">): Uint8Array {
  const first = notes.reduce((least, { start }) => Math.min(least, start), Infinity);
  const known = lines.length > 0
    ? lines
    : [{ at: Number.isFinite(first) ? first : 0, quarter: 0.5, quartersPerBar: 4 }];
  const marks = marksOf(known, first);
  const ticksAt = (seconds: number) => {
    const { at, ticks, quarter } = marks.findLast((mark) => mark.at <= seconds) ?? marks[0]!;
    return Math.max(0, Math.round(ticks + (seconds - at) / quarter * TICKS));
  };
  let current = "";
  const tempo = marks.flatMap(({ ticks, quarter, quartersPerBar, signature }): TrackEvent[] => {
    const written = signature ?? usualSignature(quartersPerBar), before = current;
    current = written.join("/");
    const microseconds = Math.min(0xffffff, Math.round(quarter * 1e6));
    return [
      { ticks, bytes: [0xff, 0x51, 3, ...bigEndian(microseconds, 3)] },
      ...(current === before ? [] : [{ ticks, bytes: timeSignatureBytes(written) }]),
    ];
  });
  const last = notes.reduce((most, { end }) => Math.max(most, ticksAt(end)), 0);
  return midiFile(TICKS, [
    [{ ticks: 0, bytes: text(0x03, "Duet") }, ...tempo],
    ...PLAYERS.map((who, channel) => [
      { ticks: 0, bytes: text(0x03, who === "person" ? "You" : "Model") },
      { ticks: 0, bytes: [0xc0 | channel, 0] },
      ...eventsOf(notes.filter((note) => note.who === who), channel, ticksAt),
    ]),
  ], last);
}

interface Mark extends BarLine {
  readonly ticks: number;
}

/** Positions of known bar lines in the file; the first one leaves room for the preceding music. */
function marksOf(lines: readonly BarLine[], first: number): Mark[] {
  const { at, quarter, quartersPerBar } = lines[0]!, bar = quarter * quartersPerBar;
  const before = Math.max(0, Math.ceil((at - first) / bar - 1e-6));
  const marks: Mark[] = [{ ...lines[0]!, at: at - before * bar, ticks: 0 }];
  for (const line of lines.slice(1)) {
    const last = marks.at(-1)!, length = line.at - last.at;
    if (length < last.quarter / 2) continue;
    const bars = Math.max(1, Math.round(length / (last.quarter * last.quartersPerBar)));
    const quarter = length / bars / last.quartersPerBar;
    marks[marks.length - 1] = { ...last, quarter };
    marks.push({ ...line, ticks: last.ticks + bars * last.quartersPerBar * TICKS });
  }
  return marks;
}

/** Events of a track; a key struck while it sounds is released before. */
function eventsOf(
  notes: readonly SessionNote[],
  channel: number,
  ticksAt: (seconds: number) => number,
): TrackEvent[] {
  const events: { ticks: number; bytes: number[] }[] = [];
  const lastOff = new Map<number, { ticks: number }>();
  for (const { pitch, start, end, velocity } of notes.toSorted((a, b) => a.start - b.start)) {
    const on = ticksAt(start), before = lastOff.get(pitch);
    if (before && before.ticks > on) before.ticks = on;
    const off = { ticks: Math.max(on + 1, ticksAt(end)), bytes: [0x80 | channel, pitch, 64] };
    events.push({ ticks: on, bytes: [0x90 | channel, pitch, velocity] }, off);
    lastOff.set(pitch, off);
  }
  return events.sort((a, b) => a.ticks - b.ticks || a.bytes[0]! - b.bytes[0]!);
}
