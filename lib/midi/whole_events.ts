import type { TrackRange } from "./chunks.ts";
import { readEvents, type TrackEvent } from "./events.ts";
import type { Repairs } from "./repairs.ts";

/** An event as its bytes stand there. */
export interface WholeEvent extends Pick<TrackEvent, "ticks" | "delta" | "status"> {
  /** Its bytes, without the delta. */
  readonly bytes: Uint8Array;
  /** The delta's bytes. */
  readonly deltaBytes: Uint8Array;
  /** Whether running status says its status. */
  readonly running: boolean;
  /** What is struck, or, with velocity 0, let go; undefined for all other events. */
  readonly key?: { readonly channel: number; readonly pitch: number; readonly velocity: number };
}

/**
 * The events of a track that is as it should be, end mark included.
 * @throws {Error} if it is not: then its bytes cannot be told apart for certain
 */
export function wholeEvents(bytes: Uint8Array, range: TrackRange): WholeEvent[] {
  const damaged = () => new Error("a track of it is damaged");
  const events: TrackEvent[] = [], repairs: Repairs = new Map();
  const { position } = readEvents(bytes, range, repairs, (event) => events.push(event));
  if (repairs.size > 0 || position < range.end) throw damaged();
  return events.map(({ ticks, delta, start, body, status, data, end }) => {
    const kind = status >> 4, isKey = kind === 0x8 || kind === 0x9;
    const [pitch = 0, velocity = 0] = bytes.subarray(data, end);
    if (isKey && (pitch | velocity) > 127) throw damaged();
    return {
      ...{ ticks, delta, status },
      bytes: bytes.subarray(body, end),
      deltaBytes: bytes.subarray(start, body),
      running: data === body,
      ...(isKey
        ? { key: { channel: status & 15, pitch, velocity: kind === 0x9 ? velocity : 0 } }
        : {}),
    };
  });
}
