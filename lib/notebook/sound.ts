import type { PlayerOptions } from "../audio/player.ts";

/** Audio embedded in a page: its duration and bit rate. */
type Sound = Pick<PlayerOptions, "seconds" | "kilobits">;

let most: Sound = {};

/**
 * Shortens all audio of this notebook, for outputs that are kept in a repository. A notebook that a
 * person runs has all of it.
 */
export function keepShort(sound: Sound): void {
  most = sound;
}

/** Whether the outputs of this notebook are for keeping: then no kernel answers them. */
export function isKeptShort(): boolean {
  return most.seconds !== undefined;
}

/** Audio to embed where this much is asked for. */
export function soundFor({ seconds = Infinity, kilobits }: Sound): Sound {
  return {
    seconds: Math.min(seconds, most.seconds ?? Infinity),
    kilobits: most.kilobits ?? kilobits,
  };
}
