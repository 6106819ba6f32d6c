import { endsTrack, type TrackRange } from "./chunks.ts";
import { repaired, type Repairs } from "./repairs.ts";

/** Receives the events of a track that matter here, in the order of the file. */
export interface TrackListener {
  /** Called first for an event of any kind; may throw to read no further. */
  event(): void;
  /** A key is struck, or, with velocity 0, let go. */
  key(ticks: number, channel: number, pitch: number, velocity: number): void;
  /** A controller moves to a value of 0 to 127. */
  control(ticks: number, channel: number, controller: number, value: number): void;
  /** A channel takes another programme, 0 to 127. */
  program(ticks: number, channel: number, program: number): void;
  /** 1 to 16,777,215 microseconds per quarter note. */
  tempo(ticks: number, microsecondsPerBeat: number): void;
  /** The denominator is a power of two, 1 to 64. */
  timeSignature(ticks: number, numerator: number, denominator: number): void;
  /** The text that names the track, as it stands in the file. */
  name(text: Uint8Array): void;
}

/** Where reading a track came to an end. */
export interface TrackEnd {
  /** Ticks at the end of the track. */
  readonly ticks: number;
  /** Position after the last byte that was read. */
  readonly position: number;
}

/**
 * Reads the events of a track up to its end mark, the end of its bytes, or damage that hides where
 * the next event begins. What a sequencer would play is read: running status goes on over meta and
 * system-exclusive events, and messages that belong on a wire only are passed over.
 */
export function readEvents(
  bytes: Uint8Array,
  range: TrackRange,
  listener: TrackListener,
  repairs: Repairs,
): TrackEnd {
  const { end } = range;
  let position = range.start;
  let ticks = 0;
  let status = 0; // of the last channel message

  /** A number of up to four bytes with seven bits each; -1 when it is cut off, -2 when longer. */
  const variable = (): number => {
    let value = 0;
    for (let i = 0; i < 4; i++) {
      if (position >= end) return -1;
      const byte = bytes[position++]!;
      value = (value << 7) | (byte & 0x7f);
      if (byte < 0x80) return value;
    }
    return -2;
  };
  /** A data byte, which has seven bits. */
  const inRange = (value: number): number => {
    if (value < 0x80) return value;
    repaired(repairs, "range");
    return 0x7f;
  };
  const stop = (why: "cut" | "damaged" | "noEnd" | undefined): TrackEnd => {
    if (why) repaired(repairs, why);
    return { ticks, position };
  };

  while (position < end) {
    const delta = variable();
    if (delta < 0) return stop(delta === -1 ? "cut" : "damaged");
    if (position >= end) return stop("cut");
    listener.event();
    ticks += delta;
    const first = bytes[position]!;

    if (first < 0xf0) {
      if (first >= 0x80) {
        status = first;
        position++;
      } else if (status === 0) return stop("damaged");
      const kind = status >> 4;
      const size = kind === 0xc || kind === 0xd ? 1 : 2;
      if (position + size > end) return stop("cut");
      const channel = status & 0x0f;
      const data = bytes[position]!;
      const value = size === 2 ? inRange(bytes[position + 1]!) : 0;
      position += size;
      if (kind === 0x8 || kind === 0x9) {
        if (data < 0x80) listener.key(ticks, channel, data, kind === 0x9 ? value : 0);
        else repaired(repairs, "range"); // there is no such key, and no telling which was meant
      } else if (kind === 0xb) listener.control(ticks, channel, inRange(data), value);
      else if (kind === 0xc) listener.program(ticks, channel, inRange(data));
      continue;
    }

    position++;
    if (first === 0xff || first === 0xf0 || first === 0xf7) {
      if (first === 0xff && position >= end) return stop("cut");
      const type = first === 0xff ? bytes[position++]! : -1;
      const size = variable();
      if (size === -2) return stop("damaged");
      if (size < 0 || position + size > end) return stop("cut");
      const data = bytes.subarray(position, position + size);
      position += size;
      if (type === 0x2f) {
        if (position >= end || !endsTrack(bytes, end)) return stop(undefined);
        repaired(repairs, "earlyEnd"); // the track's length leads on to another end mark
      } else if (type === 0x03) listener.name(data);
      else if (type === 0x51) readTempo(ticks, data, listener, repairs);
      else if (type === 0x58) readTimeSignature(ticks, data, listener, repairs);
    } else {
      repaired(repairs, "system");
      position += first === 0xf2 ? 2 : first === 0xf1 || first === 0xf3 ? 1 : 0;
    }
  }
  position = end; // a wire message may have pointed beyond
  return stop("noEnd");
}

function readTempo(
  ticks: number,
  data: Uint8Array,
  listener: TrackListener,
  repairs: Repairs,
): void {
  const [high = 0, middle = 0, low = 0] = data;
  const microsecondsPerBeat = (high << 16) | (middle << 8) | low;
  if (data.length < 3 || microsecondsPerBeat === 0) repaired(repairs, "meta");
  else listener.tempo(ticks, microsecondsPerBeat);
}

function readTimeSignature(
  ticks: number,
  data: Uint8Array,
  listener: TrackListener,
  repairs: Repairs,
): void {
  const [numerator = 0, power = 0] = data;
  if (data.length < 2 || numerator === 0 || power > 6) repaired(repairs, "meta");
  else listener.timeSignature(ticks, numerator, 1 << power);
}
