import { chordEvent } from "./chord_symbols.ts";
import type { Signature } from "./metre.ts";
import { type Music, type Note, type Part, SUSTAIN_PEDAL, type TimeSignature } from "./music.ts";
import { cleanText } from "./text.ts";

/** Music for one piano, as input of {@linkcode writeMidi}. */
export interface PianoOutput {
  /** Notes in any order; those of one pitch must not overlap. */
  readonly notes: readonly Note[];
  /** Ticks per quarter note, 1 to 32,767. */
  readonly ticksPerBeat: number;
  /** Quarter notes per minute, about 3.6 to 60,000,000; kept to a microsecond per beat. */
  readonly beatsPerMinute: number;
  /** Numerator 1 to 255, denominator a power of two up to 64. */
  readonly timeSignature: { readonly numerator: number; readonly denominator: number };
  /** Later time signatures, by `ticks`. Default: none. */
  readonly timeSignatureChanges?: Music["timeSignatures"];
  /** Later tempos, by `ticks`. Default: none. */
  readonly tempoChanges?: Music["tempos"];
  /** Changes of the sustain pedal, by `ticks`. Default: none. */
  readonly pedal?: Part["pedal"];
  /** Chord symbols, by `ticks`. Default: none. */
  readonly chords?: NonNullable<Music["chords"]>;
  /** Name of the piece; control characters are left out. */
  readonly name: string;
  /** End of the music in ticks, when later than its last note. */
  readonly endTicks?: number;
}

/**
 * Writes a MIDI file of format 1: a track with name, tempo, metre and chord symbols, and one with a piano
 * (programme 0, channel 0). At each tick notes end before others begin, lower pitches first, so the
 * same music gives the same bytes.
 *
 * Why not `@tonejs/midi`: its writer copies all it has for each longer pause, which takes 18
 * seconds at 20,000 notes; it cannot end a track later than its last note, and garbles names beyond
 * Latin-1. Tests hold that its reader finds the same notes in what is written here.
 *
 * @throws {RangeError} when a value has no place in a MIDI file, or notes of a pitch overlap
 * @example
 * ```ts
 * import { readMidi, writeMidi } from "../../mod.ts";
 * const notes = [60, 64, 67].map((pitch) => ({
 *   ...{ pitch, velocity: 80, startTicks: 0, endTicks: 96 },
 * }));
 * const timeSignature = { numerator: 4, denominator: 4 };
 * const bytes = writeMidi({ notes, ticksPerBeat: 96, beatsPerMinute: 90, timeSignature, name: "C" });
 * console.log(readMidi(bytes).parts[0]?.notes);
 * ```
 */
export function writeMidi(output: PianoOutput): Uint8Array {
  check(output);
  const timeSignatures = timeSignaturesOf(output);
  const microseconds = Math.round(60e6 / output.beatsPerMinute);
  const { tempoChanges = [], pedal = [], chords = [] } = output;
  const changes = [timeSignatures, tempoChanges, pedal, chords].map((each) =>
    each.at(-1)?.ticks ?? 0
  );
  const endTicks = output.notes.reduce(
    (last, note) => Math.max(last, note.endTicks),
    Math.max(output.endTicks ?? 0, ...changes),
  );
  const piano = output.notes.flatMap(({ pitch, velocity, startTicks, endTicks }) => [
    { ticks: startTicks, bytes: [0x90, pitch, velocity] },
    { ticks: endTicks, bytes: [0x80, pitch, 64] }, // 64 where no release velocity was measured
  ]);
  for (const { ticks, down } of pedal) {
    piano.push({ ticks, bytes: [0xb0, SUSTAIN_PEDAL, down ? 127 : 0] });
  }
  // 0x80 before 0x90: what ends at a tick makes room for what begins there
  piano.sort((a, b) => a.ticks - b.ticks || a.bytes[0]! - b.bytes[0]! || a.bytes[1]! - b.bytes[1]!);
  return midiFile(output.ticksPerBeat, [
    [
      { ticks: 0, bytes: text(0x03, output.name) },
      { ticks: 0, bytes: [0xff, 0x51, 3, ...bigEndian(microseconds, 3)] },
      ...[
        ...timeSignatures.map(({ ticks, numerator, denominator }): TrackEvent => ({
          ticks,
          bytes: timeSignatureBytes([numerator, denominator]),
        })),
        ...tempoChanges.map(({ ticks, microsecondsPerBeat }): TrackEvent => ({
          ticks,
          bytes: [0xff, 0x51, 3, ...bigEndian(microsecondsPerBeat, 3)],
        })),
        ...chords.map(({ ticks, symbol }): TrackEvent => ({ ticks, bytes: chordEvent(symbol) })),
      ].sort((a, b) => a.ticks - b.ticks),
    ],
    [
      { ticks: 0, bytes: text(0x03, "Piano") },
      { ticks: 0, bytes: [0xc0, 0] },
      ...piano,
    ],
  ], endTicks);
}

