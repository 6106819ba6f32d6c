import type { Framed } from "../tokens/piece.ts";
import { Hands, type Voice } from "./hands.ts";
import { Part, withPart } from "./part.ts";
import { withAnswer } from "./phrase.ts";
import { isFull, isOver, pauseOf, SOONEST } from "./phrase_end.ts";
import { alignedTo, type Pulse } from "./pulse.ts";
import {
  EMPTY_SESSION,
  endingAt,
  type Session,
  type SessionAnswer,
  type SessionNote,
} from "./session.ts";
import { Tempo, type TempoCorrection } from "./tempo.ts";
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
  readonly #tempo: Tempo;
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
    this.#tempo = new Tempo(beatsPerMinute);
    this.#hands = new Hands(
      (...note) => stage.strike("person", ...note),
      (note) => this.#log([{ who: "person", ...note }]),
    );
  }

  /** Quarter notes per minute, estimated or expected. */
  get beatsPerMinute(): number {
    return this.#tempo.prior.beatsPerMinute;
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

  /** Corrects the tempo. */
  correct(to: TempoCorrection): void {
    this.#tempo.correct(to);
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
    const pause = pauseOf(beat), part = this.#part;
    const isReady = part && part.bars.length > 0 && part.version === this.#version;
    if (isOver(hands, pause, now) || isReady && isFull(part.heard!, hands, now)) {
      return this.#commit();
    }
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
      prior: this.#tempo.prior,
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
      this.#tempo.adopt(part.heard!.pulse);
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
    if (isEarly && this.session.answers.length === 0) this.#tempo.doubt();
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
    if (this.#part) this.session = withPart(this.session, this.#part, until, made);
  }

  #log(notes: readonly SessionNote[]): void {
    this.session = { ...this.session, notes: [...this.session.notes, ...notes] };
  }
}
