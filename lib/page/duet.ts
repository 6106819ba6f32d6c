import { Ahead, type AnswerRequest } from "./ahead.ts";
import { Hands } from "./hands.ts";
import { History } from "./history.ts";
import type { Part } from "./part.ts";
import { isFull, isOver } from "./phrase_end.ts";
import type { Pulse } from "./pulse.ts";
import type { SessionNote } from "./session.ts";
import type { DuetSettings, Stage, Turn } from "./stage.ts";
import { Tempo, type TempoCorrection } from "./tempo.ts";
import type { FromPlayer } from "./worker.ts";

/** A duet of two players who take turns at one piano. */
export class Duet {
  settings: DuetSettings;
  readonly history = new History();
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
  readonly tempo: Tempo;
  /** Version of the input to an answer: counts struck keys and corrections. */
  #version = 0;
  readonly #ahead: Ahead;
  /** The answer being played or awaited. */
  #part: Part | undefined;
  #handedOver = 0;
  #ends = false;

  constructor(stage: Stage, settings: DuetSettings, beatsPerMinute: number) {
    this.#stage = stage;
    this.settings = settings;
    this.tempo = new Tempo(beatsPerMinute);
    this.#ahead = new Ahead({
      send: (message) => stage.send(message),
      request: (now) => this.#request(now),
    });
    this.#hands = new Hands(
      (...note) => stage.strike("person", ...note),
      (note) => this.history.add(note),
    );
  }

  /** Beats of the metre per minute, estimated or expected. */
  get beatsPerMinute(): number {
    const { pulse } = this;
    return pulse ? 60 / (pulse.step * pulse.stepsPerBeat) : this.tempo.prior.beatsPerMinute;
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
    this.tempo.correct(to);
    this.pulse = undefined;
    this.#changed();
    if (this.turn === "model" && !this.#hands.isEmpty) {
      this.#silence(this.#stage.now());
      this.#commit();
    }
    this.#stage.changed();
  }

  /** Changes settings. */
  set(changed: Partial<DuetSettings>): void {
    this.settings = { ...this.settings, ...changed };
    if ("stepsPerBar" in changed) this.tempo.metronome = undefined;
    this.#changed();
  }

  /** Follows a metronome's pulse; undefined: the player's own. */
  keepTo(metronome: Pulse | undefined): void {
    this.tempo.metronome = metronome;
    this.#changed();
  }

  /** Silences the duet; the music played so far stays. */
  pause(): void {
    const now = this.#stage.now();
    if (this.turn === "model") this.#silence(now);
    this.#hands.lift(now);
    this.#hands.phrase = [];
    this.#ahead.clear();
    this.turn = "nobody";
    this.#stage.changed();
  }

  /** Silences the duet, and discards the music played so far. */
  clear(): void {
    this.pause();
    this.history.clear();
  }

  /** Updates the duet; to be called every few hundredths of a second. */
  tick(): void {
    const now = this.#stage.now(), hands = this.#hands;
    if (this.turn === "model" && this.#part?.isOver(now)) return this.#finish();
    if (this.turn !== "person" || hands.isEmpty) return;
    const beat = this.pulse && this.pulse.step * this.pulse.stepsPerBeat;
    const ready = this.#ahead.readyFor(this.#version);
    if (isOver(hands, beat, now) || ready && isFull(ready.heard!, hands, now)) this.#commit();
    else this.#ahead.update(now, hands, this.#version, beat);
  }

  /** Handles a message from the worker. */
  hear(message: FromPlayer): void {
    if (message.kind !== "heard" && message.kind !== "bar" && message.kind !== "answered") return;
    const part = this.#ahead.hear(message);
    if (!part) return;
    if (message.kind === "heard") {
      this.pulse = message.pulse;
      this.key = message.key;
    } else if (message.kind === "bar" && part === this.#part) this.#play();
    this.#stage.changed();
  }

  /** Gives the turn back: no answer can be made. */
  fail(id: number): void {
    this.#ahead.fail(id);
    if (id !== this.#part?.id) return;
    this.#silence(this.#stage.now());
    this.#hands.phrase = [];
    this.#stage.changed();
  }

  /** Drops the answers sampled ahead: other ones are wanted. */
  #changed(): void {
    this.#version++;
    if (this.turn !== "model") this.#ahead.clear();
  }

  /** A request for an answer to the phrase so far. */
  #request(now: number): AnswerRequest {
    const notes = this.#hands.notes(now);
    const { boldness, follow, chords, slower, stepsPerBar, seed } = this.settings;
    return {
      ...{ notes, slower, stepsPerBar, prior: this.tempo.prior, before: this.history.music },
      pulse: this.tempo.knownFor(notes),
      isUrgent: false,
      wishes: {
        ...{ boldness, follow, chords, ends: this.#ends },
        seed: seed + this.history.session.answers.length,
      },
    };
  }

  /** Starts the model's turn, with the answer sampled ahead if it is still valid. */
  #commit(): void {
    const now = this.#stage.now();
    this.#hands.lift(now);
    this.#part = this.#ahead.take(now, this.#version, this.#ends);
    this.turn = "model";
    this.#handedOver = now;
    if (this.#part.bars.length > 0) this.#play();
    this.#stage.changed();
  }

  /** Schedules new bars of the answer. */
  #play(): void {
    const part = this.#part!, now = this.#stage.now();
    if (part.planned.length === 0) {
      this.waits.push(1000 * (now - this.#handedOver));
      this.tempo.adopt(part.heard!.pulse);
    }
    this.late += part.play(now, (...note) => this.#stage.strike("model", ...note));
  }

  /** Ends the answer. */
  #finish(): void {
    const part = this.#part!;
    if (this.#ends) this.history.close();
    else this.history.goOn(part);
    this.history.keep(part, part.end, true);
    this.turn = this.#ends ? "nobody" : "person";
    this.#ends = false;
    this.#part = undefined;
    this.#hands.phrase = [];
    this.#ahead.clear();
    this.#stage.changed();
  }

  /**
   * Returns the turn to the player, who continues: the model falls silent. Within the model's first
   * bar, the phrase was not over, and continues; later, the part of the answer already played
   * counts.
   */
  #takeBack(at: number): void {
    const part = this.#part!, steps = part.stepsAt(at) ?? -1;
    const isEarly = !part.heard || steps < part.heard.pulse.stepsPerBar;
    if (isEarly && this.history.session.answers.length === 0) this.tempo.doubt();
    this.#silence(at, !isEarly);
    if (isEarly) return;
    this.history.goOn(part, steps);
    this.#hands.phrase = [];
  }

  /** Stops the sounding and scheduled notes of an answer; the part already played is kept. */
  #silence(at: number, isAnswer = false): void {
    this.#ahead.clear();
    this.#part?.stop(at);
    if (this.#part) this.history.keep(this.#part, at, isAnswer);
    this.#part = undefined;
    this.#ends = false;
    this.turn = "person";
  }
}
