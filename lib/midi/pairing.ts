import { countBefore } from "../search.ts";
import { repaired, type Repairs } from "./repairs.ts";

/** A key goes down, or, with velocity 0, up. */
export interface KeyEvent {
  /** Ticks from the beginning of the music. */
  readonly ticks: number;
  /** 1 to 127 when the key is struck, 0 when it is let go. */
  readonly velocity: number;
  /** The programme of the channel at this moment; -1 where the track has set none. */
  readonly program: number;
}

/**
 * Makes notes of what happened to one key of one channel in one track, in the order of the file.
 *
 * - Two voices may hold the same key: each end belongs to the oldest note that is still open. The
 *   key then sounds until the last of them ends, whichever rule pairs them.
 * - An end without an open note is ignored.
 * - Once all notes are closed, nothing before can be in doubt. If at the end of the track some are
 *   open, then one since that moment was never let go, and the rule above would give each note the
 *   end of the next. So from there on, as on a real piano, striking a key ends its note before.
 * - What is open then ends where the channel's notes are all switched off, or with the music.
 * - A note of no length was meant to be heard, and lasts one tick.
 *
 * @param silences ticks at which all notes of the channel are switched off, rising
 * @param endOf where a note ends that is struck at a tick and never let go
 * @param add receives the notes by the tick at which they are struck
 */
export function pairKey(
  events: readonly KeyEvent[],
  silences: readonly number[],
  endOf: (ticks: number) => number,
  repairs: Repairs,
  add: (start: KeyEvent, endTicks: number) => void,
): void {
  const addNote = (start: KeyEvent, end: number) => {
    if (end === start.ticks) repaired(repairs, "instant");
    add(start, Math.max(end, start.ticks + 1));
  };

  let starts: KeyEvent[] = [];
  let ends: number[] = []; // of the first of `starts`
  let settled = 0; // events before this one are notes already
  events.forEach((event, i) => {
    if (event.velocity > 0) starts.push(event);
    else if (starts.length === 0) repaired(repairs, "orphans");
    else if (ends.push(event.ticks) === starts.length) {
      starts.forEach((start, note) => addNote(start, ends[note]!));
      starts = [];
      ends = [];
      settled = i + 1;
    }
  });
  if (starts.length === 0) return;

  const last = pairRestruck(events.slice(settled), repairs, addNote);
  if (last === undefined) return;
  const silence = firstFrom(silences, last.ticks);
  repaired(repairs, silence === undefined ? "stuck" : "silenced");
  addNote(last, silence ?? endOf(last.ticks));
}

/** Pairs events where a strike ends the note before it; returns the note that is left open. */
function pairRestruck(
  events: readonly KeyEvent[],
  repairs: Repairs,
  add: (start: KeyEvent, endTicks: number) => void,
): KeyEvent | undefined {
  let open: KeyEvent | undefined;
  let cutAt = -1; // where a strike ended a note whose own end may still come
  for (const event of events) {
    if (event.velocity > 0) {
      if (open?.ticks === event.ticks) {
        repaired(repairs, "doubled");
        if (event.velocity > open.velocity) open = event;
        continue;
      }
      if (open) {
        repaired(repairs, "restruck");
        add(open, event.ticks);
        cutAt = event.ticks;
      }
      open = event;
    } else if (open && !(event.ticks === open.ticks && event.ticks === cutAt)) {
      add(open, event.ticks);
      open = undefined;
    } else repaired(repairs, "orphans");
  }
  return open;
}

/** The first of rising numbers that is at least `bound`. */
function firstFrom(rising: readonly number[], bound: number): number | undefined {
  return rising[countBefore(rising.length, (i) => rising[i]! < bound)];
}
