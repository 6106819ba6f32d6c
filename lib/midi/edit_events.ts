import { chordEvent, symbolIn } from "./chord_symbols.ts";
import type { ChordSymbol, Note } from "./music.ts";
import type { WholeEvent } from "./whole_events.ts";

/** An event to be written, with a rank that orders events of one tick. */
export interface Placed {
  readonly ticks: number;
  readonly rank: number;
  readonly event: Pick<WholeEvent, "bytes" | "status" | "running"> & Partial<WholeEvent>;
}

/** Ranks within one tick: note ends, existing events, note onsets, end of track. */
export const ENDS = 0, STANDS = 1, BEGINS = 2, LAST = 3;

/** The events of a note. */
export function eventsOfNote(note: Note & { readonly channel: number }): Placed[] {
  const event = (kind: number, velocity: number) => {
    const status = kind | note.channel;
    return { bytes: Uint8Array.of(status, note.pitch, velocity), status, running: false };
  };
  return [
    { ticks: note.startTicks, rank: BEGINS, event: event(0x90, note.velocity) },
    { ticks: note.endTicks, rank: ENDS, event: event(0x80, 64) },
  ];
}

/** The event of a chord symbol. */
export function eventOfSymbol({ ticks, symbol }: ChordSymbol): Placed {
  const bytes = Uint8Array.from(chordEvent(symbol));
  return { ticks, rank: STANDS, event: { bytes, status: bytes[0]!, running: false } };
}

/** Whether an event is a chord symbol. */
export function isChordSymbol({ status, bytes }: WholeEvent): boolean {
  return status === 0xff && bytes[1] === 0x7f && symbolIn(bytes.subarray(3)) !== undefined;
}
