import type { TrackRange } from "./chunks.ts";

/** An event of a track as its bytes stand there. */
export interface TrackEvent {
  /** Ticks from the track's beginning. */
  readonly ticks: number;
  /** Ticks since the event before. */
  readonly delta: number;
  /** Its bytes, without the delta. */
  readonly bytes: Uint8Array;
  /** The delta's bytes. */
  readonly deltaBytes: Uint8Array;
  /** Its first byte, said or from running status. */
  readonly status: number;
  /** Whether running status says it. */
  readonly running: boolean;
  /** What is struck, or, with velocity 0, let go; undefined for all other events. */
  readonly key?: { readonly channel: number; readonly pitch: number; readonly velocity: number };
  /** Whether it ends the track. */
  readonly isEnd: boolean;
}

/**
 * The events of a track that is as it should be, end mark included.
 * @throws {Error} if it is not: then its bytes cannot be told apart for certain
 */
export function trackEvents(bytes: Uint8Array, { start, end }: TrackRange): TrackEvent[] {
  const damaged = () => new Error("a track of it is damaged");
  const events: TrackEvent[] = [];
  let position = start, ticks = 0, status = 0;
  const variable = (): number => {
    for (let value = 0, i = 0; i < 4; i++) {
      if (position >= end) break;
      const byte = bytes[position++]!;
      value = (value << 7) | (byte & 0x7f);
      if (byte < 0x80) return value;
    }
    throw damaged();
  };
  while (position < end) {
    const from = position, delta = variable(), body = position;
    ticks += delta;
    const first = bytes[position] ?? 0;
    let running = false, isEnd = false, own = first;
    if (first < 0xf0) {
      running = first < 0x80;
      if (!running) {
        status = first;
        position++;
      }
      if (status === 0) throw damaged();
      position += (status >> 4) === 0xc || (status >> 4) === 0xd ? 1 : 2;
      own = status;
    } else if (first === 0xff || first === 0xf0 || first === 0xf7) {
      isEnd = first === 0xff && bytes[position + 1] === 0x2f;
      position += first === 0xff ? 2 : 1;
      const size = variable();
      position += size;
    } else throw damaged(); // messages that belong on a wire only
    if (position > end) throw damaged();
    const event = bytes.subarray(body, position),
      [pitch = 0, velocity = 0] = event.subarray(running ? 0 : 1);
    const kind = own >> 4, isKey = kind === 0x8 || kind === 0x9;
    if (isKey && (pitch | velocity) > 127) throw damaged();
    events.push({
      ticks,
      delta,
      bytes: event,
      deltaBytes: bytes.subarray(from, body),
      status: own,
      running,
      isEnd,
      ...(isKey
        ? { key: { channel: own & 15, pitch, velocity: kind === 0x9 ? velocity : 0 } }
        : {}),
    });
    if (isEnd && position < end) throw damaged();
  }
  if (!events.at(-1)?.isEnd) throw damaged();
  return events;
}
