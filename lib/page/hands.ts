import type { PlayedNote } from "../midi/music.ts";

/** A sounding note. */
export interface Voice {
  /** Releases it at a given time, in seconds. */
  stop(at: number): void;
}

/** A key held down, or released while the pedal is down. */
interface Sounding {
  readonly note: Omit<PlayedNote, "end">;
  readonly voice: Voice;
  /** Time at which its key was released. */
  readonly released?: number;
}

/** Least duration of a struck key, in seconds. */
const SHORTEST = 0.02;

/** Input state of a player: keys, pedal, and the current phrase. */
export class Hands {
  /** Completed notes of the phrase, without the pedal: models have learned how keys are held. */
  phrase: PlayedNote[] = [];
  /** Time of the last key press, and of the last release. */
  lastOnset = 0;
  lastOff = 0;
  readonly #held = new Map<number, Sounding>();
  #sustained: Sounding[] = [];
  #pedal = false;
  readonly #strike: (pitch: number, velocity: number, at: number) => Voice;
  readonly #onNote: (note: PlayedNote) => void;

  /** @param onNote is called with each completed note, as long as it sounded */
  constructor(
    strike: (pitch: number, velocity: number, at: number) => Voice,
    onNote: (note: PlayedNote) => void,
  ) {
    this.#strike = strike;
    this.#onNote = onNote;
  }

  /** Keys held down, with their onset times. */
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

  /** Whether the phrase has no notes. */
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
    if (this.#pedal) this.#sustained.push({ ...held, released: at });
    else this.#end(held, at);
  }

  sustain(down: boolean, at: number): void {
    this.#pedal = down;
    if (!down) this.#letGo(at);
  }

  /** Releases all keys and the pedal's notes. */
  lift(at: number): void {
    for (const pitch of [...this.#held.keys()]) this.release(pitch, at);
    this.#letGo(at);
  }

  /** All notes of the phrase, as long as their keys were held, to now if they still are. */
  notes(now: number): PlayedNote[] {
    const sounding = [...this.#sustained, ...this.#held.values()];
    return [...this.phrase, ...sounding.map(({ note, released = now }) => until(note, released))];
  }

  #letGo(at: number): void {
    for (const sounding of this.#sustained) this.#end(sounding, at);
    this.#sustained = [];
  }

  #end({ note, voice, released }: Sounding, at: number): void {
    voice.stop(at);
    this.phrase.push(until(note, released ?? at));
    this.#onNote(until(note, at));
  }
}

function until(note: Sounding["note"], end: number): PlayedNote {
  return { ...note, end: Math.max(end, note.start + SHORTEST) };
}
