import type { Hands } from "./hands.ts";
import { Part } from "./part.ts";
import { pauseOf, SOONEST } from "./phrase_end.ts";
import type { Pulse } from "./pulse.ts";
import type { FromPlayer, HearMessage, ToPlayer } from "./worker.ts";

/** The part of a request that does not depend on when the answer begins. */
export type AnswerRequest = Omit<HearMessage, "kind" | "id" | "earliest" | "onBar" | "near">;

/** Dependencies of answers sampled ahead. */
interface Asking {
  send(message: ToPlayer): void;
  /** A request for an answer to the phrase so far. */
  request(now: number): AnswerRequest;
}

/**
 * Interval in seconds between estimates of the pulse while a phrase is played, where no beat is
 * known; at most twice that.
 */
const ESTIMATES = 0.4;

/** Rest in seconds after a key is struck before an answer is sampled: chords are spread. */
const SETTLED = 0.06;

/** The state before an estimate. */
const NEVER = { at: -Infinity, version: -1 } as const;

/**
 * Answers sampled ahead of a hand-over: the newest one whose first bar is available, and the one in
 * progress. The worker makes one at a time. The pulse is estimated anew at every beat; between
 * beats it is only refined, which takes a tenth of the time.
 */
export class Ahead {
  readonly #asking: Asking;
  #ids = 0;
  #ready: Part | undefined;
  #latest: Part | undefined;
  /** The newest pulse of the phrase. */
  #pulse: Pulse | undefined;
  #estimated: { readonly at: number; readonly version: number } = NEVER;

  constructor(asking: Asking) {
    this.#asking = asking;
  }

  /** The newest answer to a version of the phrase whose first bar is available. */
  readyFor(version: number): Part | undefined {
    return [this.#latest, this.#ready].find((part) =>
      part?.version === version && part.bars.length > 0
    );
  }

  /** Requests an answer to the phrase so far if one is needed. */
  update(now: number, hands: Hands, version: number, beat: number | undefined): void {
    const isRested = now >= hands.lastOnset + SETTLED;
    const isNear = now < this.#estimated.at + Math.min(beat ?? ESTIMATES, 2 * ESTIMATES);
    if (this.#estimated.version === version) return;
    if (this.#latest && !this.#latest.heard) return; // would never be heard if always replaced
    if (isNear && !(isRested && this.#pulse && this.#latest?.version !== version)) return;
    const due = hands.isSilent
      ? { earliest: hands.lastOff + pauseOf(beat) + SOONEST, onBar: false }
      : { earliest: now + SOONEST, onBar: true };
    if (!isNear) this.#estimated = { at: now, version };
    const near = isNear ? this.#pulse : undefined;
    this.#ask({ ...this.#asking.request(now), ...due, near }, version);
  }

  /**
   * The answer to be played now: a finished one, or one of which only notes are missing; otherwise
   * it is requested with urgency. The worker goes on with it.
   */
  take(now: number, version: number, isFresh: boolean): Part {
    const latest = this.#latest, isPlanned = latest?.version === version && latest.heard;
    const known = isFresh ? undefined : this.readyFor(version) ?? (isPlanned ? latest : undefined);
    const part = known ?? this.#askUrgently(now, version);
    if (part !== this.#latest && !part.made) { // makes it again
      this.#asking.send({ ...part.request, effort: part.heard!.effort });
    }
    this.#ready = undefined;
    this.#latest = part;
    part.bringForward(now + SOONEST);
    return part;
  }

  /** Handles a message about an answer. @returns the answer, if it is still of use */
  hear(message: Extract<FromPlayer, { kind: "heard" | "bar" | "answered" }>): Part | undefined {
    const part = [this.#latest, this.#ready].find((one) => one?.id === message.id);
    part?.take(message);
    if (part && message.kind === "heard") this.#pulse = message.pulse;
    return part;
  }

  /** Drops an answer that cannot be made. */
  fail(id: number): void {
    if (this.#latest?.id === id) this.#latest = undefined;
  }

  /** Drops all answers, and what is known of the pulse. */
  clear(): void {
    if (this.#latest && !this.#latest.made) this.#asking.send({ kind: "stop" });
    this.#ready = this.#latest = this.#pulse = undefined;
    this.#estimated = NEVER;
  }

  #askUrgently(now: number, version: number): Part {
    const due = { earliest: now + SOONEST, onBar: false, near: this.#pulse };
    return this.#ask({ ...this.#asking.request(now), ...due, isUrgent: true }, version);
  }

  #ask(request: Omit<HearMessage, "kind" | "id">, version: number): Part {
    if (this.#latest && this.#latest.bars.length > 0) this.#ready = this.#latest;
    this.#latest = new Part({ kind: "hear", id: ++this.#ids, ...request }, version);
    this.#asking.send(this.#latest.request);
    return this.#latest;
  }
}
