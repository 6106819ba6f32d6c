import type { Note } from "../../lib/midi/music.ts";
import { readMidi } from "../../lib/midi/read.ts";
import { type PianoOutput, writeMidi } from "../../lib/midi/write.ts";
import { Random } from "../../lib/random.ts";
import { randomPiece, some } from "./music.ts";

/** One input to try. */
export interface FuzzInput {
  /** Description of how it was made. */
  readonly kind: string;
  /** Bytes of a MIDI file, possibly damaged. */
  readonly bytes: Uint8Array;
  /** Music that it was written from, if that must be read back exactly. */
  readonly written?: PianoOutput;
}

/**
 * Makes input number `index`: the same for the same seed, index and good files.
 *
 * @param good files that a reader reads; at least one
 */
export function makeInput(seed: number, index: number, good: readonly Uint8Array[]): FuzzInput {
  const random = new Random(seed * 2 ** 32 + index);
  const [kind, make] = kinds[index % kinds.length]!;
  const made = make(random, good);
  return made instanceof Uint8Array ? { kind, bytes: made } : { kind, ...made };
}

type Make = (
  random: Random,
  good: readonly Uint8Array[],
) => Uint8Array | { bytes: Uint8Array; written: PianoOutput };

const kinds: readonly (readonly [string, Make])[] = [
  ["bits", (random, good) => {
    const bytes = some(good, random).slice();
    for (let left = 1 + random.below(16); left > 0; left--) {
      bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
    }
    return bytes;
  }],
  ["bytes", (random, good) => {
    const bytes = some(good, random).slice();
    for (let left = 1 + random.below(8); left > 0; left--) {
      bytes[random.below(bytes.length)] = some(telling, random);
    }
    return bytes;
  }],
  ["lengths", (random, good) => {
    const bytes = some(good, random).slice();
    const chunks = chunkStarts(bytes);
    for (let left = 1 + random.below(3); left > 0; left--) {
      const at = some(chunks, random) + 4 + random.below(4);
      bytes[at] = random.below(2) ? random.below(256) : some(telling, random);
    }
    return bytes;
  }],
  ["header", (random, good) => {
    const bytes = some(good, random).slice();
    const at = 8 + random.below(6);
    bytes[at] = random.below(2) ? random.below(256) : some(telling, random);
    return bytes;
  }],
  ["cut", (random, good) => {
    const bytes = some(good, random);
    return bytes.slice(0, random.below(bytes.length));
  }],
  ["insert", (random, good) => {
    const bytes = some(good, random);
    const at = random.below(bytes.length);
    return join(
      bytes.subarray(0, at),
      randomBytes(random, 1 + random.below(20)),
      bytes.subarray(at),
    );
  }],
  ["delete", (random, good) => {
    const bytes = some(good, random);
    const at = random.below(bytes.length);
    return join(bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(20)));
  }],
  ["splice", (random, good) => {
    const head = some(good, random);
    const tail = some(good, random);
    return join(
      head.subarray(0, random.below(head.length)),
      tail.subarray(random.below(tail.length)),
    );
  }],
  ["chunks", (random, good) => {
    const chunks = [...chunksOf(some(good, random)), ...chunksOf(some(good, random))];
    chunks.push(randomBytes(random, random.below(30)), eventStream(random, 40));
    const head = chunks.shift()!;
    return join(head, ...random.shuffle(chunks).slice(0, 1 + random.below(chunks.length)));
  }],
  ["events", (random, good) => shakenEvents(random, some(good, random))],
  ["stream", (random) => {
    const tracks = Array.from({ length: random.below(5) }, () => eventStream(random, 400));
    const header = [0, random.below(4), random.below(3), tracks.length, random.below(256)];
    return join(id("MThd", 6), Uint8Array.of(...header, random.below(256)), ...tracks);
  }],
  ["noise", (random) => join(id("MThd", 6), randomBytes(random, random.below(600)))],
  ["music", (random) => {
    const written = randomPiece(random);
    return { bytes: writeMidi(written), written };
  }],
];

