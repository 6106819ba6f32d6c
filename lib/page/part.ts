import type { Framed } from "../tokens/piece.ts";
import type { AnswerNote } from "./engine.ts";
import type { Voice } from "./hands.ts";
import { beatAt, type HeardPhrase } from "./phrase.ts";
import type { BarLine, Session, SessionAnswer, SessionNote } from "./session.ts";
import type { FromPlayer } from "./worker.ts";

/** Properties of an answer known before its notes. */
export interface Announced extends Pick<HeardPhrase, "pulse" | "due" | "past"> {
  readonly key: string;
  /** Number of steps in the answer. */
  readonly steps: number;
}

/** A scheduled or sounding note of the model. */
interface Planned {
  readonly note: SessionNote;
  readonly voice: Voice;
}

/** Delay in seconds beyond which a note is late. */
const LATE = 0.005;

/** The model's part: an answer sampled ahead, and its notes once it is to be played. */
export class Part {
  readonly id: number;
  readonly version: number;
  readonly slower: number;
  heard: Announced | undefined;
  frames: Framed["frames"] = [];
  made: SessionAnswer | undefined;
  /** Bars available so far. */
  readonly bars: (readonly AnswerNote[])[] = [];
  #planned: Planned[] = [];

  /**
   * @param id identifier of the answered request
   * @param version version of the answered phrase
   * @param slower factor by which it is slower than the phrase
   */
  constructor(id: number, version: number, slower: number) {
    this.id = id;
    this.version = version;
    this.slower = slower;
  }

  /** Scheduled and past notes. */
  get planned(): readonly SessionNote[] {
    return this.#planned.map(({ note }) => note);
  }

  /** Duration of a step in seconds, as played. */
  get step(): number {
    return this.heard ? this.heard.pulse.step * this.slower : 0;
  }

  /** End time in seconds. */
  get end(): number {
    return this.heard ? this.heard.due + this.heard.steps * this.step : Infinity;
  }

  /** Handles a message from the worker about this answer. */
  take(message: Extract<FromPlayer, { kind: "heard" | "bar" | "answered" }>): void {
    if (message.kind === "heard") this.heard = message;
    else if (message.kind === "bar") this.bars.push(message.notes);
    else {
      this.frames = message.frames;
      this.made = { recipe: message.recipe, midi: message.midi };
    }
  }

  /** Moves the start to the first beat from a given time on; never later than scheduled. */
  bringForward(earliest: number): void {
    if (!this.heard) return;
    const due = Math.min(this.heard.due, beatAt(this.heard.pulse, earliest));
    this.heard = { ...this.heard, due };
  }

  /** Moves the start to the next beat if it is too late for its own. */
  putOff(earliest: number): void {
    const { due, pulse } = this.heard!, beat = pulse.step * pulse.stepsPerBeat;
    const missed = Math.max(0, Math.ceil((earliest - due) / beat));
    this.heard = { ...this.heard!, due: due + missed * beat };
  }

  /** Schedules bars. @returns the number of their notes that come too late */
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

  /** Silences the part. */
  stop(at: number): void {
    for (const { voice } of this.#planned) voice.stop(at);
  }

  /** Notes sounded up to a given time. */
  sounded(until: number): SessionNote[] {
    return this.planned.filter(({ start }) => start < until)
      .map((note) => ({ ...note, end: Math.min(note.end, until) }));
  }
}

/** A session with the part played up to a given time, its bar lines, and its answer if complete. */
export function withPart(
  session: Session,
  part: Part,
  until: number,
  made: SessionAnswer | undefined,
): Session {
  const sounded = part.sounded(until), { heard } = part;
  if (!heard || sounded.length === 0) return session;
  const { origin, step, stepsPerBar, stepsPerQuarter } = heard.pulse;
  const line = (at: number, slower: number): BarLine => ({
    at,
    quarter: step * slower * stepsPerQuarter,
    quartersPerBar: Math.round(stepsPerBar / stepsPerQuarter),
  });
  const lines = [line(origin, 1), line(heard.due, part.slower)];
  return {
    notes: [...session.notes, ...sounded],
    lines: [...session.lines, ...lines].sort((a, b) => a.at - b.at),
    answers: made ? [...session.answers, made] : session.answers,
  };
}
