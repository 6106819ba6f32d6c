import { countBefore } from "../search.ts";
import { repaired, type Repairs } from "./repairs.ts";

/** A key press, or a release where the velocity is 0. */
export interface KeyEvent {
  /** Ticks from the beginning of the music. */
  readonly ticks: number;
  /** Velocity, 1 to 127 for a press and 0 for a release. */
  readonly velocity: number;
  /** The programme of the channel at this moment; -1 where the track has set none. */
  readonly program: number;
}

/**
 * Pairs the note-on and note-off events of one key of one channel in one track, in file order.
 *
 * - Two voices may hold the same key: each end belongs to the oldest note that is still open. The
 *   key then sounds until the last of them ends, whichever rule pairs them.
 * - An end without an open note is ignored.
 * - Once all notes are closed, the pairing up to there is certain. If some are open at the end of
 *   the track, then one note since that moment was never released, and the rule above would give
 *   each note the end of the next. So from there on, as on a real piano, striking a key ends its
 *   previous note.
 * - Notes still open end where all the channel's notes are switched off, or with the music.
 * - A note of zero length was meant to be heard, and lasts one tick.
 *
 * @param silences ticks at which all notes of the channel are switched off, rising
 * @param endOf end of a note struck at a given tick and never released
 * @param add receives the notes in order of onset
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
  let ends: number[] = []; // ends of the first of `starts`
  let settled = 0; // number of events already paired
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

/** Pairs events so that each onset ends the previous note; returns the note left open. */
function pairRestruck(
  events: readonly KeyEvent[],
  repairs: Repairs,
  add: (start: KeyEvent, endTicks: number) => void,
): KeyEvent | undefined {
  let open: KeyEvent | undefined;
  let cutAt = -1; // onset that cut off a note whose own end may still come
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

/** The first of some ascending numbers that is at least `bound`. */
function firstFrom(rising: readonly number[], bound: number): number | undefined {
  return rising[countBefore(rising.length, (i) => rising[i]! < bound)];
}
