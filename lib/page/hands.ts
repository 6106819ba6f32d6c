import type { PlayedNote } from "./pulse.ts";

/** A note that sounds. */
export interface Voice {
  /** Lets it go at a moment, in seconds. */
  stop(at: number): void;
}

/** A key that is held, or was let go while the pedal is down. */
interface Sounding {
  readonly note: Omit<PlayedNote, "end">;
  readonly voice: Voice;
}

/** A struck key sounds at least so long, in seconds. */
const SHORTEST = 0.02;

/** A person's hands and foot on the piano, and the phrase that they play. */
export class Hands {
  /** Notes of the phrase that are over. */
  phrase: PlayedNote[] = [];
  /** When the last key was struck, and the last one let go. */
  lastOnset = 0;
  lastOff = 0;
  readonly #held = new Map<number, Sounding>();
  #sustained: Sounding[] = [];
  #pedal = false;
  readonly #strike: (pitch: number, velocity: number, at: number) => Voice;
  readonly #onNote: (note: PlayedNote) => void;

  /** @param onNote is told of each note when it is over */
  constructor(
    strike: (pitch: number, velocity: number, at: number) => Voice,
    onNote: (note: PlayedNote) => void,
  ) {
    this.#strike = strike;
    this.#onNote = onNote;
  }

  /** Keys that are held, with the moments since which they are. */
  get held(): { readonly pitch: number; readonly start: number }[] {
    return [...this.#held.values()].map(({ note }) => note);
  }

  /** Whether no key is held; and whether nothing sounds by the pedal either. */
  get isUp(): boolean {
    return this.#held.size === 0;
  }
  get isSilent(): boolean {
    return this.isUp && this.#sustained.length === 0;
  }

  /** Whether nothing was played in this phrase. */
  get isEmpty(): boolean {
    return this.phrase.length === 0 && this.isSilent;
  }

  press(pitch: number, velocity: number, at: number): void {
    if (this.#held.has(pitch)) this.release(pitch, at);
    const voice = this.#strike(pitch, velocity, at);
    this.#held.set(pitch, { note: { pitch, velocity, start: at }, voice });
    this.lastOnset = at;
  }

  release(pitch: number, at: number): void {
    const held = this.#held.get(pitch);
    if (!held) return;
    this.#held.delete(pitch);
    this.lastOff = at;
    if (this.#pedal) this.#sustained.push(held);
    else this.#end(held, at);
  }

  sustain(down: boolean, at: number): void {
    this.#pedal = down;
    if (!down) this.#letGo(at);
  }

  /** Lets go of all keys, and of what the pedal holds. */
  lift(at: number): void {
    for (const pitch of [...this.#held.keys()]) this.release(pitch, at);
    this.#letGo(at);
  }

  /** All notes of the phrase; those that still sound end now. */
  notes(now: number): PlayedNote[] {
    const sounding = [...this.#sustained, ...this.#held.values()];
    return [
      ...this.phrase,
      ...sounding.map(({ note }) => ({ ...note, end: Math.max(now, note.start + SHORTEST) })),
    ];
  }

  #letGo(at: number): void {
    for (const sounding of this.#sustained) this.#end(sounding, at);
    this.#sustained = [];
  }

  #end({ note, voice }: Sounding, at: number): void {
    voice.stop(at);
    const over = { ...note, end: Math.max(at, note.start + SHORTEST) };
    this.phrase.push(over);
    this.#onNote(over);
  }
}
