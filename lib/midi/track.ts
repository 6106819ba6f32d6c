import type { TrackRange } from "./chunks.ts";
import { symbolIn } from "./chord_symbols.ts";
import { addControl, type Controllers, noControllers } from "./controllers.ts";
import { readEvents, type TrackEnd } from "./events.ts";
import type { ChordSymbol, KeySignature, TempoChange, TimeSignature } from "./music.ts";
import type { KeyEvent } from "./pairing.ts";
import { repaired, type Repairs } from "./repairs.ts";
import { decodeText } from "./text.ts";

/** Contents of one track before its key events are paired into notes. */
export interface Track {
  /** Number in the file, from 0. */
  readonly number: number;
  /** The first name that the track gives itself, fit for display. */
  name?: string;
  /** Key events in the order of the file, by channel * 128 + pitch. */
  readonly keys: Map<number, KeyEvent[]>;
  /** The first programme of each channel. */
  readonly programs: Map<number, number>;
  /** Control changes, by channel. */
  readonly controllers: Map<number, Controllers>;
  /** Ticks at which all notes are switched off, by channel. */
  readonly silences: Map<number, number[]>;
  /** Tempo changes in file order. */
  readonly tempos: TempoChange[];
  /** Time signatures in file order. */
  readonly timeSignatures: TimeSignature[];
  /** Key signatures in file order. */
  readonly keySignatures: KeySignature[];
  /** Chord symbols in file order. */
  readonly chords: ChordSymbol[];
  /** Whether a text says that LilyPond wrote the file. */
  isLilyPond: boolean;
  /** Tick of the end mark, or of the last event. */
  endTicks: number;
}

const allSoundOff = 120;
const allNotesOff = 123; // and above: changes of mode, which switch all notes off, too

/**
 * Reads one track.
 * @param number its number in the file, from 0
 * @param baseTicks offset added to its ticks
 * @param count called for each event, and once more for each that begins a note
 */
export function readTrack(
  bytes: Uint8Array,
  range: TrackRange,
  { number, baseTicks, count }: {
    number: number;
    baseTicks: number;
    count: (unit: "events" | "notes") => void;
  },
  repairs: Repairs,
): { track: Track; end: TrackEnd } {
  const track = emptyTrack(number, baseTicks);
  const current: number[] = []; // programme of each channel
  /** A data byte, which has seven bits. */
  const inRange = (value: number): number => {
    if (value < 0x80) return value;
    repaired(repairs, "range");
    return 0x7f;
  };
  const end = readEvents(bytes, range, repairs, (event) => {
    count("events");
    const { status, data } = event, ticks = baseTicks + event.ticks;
    if (status === 0xff) {
      return readMeta(
        track,
        ticks,
        bytes[event.body + 1]!,
        bytes.subarray(data, event.end),
        repairs,
      );
    }
    if (status >= 0xf0) return;
    const kind = status >> 4, channel = status & 0x0f, first = bytes[data]!;
    const value = event.end - data === 2 ? inRange(bytes[data + 1]!) : 0;
    if (kind === 0x8 || kind === 0x9) {
      if (first >= 0x80) return repaired(repairs, "range"); // no key, and no telling which was meant
      const velocity = kind === 0x9 ? value : 0;
      if (velocity > 0) count("notes");
      const program = current[channel] ?? -1;
      append(track.keys, (channel << 7) | first, { ticks, velocity, program });
    } else if (kind === 0xb) {
      const controller = inRange(first);
      let own = track.controllers.get(channel);
      if (!own) track.controllers.set(channel, own = noControllers());
      addControl(own, ticks, controller, value);
      if (controller === allSoundOff || controller >= allNotesOff) {
        append(track.silences, channel, ticks);
      }
    } else if (kind === 0xc) {
      current[channel] = inRange(first);
      if (!track.programs.has(channel)) track.programs.set(channel, current[channel]);
    }
  });
  track.endTicks += end.ticks;
  return { track, end };
}

function emptyTrack(number: number, endTicks: number): Track {
  return {
    number,
    keys: new Map(),
    programs: new Map(),
    controllers: new Map(),
    silences: new Map(),
    tempos: [],
    timeSignatures: [],
    keySignatures: [],
    chords: [],
    isLilyPond: false,
    endTicks,
  };
}

function readMeta(
  track: Track,
  ticks: number,
  type: number,
  data: Uint8Array,
  repairs: Repairs,
): void {
  const [first = 0, second = 0, third = 0] = data;
  if (type === 0x03) track.name ??= decodeText(data);
  else if (type === 0x01) track.isLilyPond ||= decodeText(data).startsWith("LilyPond ");
  else if (type === 0x51) {
    const microsecondsPerBeat = (first << 16) | (second << 8) | third;
    if (data.length < 3 || microsecondsPerBeat === 0) repaired(repairs, "meta");
    else track.tempos.push({ ticks, microsecondsPerBeat });
  } else if (type === 0x58) {
    if (data.length < 2 || first === 0 || second > 6) repaired(repairs, "meta");
    else track.timeSignatures.push({ ticks, numerator: first, denominator: 1 << second });
  } else if (type === 0x59) {
    const fifths = first << 24 >> 24; // a signed byte
    if (data.length < 2 || Math.abs(fifths) > 7 || second > 1) repaired(repairs, "key");
    else track.keySignatures.push({ ticks, fifths, mode: second === 1 ? "minor" : "major" });
  } else if (type === 0x7f) {
    const symbol = symbolIn(data);
    if (symbol !== undefined) track.chords.push({ ticks, symbol });
  }
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
