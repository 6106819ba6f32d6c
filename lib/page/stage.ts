import type { Voice } from "./hands.ts";
import type { ToPlayer } from "./worker.ts";

/** The player whose turn it is: nobody's before the first note and after an end. */
export type Turn = "nobody" | "person" | "model";

/** Dependencies of a duet on the page. Times are in seconds of one clock. */
export interface Stage {
  now(): number;
  send(message: ToPlayer): void;
  strike(who: "person" | "model", pitch: number, velocity: number, at: number): Voice;
  /** Called when something displayed has changed. */
  changed(): void;
}

/** User settings of a duet. */
export interface DuetSettings {
  readonly boldness: -1 | 0 | 1;
  /** Similarity of answers to the phrase, 0 to 1. */
  readonly follow: number;
  /** Factor by which answers are slower than the phrase. */
  readonly slower: number;
  /** Chords of answers, one per bar; empty: none. */
  readonly chords: string;
  /** Steps per bar; undefined: estimated from the notes. */
  readonly stepsPerBar: number | undefined;
  readonly seed: number;
}
