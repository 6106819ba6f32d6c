import type { TrackRange } from "./chunks.ts";
import { readEvents, type TrackEvent } from "./events.ts";
import type { Repairs } from "./repairs.ts";

/** An event with its raw bytes. */
export interface WholeEvent extends Pick<TrackEvent, "ticks" | "delta" | "status"> {
  /** Bytes without the delta time. */
  readonly bytes: Uint8Array;
  /** Bytes of the delta time. */
  readonly deltaBytes: Uint8Array;
  /** Whether the status byte is omitted (running status). */
  readonly running: boolean;
  /** Key pressed, or released where the velocity is 0; undefined for all other events. */
  readonly key?: { readonly channel: number; readonly pitch: number; readonly velocity: number };
}

/**
 * Reads the events of a well-formed track, end mark included.
 * @throws {Error} if it is malformed: its bytes can then not be told apart for certain
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
