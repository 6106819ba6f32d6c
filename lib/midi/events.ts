import { endsTrack, type TrackRange } from "./chunks.ts";
import { repaired, type Repairs } from "./repairs.ts";

/** An event of a track, with its position in the file. */
export interface TrackEvent {
  /** Ticks from the beginning of the track. */
  readonly ticks: number;
  /** Delta time: ticks since the previous event. */
  readonly delta: number;
  /** Position of the delta time, with which the event begins. */
  readonly start: number;
  /** Position after the delta time. */
  readonly body: number;
  /** Status byte, explicit or from running status. */
  readonly status: number;
  /** Position of the data: after the status, or after the length that follows it. */
  readonly data: number;
  /** Position after the event's last byte. */
  readonly end: number;
}

/** Point at which reading a track ended. */
export interface TrackEnd {
  /** Ticks at the end of the track. */
  readonly ticks: number;
  /** Position after the last byte read. */
  readonly position: number;
}

/**
 * Reads the events of a track up to its end mark, the end of its bytes, or damage that hides where
 * the next event begins. It reads what a sequencer would play: running status persists across meta
 * and system-exclusive events, and messages that belong only on a wire are skipped.
 * @param onEvent called for each event in the order of the file; may throw to read no further
 */
export function readEvents(
  bytes: Uint8Array,
  range: TrackRange,
  repairs: Repairs,
  onEvent: (event: TrackEvent) => void,
): TrackEnd {
  const { end } = range;
  let position = range.start;
  let ticks = 0;
  let running = 0; // status of the last channel message

  /** Variable-length quantity of up to four bytes, seven bits each; -1 if cut off, -2 if longer. */
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
  const stop = (why: "cut" | "damaged" | "noEnd" | undefined): TrackEnd => {
    if (why) repaired(repairs, why);
    return { ticks, position };
  };

  while (position < end) {
    const start = position, delta = variable(), body = position;
    if (delta < 0) return stop(delta === -1 ? "cut" : "damaged");
    if (position >= end) return stop("cut");
    ticks += delta;
    const first = bytes[position]!, status = first < 0x80 ? running : first;
    if (status === 0) return stop("damaged");
    if (first >= 0x80) position++;
    let size = 0; // of the data
    if (status < 0xf0) {
      running = status;
      size = (status & 0xe0) === 0xc0 ? 1 : 2; // 0xc0 and 0xd0: a programme, or pressure on a channel
    } else if (status === 0xff || status === 0xf0 || status === 0xf7) {
      if (status === 0xff && position < end) position++; // its type
      size = variable();
      if (size < 0) return stop(size === -1 ? "cut" : "damaged");
    } else {
      repaired(repairs, "system");
      const usual = status === 0xf2 ? 2 : status === 0xf1 || status === 0xf3 ? 1 : 0;
      size = Math.min(usual, end - position);
    }
    if (position + size > end) return stop("cut");
    const data = position;
    position += size;
    onEvent({ ticks, delta, start, body, status, data, end: position });
    if (status !== 0xff || bytes[body + 1] !== 0x2f) continue;
    if (position >= end || !endsTrack(bytes, end)) return stop(undefined);
    repaired(repairs, "earlyEnd"); // the track's length reaches to another end mark
  }
  return stop("noEnd");
}
