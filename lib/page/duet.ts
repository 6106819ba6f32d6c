import type { Framed } from "../tokens/piece.ts";
import { Hands, type Voice } from "./hands.ts";
import { Part } from "./part.ts";
import { withAnswer } from "./phrase.ts";
import type { Pulse, TempoPrior } from "./pulse.ts";
import {
  EMPTY_SESSION,
  endingAt,
  type Session,
  type SessionAnswer,
  type SessionNote,
} from "./session.ts";
import type { FromPlayer, ToPlayer } from "./worker.ts";

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
  boldness: -1 | 0 | 1;
  /** Similarity of answers to the phrase, 0 to 1. */
  follow: number;
  /** Factor by which answers are slower than the phrase. */
  slower: number;
  /** Steps per bar; undefined: estimated from the notes. */
  stepsPerBar: number | undefined;
  seed: number;
}

/** Silence that ends a phrase: a beat, limited to this range in seconds. */
const PAUSE = { least: 0.35, most: 1.2 } as const;

/** Pauses of silence needed under a held pedal. */
const PEDAL_PAUSES = 3;

/** Shortest delay of an answer after a hand-over, in seconds. */
const SOONEST = 0.06;

/**
 * Least bars of a phrase, and age of its last note as a share of a bar, for it to end at a bar
 * line.
 */
const FULL_PHRASE = { bars: 2, share: 0.35 } as const;

/** Spread of a tempo estimate before the first phrase, after one, and after a correction. */
const SPREAD = { first: 0.25, later: 0.08, corrected: 0.05 } as const;

/**
 * Interval in seconds between answers sampled ahead, where no beat is known; at most twice that.
 */
const AHEAD = 0.4;

/** Longest wait in seconds for an answer before another one is requested. */
const LONGEST_WAIT = 4;

/** Seconds before its resumption at which a saved session ends. */
const KEPT_BEFORE = 2;

const NOTHING: Framed = { frames: [], metres: [] };

/** A duet of two players who take turns at one piano. */
export class Duet {
  readonly settings: DuetSettings;
  session: Session = EMPTY_SESSION;
  turn: Turn = "nobody";
  /** The latest estimates of pulse and key. */
  pulse: Pulse | undefined;
  key: string | undefined;
  /** Number of notes of answers that came too late to be played in time. */
  late = 0;
  /** Milliseconds from each hand-over to the first bar of the answer. */
  readonly waits: number[] = [];
  readonly #stage: Stage;
  readonly #hands: Hands;
  #prior: TempoPrior;
  #metronome: Pulse | undefined;
  #before = NOTHING;
  /** Version of the input to an answer: counts struck keys and corrections. */
  #version = 0;
  #ids = 0;
  #asked = 0;
  #part: Part | undefined;
  #handedOver = 0;
  #ends = false;

