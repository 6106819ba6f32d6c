import type { PlayerOptions } from "../audio/player.ts";

/** Audio embedded in a page: its duration and bit rate. */
type Sound = Pick<PlayerOptions, "seconds" | "kilobits">;

let most: Sound = {};

/**
 * Shortens all audio of this notebook, for outputs kept in a repository. A notebook run by a person
 * has it in full.
 */
export function keepShort(sound: Sound): void {
  most = sound;
}

/**
 * Whether the outputs of this notebook are kept in a repository, where no kernel responds to them.
 */
export function isKeptShort(): boolean {
  return most.seconds !== undefined;
}

/** Audio to embed, for a requested length. */
export function soundFor({ seconds = Infinity, kilobits }: Sound): Sound {
  return {
    seconds: Math.min(seconds, most.seconds ?? Infinity),
    kilobits: most.kilobits ?? kilobits,
  };
}
