import type { Framed } from "../tokens/piece.ts";
import type { AnswerNote } from "./engine.ts";
import type { Voice } from "./hands.ts";
import { beatAt, type HeardPhrase } from "./phrase.ts";
import type { SessionAnswer, SessionNote } from "./session.ts";
import type { FromPlayer } from "./worker.ts";

/** What is known of an answer before its notes. */
export interface Announced extends Pick<HeardPhrase, "pulse" | "due" | "past"> {
  readonly key: string;
  /** Steps of the answer. */
  readonly steps: number;
}

/** A note of the model's that is to sound, or does. */
interface Planned {
  readonly note: SessionNote;
  readonly voice: Voice;
}

/** What comes later than this, in seconds, is late. */
const LATE = 0.005;

/** The model's part: an answer that is drawn ahead, and its notes once it is to be heard. */
export class Part {
  readonly id: number;
  readonly version: number;
  readonly slower: number;
  heard: Announced | undefined;
  frames: Framed["frames"] = [];
  made: SessionAnswer | undefined;
  /** Bars that are there. */
  readonly bars: (readonly AnswerNote[])[] = [];
  #planned: Planned[] = [];

  /**
   * @param id of the question that it answers
   * @param version of the phrase that it answers
   * @param slower how many times as slow as the phrase it is played
   */
  constructor(id: number, version: number, slower: number) {
    this.id = id;
    this.version = version;
    this.slower = slower;
  }

  /** Notes that are to sound or did. */
  get planned(): readonly SessionNote[] {
    return this.#planned.map(({ note }) => note);
  }

  /** Seconds of a step as it is played. */
  get step(): number {
    return this.heard ? this.heard.pulse.step * this.slower : 0;
  }

  /** When it is over, in seconds. */
  get end(): number {
    return this.heard ? this.heard.due + this.heard.steps * this.step : Infinity;
  }

  /** Takes what the worker says of it. */
  take(message: Extract<FromPlayer, { kind: "heard" | "bar" | "answered" }>): void {
    if (message.kind === "heard") this.heard = message;
    else if (message.kind === "bar") this.bars.push(message.notes);
    else {
      this.frames = message.frames;
      this.made = { recipe: message.recipe, midi: message.midi };
    }
  }

  /** Begins with the first beat from a moment on; never later than it was to. */
  bringForward(earliest: number): void {
    if (!this.heard) return;
    const due = Math.min(this.heard.due, beatAt(this.heard.pulse, earliest));
    this.heard = { ...this.heard, due };
  }

  /** Waits for the next beat if it is too late for its own. */
  putOff(earliest: number): void {
    const { due, pulse } = this.heard!, beat = pulse.step * pulse.stepsPerBeat;
    const missed = Math.max(0, Math.ceil((earliest - due) / beat));
    this.heard = { ...this.heard!, due: due + missed * beat };
  }

  /** Lets bars sound. @returns how many of their notes come too late */
  play(
    bars: readonly (readonly AnswerNote[])[],
    now: number,
    strike: (pitch: number, velocity: number, at: number) => Voice,
  ): number {
    let late = 0;
    for (const { pitch, start, end, velocity } of bars.flat()) {
      const at = this.heard!.due + start * this.step, until = this.heard!.due + end * this.step;
      if (at < now - LATE) late++;
      const voice = strike(pitch, velocity, at);
      voice.stop(until);
      this.#planned.push({ note: { who: "model", pitch, start: at, end: until, velocity }, voice });
    }
    return late;
  }

  /** Falls silent. */
  stop(at: number): void {
    for (const { voice } of this.#planned) voice.stop(at);
  }

  /** What sounded up to a moment. */
  sounded(until: number): SessionNote[] {
    return this.planned.filter(({ start }) => start < until)
      .map((note) => ({ ...note, end: Math.min(note.end, until) }));
  }
}
