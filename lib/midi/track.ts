import type { TrackRange } from "./chunks.ts";
import { readEvents, type TrackEnd } from "./events.ts";
import { type PedalChange, SUSTAIN_PEDAL, type TempoChange, type TimeSignature } from "./music.ts";
import type { KeyEvent } from "./pairing.ts";
import type { Repairs } from "./repairs.ts";
import { decodeText } from "./text.ts";

/** What one track of a file holds, before its key events are made into notes. */
export interface Track {
  /** Number in the file, from 0. */
  readonly number: number;
  /** Fit to be shown; the first that the track gives itself. */
  name?: string;
  /** Key events in the order of the file, by channel * 128 + pitch. */
  readonly keys: Map<number, KeyEvent[]>;
  /** The first programme of each channel. */
  readonly programs: Map<number, number>;
  /** Each position of the sustain pedal, by channel. */
  readonly pedal: Map<number, PedalChange[]>;
  /** Ticks at which all notes are switched off, by channel. */
  readonly silences: Map<number, number[]>;
  /** In the order of the file. */
  readonly tempos: TempoChange[];
  /** In the order of the file. */
  readonly timeSignatures: TimeSignature[];
  /** Ticks at its end mark, or at its last event. */
  endTicks: number;
}

const allSoundOff = 120;
const allNotesOff = 123; // and above: changes of mode, which switch all notes off, too

/**
 * Reads one track.
 * @param number its number in the file, from 0
 * @param baseTicks what to add to its ticks
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
  const track: Track = {
    number,
    keys: new Map(),
    programs: new Map(),
    pedal: new Map(),
    silences: new Map(),
    tempos: [],
    timeSignatures: [],
    endTicks: baseTicks,
  };
  const current: number[] = []; // programme of each channel
  const end = readEvents(bytes, range, {
    event: () => count("events"),
    key(ticks, channel, pitch, velocity) {
      if (velocity > 0) count("notes");
      const event = { ticks: baseTicks + ticks, velocity, program: current[channel] ?? -1 };
      append(track.keys, (channel << 7) | pitch, event);
    },
    control(ticks, channel, controller, value) {
      const at = baseTicks + ticks;
      if (controller === SUSTAIN_PEDAL) {
        append(track.pedal, channel, { ticks: at, down: value >= 64 });
      } else if (controller === allSoundOff || controller >= allNotesOff) {
        append(track.silences, channel, at);
      }
    },
    program(_, channel, program) {
      current[channel] = program;
      if (!track.programs.has(channel)) track.programs.set(channel, program);
    },
    tempo: (ticks, microsecondsPerBeat) =>
      track.tempos.push({ ticks: baseTicks + ticks, microsecondsPerBeat }),
    timeSignature: (ticks, numerator, denominator) =>
      track.timeSignatures.push({ ticks: baseTicks + ticks, numerator, denominator }),
    name: (text) => track.name ??= decodeText(text),
  }, repairs);
  track.endTicks += end.ticks;
  return { track, end };
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