/** Boundary values of a byte in a MIDI file. */
const telling = [0, 1, 0x2f, 0x51, 0x58, 0x7f, 0x80, 0x81, 0x90, 0xb0, 0xf0, 0xf7, 0xfe, 0xff];

/** A track of random, mostly valid events, with the correct length. */
function eventStream(random: Random, mostEvents: number): Uint8Array {
  const events = Array.from({ length: random.below(mostEvents) }, () => randomEvent(random));
  const body = Uint8Array.from([...events.flat(), ...random.below(4) ? [0, 0xff, 0x2f, 0] : []]);
  return join(id("MTrk", body.length), body);
}

function randomEvent(random: Random): number[] {
  const delta = random.below(3)
    ? [random.below(100)]
    : [0x80 | random.below(128), random.below(128)];
  const status = 0x80 | random.below(128);
  const data = () => random.below(random.below(50) ? 128 : 256);
  const rest = Array.from({ length: random.below(6) }, data);
  switch (random.below(8)) {
    case 0:
      return [...delta, status, data(), data()];
    case 1:
      return [...delta, 0xff, random.below(128), rest.length, ...rest];
    case 2:
      return [...delta, 0xff, some([3, 0x51, 0x58], random), rest.length, ...rest];
    case 3:
      return [...delta, some([0xf0, 0xf7], random), rest.length, ...rest];
    case 4:
      return [...delta, 0xb0, some([64, 120, 121, 123, 127], random), data()];
    default: // a note of few channels and keys, so that some meet
      return [
        ...delta,
        (random.below(2) ? 0x90 : 0x80) | random.below(3),
        60 + random.below(4),
        data(),
      ];
  }
}

/** Events of a good file's notes, some of them lost, duplicated, moved or on another key. */
function shakenEvents(random: Random, good: Uint8Array): Uint8Array {
  const { ticksPerBeat, parts } = readMidi(good);
  const rate = some([5, 50, 500], random);
  const tracks = parts.slice(0, 20).map(({ channel, notes }) => {
    const strikes = notes.slice(0, 300).flatMap((
      { pitch, velocity, startTicks, endTicks }: Note,
    ) => [
      [startTicks, 0x90 | channel, pitch, velocity],
      [endTicks, 0x80 | channel, pitch, 0],
    ]);
    const shaken = strikes.sort((a, b) => a[0]! - b[0]!).flatMap((event) => {
      if (random.below(rate)) return [event];
      const [ticks = 0, status = 0, pitch = 0, velocity = 0] = event;
      const other = [ticks + random.below(200), status, pitch, random.below(128)];
      return some([[], [event, event], [other], [event, other], [[
        ticks,
        status,
        127 - pitch,
        velocity,
      ]]], random);
    });
    let last = 0;
    const body = shaken.sort((a, b) => a[0]! - b[0]!).flatMap(([ticks = 0, ...bytes]) => {
      const delta = Math.min(ticks - last, 0x3fff);
      last = ticks;
      return [0x80 | (delta >> 7), delta & 127, ...bytes];
    });
    return join(id("MTrk", body.length), Uint8Array.from(body));
  });
  const division = Math.max(1, Math.floor(ticksPerBeat)) & 0x7fff;
  const header = Uint8Array.of(0, 1, 0, tracks.length, division >> 8, division & 255);
  return join(id("MThd", 6), header, ...tracks);
}

/** Offsets of the chunks of a good file. */
function chunkStarts(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const starts: number[] = [];
  for (let at = 0; at + 8 <= bytes.length; at += 8 + view.getUint32(at + 4)) starts.push(at);
  return starts;
}

function chunksOf(bytes: Uint8Array): Uint8Array[] {
  const starts = chunkStarts(bytes);
  return starts.map((start, i) => bytes.subarray(start, starts[i + 1]));
}

function id(text: string, length: number): Uint8Array {
  const bytes = new Uint8Array(8);
  bytes.set(new TextEncoder().encode(text));
  new DataView(bytes.buffer).setUint32(4, length);
  return bytes;
}

function join(...arrays: Uint8Array[]): Uint8Array {
  return Uint8Array.from(arrays.flatMap((array) => [...array]));
}

function randomBytes(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.below(256));
}
