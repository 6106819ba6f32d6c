import { concatenated } from "../numbers.ts";
import { nextTrack, readHeader, riffData } from "./chunks.ts";
import {
  eventOfSymbol,
  eventsOfNote,
  isChordSymbol,
  LAST,
  type Placed,
  STANDS,
} from "./edit_events.ts";
import type { ChordSymbol, Music, Note } from "./music.ts";
import { readMidi } from "./read.ts";
import type { Repairs } from "./repairs.ts";
import { type WholeEvent, wholeEvents } from "./whole_events.ts";
import { bigEndian, text, trackChunk, variable } from "./write.ts";

/** A note of a file with its track, channel and programme. */
export interface FileNote extends Note {
  /** Track number, from 0; one more than the last for a track that is to be added. */
  readonly track: number;
  /** 0 to 15. */
  readonly channel: number;
  /** Programme, 0 to 127; undefined for a new note, which takes its channel's. */
  readonly program?: number;
}

/** Changes to a file's notes. */
interface NoteChanges {
  /** Notes to remove, as returned by {@linkcode notesOf}. */
  readonly removed: ReadonlySet<FileNote>;
  /** Notes to add; none may overlap another of its pitch and channel. */
  readonly added: readonly FileNote[];
  /** Name of an added track. */
  readonly trackName?: string;
  /** Chord symbols, by `ticks`, in place of the file's own; none: these stay. */
  readonly chords?: readonly ChordSymbol[];
}

/** All notes of some music with their tracks and channels, in order of the parts. */
export function notesOf({ parts }: Music): FileNote[] {
  return parts.flatMap(({ track, channel, program, notes }) =>
    notes.map((note) => ({ ...note, track, channel, program }))
  );
}

/**
 * Removes notes from a MIDI file and adds others, and replaces its chord symbols. All other events keep their bytes and their
 * ticks; without a change the bytes are the same.
 * @param bytes the file
 * @param all its notes, by {@linkcode notesOf}
 * @throws {Error} with the reason if the file is damaged, so that its events cannot be told apart
 */
export function changeNotes(
  bytes: Uint8Array,
  all: readonly FileNote[],
  changes: NoteChanges,
): Uint8Array {
  const { removed, added, chords = [] } = changes;
  if (removed.size === 0 && added.length === 0 && chords.length === 0) return bytes;
  const result = inContainer(bytes, (file) => changed(file, all, changes));
  verify(bytes, result, all.filter((note) => !removed.has(note)).concat(added));
  return result;
}

/**
 * Checks that the notes of a MIDI file can be changed while everything else is preserved.
 * @throws {Error} with the reason if they cannot
 */
export function checkChangeable(bytes: Uint8Array): void {
  inContainer(bytes, (file) => changed(file, [], { removed: new Set(), added: [] }));
}

/**
 * Applies a change to the MIDI file in a RIFF container (.rmi), updating its sizes; or to a plain
 * file.
 */
function inContainer(bytes: Uint8Array, change: (file: Uint8Array) => Uint8Array): Uint8Array {
  const found = riffData(bytes);
  if (!found) return change(bytes);
  const { start, end } = found, file = change(bytes.slice(start, end));
  const padded = (size: number) => size + size % 2;
  const result = concatenated([
    bytes.slice(0, start),
    file,
    new Uint8Array(padded(file.length) - file.length),
    bytes.slice(Math.min(bytes.length, start + padded(end - start))),
  ]);
  const view = new DataView(result.buffer);
  view.setUint32(start - 4, file.length, true);
  view.setUint32(4, view.getUint32(4, true) + padded(file.length) - padded(end - start), true);
  return result;
}

function changed(
  bytes: Uint8Array,
  all: readonly FileNote[],
  { removed, added, trackName = "", chords = [] }: NoteChanges,
): Uint8Array {
  const repairs: Repairs = new Map(), header = readHeader(bytes, repairs);
  if (header.format === 2) throw new Error("its tracks are separate pieces (format 2)");
  const pieces: Uint8Array[] = [bytes.slice(0, header.end)];
  let position = header.end, track = 0;
  for (let range = nextTrack(bytes, position, repairs); range; track++) {
    const events = wholeEvents(bytes, range);
    const [notes, own] = [all, added].map((each) => each.filter((note) => note.track === track));
    const old = new Set(chords.length > 0 ? events.filter(isChordSymbol) : []);
    const symbols = track === 0 ? chords : [];
    const written = changeTrack(events, notes!, { removed, added: own! }, { old, symbols });
    pieces.push(
      bytes.slice(position, range.start - 4),
      ...(written
        ? [Uint8Array.from(bigEndian(written.length, 4)), written]
        : [bytes.slice(range.start - 4, range.end)]),
    );
    position = range.end;
    range = nextTrack(bytes, position, repairs);
  }
  const beyond = added.filter((note) => note.track >= track);
  if (beyond.length > 0) {
    if (header.format === 0) throw new Error("a file of format 0 has one track only");
    pieces[0]!.set(bigEndian(track + 1, 2), header.start + 10);
    pieces.push(newTrack(beyond, trackName));
  }
  pieces.push(bytes.slice(position)); // data that other programs append after the tracks
  return concatenated(pieces);
}