/**
 * Encodes a MIDI file of format 1.
 * @param tracks events of each track, by ticks
 * @param endTicks end of all tracks
 */
export function midiFile(
  ticksPerBeat: number,
  tracks: readonly (readonly TrackEvent[])[],
  endTicks: number,
): Uint8Array {
  const header = [0, 1, ...bigEndian(tracks.length, 2), ...bigEndian(ticksPerBeat, 2)];
  return new Uint8Array([
    ...chunk("MThd", header),
    ...tracks.flatMap((events) => trackChunk(events, endTicks)),
  ]);
}

function timeSignaturesOf(
  { timeSignature, timeSignatureChanges = [] }: PianoOutput,
): TimeSignature[] {
  return [{ ticks: 0, ...timeSignature }, ...timeSignatureChanges];
}

/** An event of a track: its time, and its bytes without the delta time. */
export interface TrackEvent {
  /** Ticks from the beginning. */
  readonly ticks: number;
  readonly bytes: Iterable<number>;
}

/** Track chunk of events, by ticks, with its end mark at `endTicks`. */
export function trackChunk(events: readonly TrackEvent[], endTicks: number): number[] {
  const body: number[] = [];
  let last = 0;
  for (const { ticks, bytes } of [...events, { ticks: endTicks, bytes: [0xff, 0x2f, 0] }]) {
    body.push(...variable(ticks - last), ...bytes);
    last = ticks;
  }
  return chunk("MTrk", body);
}

function chunk(id: string, body: readonly number[]): number[] {
  return [...new TextEncoder().encode(id), ...bigEndian(body.length, 4), ...body];
}

/** Meta event with a type and a text, control characters left out. */
export function text(type: number, content: string): number[] {
  const bytes = new TextEncoder().encode(cleanText(content));
  return [0xff, type, ...variable(bytes.length), ...bytes];
}

/**
 * Meta event of a time signature. Its last two bytes say that 24 MIDI clocks and 8 thirty-second
 * notes are a quarter note.
 * @param signature with a denominator that is a power of two
 */
export function timeSignatureBytes([numerator, denominator]: Signature): number[] {
  return [0xff, 0x58, 4, numerator, Math.log2(denominator), 24, 8];
}

/**
 * Variable-length quantity: a number below 2^28 as one to four bytes, with the top bit set on all
 * but the last.
 */
export function variable(value: number): number[] {
  const bytes = [value & 127];
  for (let rest = value >> 7; rest > 0; rest >>= 7) bytes.unshift((rest & 127) | 128);
  return bytes;
}

/** Big-endian number of `size` bytes. */
export function bigEndian(value: number, size: number): number[] {
  return Array.from({ length: size }, (_, i) => (value >>> (8 * (size - 1 - i))) & 255);
}

const longestTicks = 2 ** 28 - 1; // a pause has at most 28 bits

function check(output: PianoOutput): void {
  const { ticksPerBeat, beatsPerMinute, endTicks = 0 } = output;
  inRange("ticksPerBeat", ticksPerBeat, 1, 0x7fff);
  inRange("microseconds per beat", Math.round(60e6 / beatsPerMinute), 1, 0xffffff);
  const rising = (what: string, changes: readonly { readonly ticks: number }[]) => {
    changes.forEach(({ ticks }, i) =>
      inRange(`ticks of ${what}`, ticks, changes[i - 1]?.ticks ?? 0, longestTicks)
    );
  };
  const { tempoChanges = [], pedal = [], chords = [] } = output,
    timeSignatures = timeSignaturesOf(output);
  rising("a time signature", timeSignatures);
  for (const { numerator, denominator } of timeSignatures) {
    inRange("numerator", numerator, 1, 255);
    inRange("the denominator's power of two", Math.log2(denominator), 0, 6);
  }
  rising("a tempo", tempoChanges);
  for (const { microsecondsPerBeat } of tempoChanges) {
    inRange("microseconds per beat", microsecondsPerBeat, 1, 0xffffff);
  }
  rising("the pedal", pedal);
  rising("a chord symbol", chords);
  inRange("endTicks", endTicks, 0, longestTicks);
  const free = new Float64Array(128); // tick from which each key is free
  for (const note of [...output.notes].sort((a, b) => a.startTicks - b.startTicks)) {
    inRange("pitch", note.pitch, 0, 127);
    inRange("velocity", note.velocity, 1, 127);
    inRange("startTicks", note.startTicks, 0, longestTicks);
    inRange("endTicks of a note", note.endTicks, note.startTicks + 1, longestTicks);
    if (note.startTicks < free[note.pitch]!) {
      throw new RangeError(
        `Cannot write MIDI: two notes of pitch ${note.pitch} overlap at tick ${note.startTicks}; ` +
          "end the first before the second begins",
      );
    }
    free[note.pitch] = note.endTicks;
  }
}

function inRange(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new RangeError(
    `Cannot write MIDI: ${name} is ${value}, needed a whole number from ${least} to ${most}`,
  );
}
