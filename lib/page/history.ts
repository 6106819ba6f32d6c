import type { Framed } from "../tokens/piece.ts";
import type { Part } from "./part.ts";
import { withAnswer } from "./phrase.ts";
import { signatureOf } from "./pulse.ts";
import type { PlayedNote } from "../midi/music.ts";
import { EMPTY_SESSION, endingAt, type Session } from "./session.ts";

/** Seconds before its resumption at which a saved session ends. */
const KEPT_BEFORE = 2;

const NOTHING: Framed = { frames: [], metres: [] };

/** The music of both players so far: in seconds, and on the grid as the context of answers. */
export class History {
  session: Session = EMPTY_SESSION;
  #music = NOTHING;

  /** The music before the current phrase. */
  get music(): Framed {
    return this.#music;
  }

  /** Adds a note of the person. */
  add(note: PlayedNote): void {
    this.session = {
      ...this.session,
      notes: [...this.session.notes, { who: "person", ...note }],
    };
  }

  /**
   * Adds the part of an answer played up to a given time, and its bar lines.
   * @param isAnswer whether its recipe is kept, too
   */
  keep(part: Part, until: number, isAnswer: boolean): void {
    const sounded = part.sounded(until), { heard, made, slower } = part;
    if (!heard || sounded.length === 0) return;
    const { origin, step, stepsPerBar, stepsPerQuarter } = heard.pulse;
    const line = (at: number, slower: number) => ({
      at,
      quarter: step * slower * stepsPerQuarter,
      quartersPerBar: Math.round(stepsPerBar / stepsPerQuarter),
      signature: signatureOf(heard.pulse),
    });
    const { notes, lines, answers } = this.session;
    this.session = {
      notes: [...notes, ...sounded],
      lines: [...lines, line(origin, 1), line(heard.due, slower)].sort((a, b) => a.at - b.at),
      answers: made && isAnswer ? [...answers, made] : answers,
    };
  }

  /** Continues the context with a phrase and the first steps of its answer. */
  goOn({ heard, frames }: Part, steps = Infinity): void {
    if (heard) this.#music = withAnswer(heard.past, frames, heard.pulse, steps);
  }

  /** Begins new music: the next answer has no context. */
  close(): void {
    this.#music = NOTHING;
  }

  /** Resumes a saved session with another clock: it ends just before now, and before new notes. */
  restore(session: Session, now: number): void {
    const { notes, lines, answers } = this.session;
    const first = notes.reduce((least, { start }) => Math.min(least, start), now);
    const kept = endingAt(session, first - KEPT_BEFORE);
    this.session = {
      notes: [...kept.notes, ...notes],
      lines: [...kept.lines, ...lines],
      answers: [...kept.answers, ...answers],
    };
  }

  clear(): void {
    this.close();
    this.session = EMPTY_SESSION;
  }
}