/**
 * Bytes of a track's events after the changes; undefined if there are none.
 * @param old chord symbols to be removed, and `symbols` to be added
 */
function changeTrack(
  events: readonly WholeEvent[],
  notes: readonly FileNote[],
  { removed, added }: NoteChanges,
  { old, symbols }: {
    readonly old: ReadonlySet<WholeEvent>;
    readonly symbols: readonly ChordSymbol[];
  },
): Uint8Array | undefined {
  const gone = notes.filter((note) => removed.has(note));
  if ([gone, added, [...old], symbols].every(({ length }) => length === 0)) return undefined;
  const { out, anew } = eventsToRemove(events, gone);
  const again = notes.filter((note) => !removed.has(note) && anew.has(keyOf(note)));
  const placed = events.flatMap((event, index): Placed[] =>
    out.has(index) || old.has(event)
      ? []
      : [{ ticks: event.ticks, rank: index === events.length - 1 ? LAST : STANDS, event }]
  ).concat([...again, ...added].flatMap(eventsOfNote), symbols.map(eventOfSymbol));
  const end = placed.reduce((last, { ticks }) => Math.max(last, ticks), 0);
  const order = (one: Placed) => one.rank === LAST ? end : one.ticks;
  placed.sort((a, b) => order(a) - order(b) || a.rank - b.rank); // stable: the rest as it was
  return written(placed.map((one) => ({ ...one, ticks: order(one) })));
}

/**
 * Events that make up the removed notes. Where the notes of a key are not all paired in order of
 * onset, all of that key's events are removed, and the notes that stay are written anew.
 */
function eventsToRemove(
  events: readonly WholeEvent[],
  gone: readonly FileNote[],
): { out: Set<number>; anew: Set<number> } {
  const out = new Set<number>(), anew = new Set<number>();
  for (const [key, notes] of Map.groupBy(gone, keyOf)) {
    const own = events.flatMap(({ key: struck }, index) =>
      struck && keyOf(struck) === key ? [index] : []
    );
    const open: number[] = [], pairs: [number, number][] = [];
    let regular = true;
    for (const index of own) {
      if (events[index]!.key!.velocity > 0) open.push(index);
      else if (open.length > 0) pairs.push([open.shift()!, index]);
      else regular = false;
    }
    const found = notes.map(({ startTicks, endTicks, velocity }) =>
      pairs.find(([on, off]) =>
        events[on]!.ticks === startTicks && events[off]!.ticks === endTicks &&
        events[on]!.key!.velocity === velocity && !out.has(on) && (out.add(on), out.add(off))
      )
    );
    if (regular && open.length === 0 && !found.includes(undefined)) continue;
    anew.add(key);
    for (const index of own) out.add(index);
  }
  return { out, anew };
}

function keyOf({ channel, pitch }: Pick<FileNote, "channel" | "pitch">): number {
  return (channel << 7) | pitch;
}

/** Serialised events, each with its own bytes as far as running status allows. */
function written(placed: readonly Placed[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let last = 0, status = 0;
  for (const { ticks, event } of placed) {
    const delta = ticks - last;
    parts.push(
      event.deltaBytes && event.delta === delta
        ? event.deltaBytes
        : Uint8Array.from(variable(delta)),
    );
    if (event.running && status !== event.status) parts.push(Uint8Array.of(event.status));
    parts.push(event.bytes);
    if (event.status < 0xf0) status = event.status;
    last = ticks;
  }
  return concatenated(parts);
}

function newTrack(notes: readonly FileNote[], name: string): Uint8Array {
  const events = notes.flatMap(eventsOfNote).sort((a, b) => a.ticks - b.ticks || a.rank - b.rank)
    .map(({ ticks, event }) => ({ ticks, bytes: event.bytes }));
  const title = { ticks: 0, bytes: text(0x03, name) };
  return Uint8Array.from(trackChunk([title, ...events], events.at(-1)!.ticks));
}

/** Reads the result back: only the notes may differ. @throws {Error} if anything else does */
function verify(before: Uint8Array, after: Uint8Array, wanted: readonly FileNote[]): void {
  const [was, is] = [readMidi(before), readMidi(after)];
  const told = (notes: readonly FileNote[]) =>
    notes.map((n) => [n.track, n.channel, n.pitch, n.startTicks, n.endTicks, n.velocity].join())
      .sort().join(";");
  const rest = ({ ticksPerBeat, tempos, timeSignatures }: Music) =>
    JSON.stringify({ ticksPerBeat, tempos, timeSignatures });
  if (told(notesOf(is)) === told(wanted) && rest(was) === rest(is)) return;
  throw new Error("its notes overlap in a way that leaves no room for others");
}