  constructor(stage: Stage, settings: DuetSettings, beatsPerMinute: number) {
    this.#stage = stage;
    this.settings = settings;
    this.#prior = { beatsPerMinute, spread: SPREAD.first };
    this.#hands = new Hands(
      (...note) => stage.strike("person", ...note),
      (note) => this.#log([{ who: "person", ...note }]),
    );
  }

  /** Quarter notes per minute, estimated or expected. */
  get beatsPerMinute(): number {
    return this.#prior.beatsPerMinute;
  }

  /** Keys held down, and the model's planned or sounding notes. */
  get showing(): { readonly held: Hands["held"]; readonly planned: readonly SessionNote[] } {
    return { held: this.#hands.held, planned: this.#part?.planned ?? [] };
  }

  /** Start and end of the model's turn in seconds; undefined while unknown. */
  get span(): { readonly from: number; readonly to: number; readonly step: number } | undefined {
    const part = this.turn === "model" ? this.#part : undefined;
    return part?.heard && { from: part.heard.due, to: part.end, step: part.step };
  }

  press(pitch: number, velocity: number, at: number): void {
    if (this.turn === "model") this.#takeBack(at);
    this.turn = "person";
    this.#hands.press(pitch, velocity, at);
    this.#version++;
    this.#stage.changed();
  }

  release(pitch: number, at: number): void {
    this.#hands.release(pitch, at);
    this.#stage.changed();
  }

  sustain(down: boolean, at: number): void {
    this.#hands.sustain(down, at);
  }

  /** Gives the turn to the model immediately. */
  handOver(): void {
    if (this.turn === "person" && !this.#hands.isEmpty) this.#commit();
  }

  /** Makes the model close the music now. */
  end(): void {
    if (this.turn === "model") this.#silence(this.#stage.now());
    this.#ends = true;
    if (!this.#hands.isEmpty) this.#commit();
  }

  /** Corrects the tempo, by a factor or to a number of quarter notes per minute. */
  correct(to: { readonly times: number } | { readonly beatsPerMinute: number }): void {
    const asked = "times" in to ? this.beatsPerMinute * to.times : to.beatsPerMinute;
    const beatsPerMinute = Math.max(30, Math.min(260, asked));
    this.#prior = { beatsPerMinute, spread: SPREAD.corrected };
    this.pulse = undefined;
    this.#version++;
    if (this.turn === "model" && !this.#hands.isEmpty) {
      this.#silence(this.#stage.now());
      this.#commit();
    }
    this.#stage.changed();
  }

  /** Follows a metronome's pulse; undefined: the player's own. */
  keepTo(metronome: Pulse | undefined): void {
    this.#metronome = metronome;
  }

  /** Resumes a saved session with another clock: it ends just before now. */
  restore(session: Session): void {
    this.session = endingAt(session, this.#stage.now() - KEPT_BEFORE);
    this.#stage.changed();
  }

  /** Silences the duet; the music played so far stays. */
  pause(): void {
    const now = this.#stage.now();
    if (this.turn === "model") this.#silence(now);
    this.#hands.lift(now);
    this.#hands.phrase = [];
    this.turn = "nobody";
    this.#stage.changed();
  }

  /** Silences the duet, and discards the music played so far. */
  clear(): void {
    this.pause();
    this.#before = NOTHING;
    this.session = EMPTY_SESSION;
  }

  /** Updates the duet; to be called every few hundredths of a second. */
  tick(): void {
    const now = this.#stage.now(), hands = this.#hands;
    if (this.turn === "model" && this.#part && now >= this.#part.end) return this.#finish();
    if (this.turn !== "person" || hands.isEmpty) return;
    const beat = this.pulse ? this.pulse.step * this.pulse.stepsPerBeat : AHEAD;
    const pause = Math.max(PAUSE.least, Math.min(PAUSE.most, beat));
    const isOver = hands.isUp &&
      now >= hands.lastOff + (hands.isSilent ? pause : PEDAL_PAUSES * pause);
    if (isOver || this.#isFull(now)) return this.#commit();
    const part = this.#part;
    const isPending = part?.bars.length === 0 && now < this.#asked + LONGEST_WAIT;
    if (part?.version === this.#version || isPending) return;
    if (now < this.#asked + Math.min(beat, 2 * AHEAD)) return;
    if (hands.isSilent) this.#ask(hands.lastOff + pause + SOONEST, false);
    else this.#ask(now + SOONEST, true);
  }

  /** Handles a message from the worker. */
  hear(message: FromPlayer): void {
    if (message.kind !== "heard" && message.kind !== "bar" && message.kind !== "answered") return;
    const part = this.#part;
    if (message.id !== part?.id) return;
    part.take(message);
    if (message.kind === "heard") {
      this.pulse = message.pulse;
      this.key = message.key;
    } else if (message.kind === "bar" && this.turn === "model") this.#play(part.bars.slice(-1));
    this.#stage.changed();
  }

  /** Whether a phrase has just filled its bars, and its answer is ready. */
  #isFull(now: number): boolean {
    const { heard, bars, version } = this.#part ?? {};
    if (!heard || bars!.length === 0 || version !== this.#version) return false;
    const { due, pulse: { step, stepsPerBar, origin } } = heard, bar = step * stepsPerBar;
    return now >= due - 2 * SOONEST && now < due - SOONEST / 3 &&
      due - origin > (FULL_PHRASE.bars - 0.5) * bar &&
      due - this.#hands.lastOnset >= FULL_PHRASE.share * bar;
  }

  /** Requests an answer that begins at a given time or later. */
  #ask(earliest: number, onBar: boolean): void {
    const now = this.#stage.now(), id = ++this.#ids, notes = this.#hands.notes(now);
    const { boldness, follow, slower, stepsPerBar, seed } = this.settings;
    this.#asked = now;
    this.#part = new Part(id, this.#version, slower);
    this.#stage.send({
      kind: "hear",
      ...{ id, notes, earliest, onBar, slower, stepsPerBar },
      pulse: this.#metronome && alignedTo(this.#metronome, notes[0]!.start),
      prior: this.#prior,
      before: this.#before,
      wishes: { boldness, follow, ends: this.#ends, seed: seed + this.session.answers.length },
    });
  }

  /** Starts the model's turn, with the answer sampled ahead if it is still valid. */
  #commit(): void {
    const now = this.#stage.now(), earliest = now + SOONEST;
    this.#hands.lift(now);
    const holds = this.#part?.version === this.#version && !this.#ends;
    if (holds) this.#part!.bringForward(earliest);
    else this.#ask(earliest, false);
    this.turn = "model";
    this.#handedOver = now;
    if (this.#part!.bars.length > 0) this.#play(this.#part!.bars);
    this.#stage.changed();
  }

  /** Schedules bars of the answer; the first one waits for a later beat if it is too late. */
  #play(bars: Part["bars"]): void {
    const part = this.#part!, now = this.#stage.now();
    if (bars.length === part.bars.length) {
      this.waits.push(1000 * (now - this.#handedOver));
      part.putOff(now + SOONEST / 3);
      const { step, stepsPerQuarter } = part.heard!.pulse;
      this.#prior = { beatsPerMinute: 60 / (step * stepsPerQuarter), spread: SPREAD.later };
    }
    this.late += part.play(bars, now, (...note) => this.#stage.strike("model", ...note));
  }

  /** Ends the answer. */
  #finish(): void {
    const { heard, frames, made, end } = this.#part!;
    this.#before = this.#ends ? NOTHING : withAnswer(heard!.past, frames, heard!.pulse, Infinity);
    this.#keep(end, made);
    this.turn = this.#ends ? "nobody" : "person";
    this.#ends = false;
    this.#part = undefined;
    this.#hands.phrase = [];
    this.#stage.changed();
  }

  /**
   * Returns the turn to the player, who continues: the model falls silent. Within the model's first
   * bar, the phrase was not over, and continues; later, the part of the answer already played
   * counts.
   */
  #takeBack(at: number): void {
    const { heard, frames, made, step } = this.#part!;
    const steps = heard ? Math.floor((at - heard.due) / step) : -1;
    const isEarly = !heard || steps < heard.pulse.stepsPerBar;
    if (isEarly && this.session.answers.length === 0) {
      this.#prior = { ...this.#prior, spread: SPREAD.first };
    }
    this.#silence(at, isEarly ? undefined : made);
    if (isEarly) return;
    this.#before = withAnswer(heard.past, frames, heard.pulse, steps);
    this.#hands.phrase = [];
  }

  /** Stops the sounding and scheduled notes of an answer; the part already played is kept. */
  #silence(at: number, made?: SessionAnswer): void {
    this.#stage.send({ kind: "stop" });
    this.#part?.stop(at);
    this.#keep(at, made);
    this.#part = undefined;
    this.#ends = false;
    this.turn = "person";
  }

  /** Adds the part of the answer played up to a given time, and its bar lines, to the session. */
  #keep(until: number, made: SessionAnswer | undefined): void {
    const sounded = this.#part?.sounded(until) ?? [], heard = this.#part?.heard;
    if (!heard || sounded.length === 0) return;
    this.#log(sounded);
    const { origin, step, stepsPerBar, stepsPerQuarter } = heard.pulse;
    const line = (at: number, slower: number) => ({
      at,
      quarter: step * slower * stepsPerQuarter,
      quartersPerBar: Math.round(stepsPerBar / stepsPerQuarter),
    });
    const lines = [line(origin, 1), line(heard.due, this.#part!.slower)];
    this.session = {
      ...this.session,
      lines: [...this.session.lines, ...lines].sort((a, b) => a.at - b.at),
      answers: made ? [...this.session.answers, made] : this.session.answers,
    };
  }

  #log(notes: readonly SessionNote[]): void {
    this.session = { ...this.session, notes: [...this.session.notes, ...notes] };
  }
}

/** A metronome's pulse with the nearest bar line before a phrase. */
function alignedTo(pulse: Pulse, first: number): Pulse {
  const bar = pulse.step * pulse.stepsPerBar;
  const bars = Math.floor((first - pulse.origin) / bar + 0.2);
  return { ...pulse, origin: pulse.origin + bars * bar };
}
