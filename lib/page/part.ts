import type { Framed } from "../tokens/piece.ts";
import type { AnswerBar } from "./engine.ts";
import type { Voice } from "./hands.ts";
import type { Effort } from "./pace.ts";
import { beatAt, type HeardPhrase } from "./phrase.ts";
import { SOONEST } from "./phrase_end.ts";
import type { SessionAnswer, SessionNote } from "./session.ts";
import type { FromPlayer, HearMessage } from "./worker.ts";

/** Properties of an answer known before its notes. */
interface Announced extends Pick<HeardPhrase, "pulse" | "due" | "past"> {
  readonly key: string;
  /** Number of steps in the answer. */
  readonly steps: number;
  readonly effort: Effort;
}

/** A scheduled or sounding note of the model. */
interface Planned {
  readonly note: SessionNote;
  readonly voice: Voice;
}

/** Delay in seconds beyond which a note is late. */
const LATE = 0.005;

/** The model's part: an answer sampled ahead, and its notes once they are due. */
export class Part {
  readonly request: HearMessage;
  readonly version: number;
  heard: Announced | undefined;
  frames: Framed["frames"] = [];
  made: SessionAnswer | undefined;
  /** Bars available so far. */
  readonly bars: Pick<AnswerBar, "from" | "notes">[] = [];
  #planned: Planned[] = [];
  /** Seconds by which the bars still to be scheduled come later than the first one would have it. */
  #delay = 0;
  #played = 0;

  /** @param version version of the answered phrase */
  constructor(request: HearMessage, version: number) {
    this.request = request;
    this.version = version;
  }

  get id(): number {
    return this.request.id;
  }

  /** Factor by which it is slower than the phrase. */
  get slower(): number {
    return this.request.slower;
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
    return this.heard ? this.#timeOf(this.heard.steps) : Infinity;
  }

  /** Whether it has been played up to its end. */
  isOver(now: number): boolean {
    return this.made !== undefined && this.#played === this.bars.length && now >= this.end;
  }

  /** Number of its steps that have begun; undefined before its first one. */
  stepsAt(moment: number): number | undefined {
    if (!this.heard || moment < this.heard.due) return undefined;
    return Math.floor((moment - this.#timeOf(0)) / this.step);
  }

  #timeOf(step: number): number {
    return this.heard!.due + this.#delay + step * this.step;
  }

  /** Handles a message from the worker about this answer. */
  take(message: Extract<FromPlayer, { kind: "heard" | "bar" | "answered" }>): void {
    if (message.kind === "answered") {
      this.made = { recipe: message.recipe, midi: message.midi };
    } else if (message.kind === "heard") this.heard ??= message;
    else if (message.from === this.frames.length) { // made again, it is the same
      this.bars.push(message);
      this.frames = [...this.frames, ...message.frames];
    }
  }

  /** Moves the start to the first beat from a given time on; never later than scheduled. */
  bringForward(earliest: number): void {
    if (!this.heard) return;
    const due = Math.min(this.heard.due, beatAt(this.heard.pulse, earliest));
    this.heard = { ...this.heard, due };
  }

  /** Moves a bar, and all after it, to the next beat if it is too late for its own. */
  #putOff(from: number, earliest: number): void {
    const { due, pulse } = this.heard!, beat = pulse.step * pulse.stepsPerBeat;
    const missed = beat * Math.max(0, Math.ceil((earliest - this.#timeOf(from)) / beat));
    if (from === 0) this.heard = { ...this.heard!, due: due + missed };
    else this.#delay += missed;
  }

  /**
   * Schedules the bars that are not scheduled yet; one that is late waits for a beat.
   * @returns the number of their notes that come too late
   */
  play(
    now: number,
    strike: (pitch: number, velocity: number, at: number) => Voice,
  ): number {
    let late = 0;
    const bars = this.bars.slice(this.#played);
    this.#played = this.bars.length;
    for (const { from, notes } of bars) {
      this.#putOff(from, now + SOONEST / 3);
      for (const { pitch, start, end, velocity } of notes) {
        const at = this.#timeOf(start), until = this.#timeOf(end);
        if (at < now - LATE) late++;
        const voice = strike(pitch, velocity, at);
        voice.stop(until);
        const note = { who: "model", pitch, start: at, end: until, velocity } as const;
        this.#planned.push({ note, voice });
      }
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
