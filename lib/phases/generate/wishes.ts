import type { Scope } from "../../generate/change/scope.ts";
import { parsePitch } from "../../generate/primer.ts";
import { type BarRange, parseBarRange } from "../../tokens/bar_range.ts";
import { flagName } from "../../show/next_step.ts";
import { generateDefaults, type GenerateSettings } from "../settings/generate.ts";

/** A requested change of a file; the scope's seed is that of the piece. */
export interface ChangeWish {
  /** Path of the file. */
  readonly midi: string;
  /** Bars to change; undefined: all. */
  readonly range?: BarRange;
  readonly scope: Scope;
}

/** Settings for whole new pieces only; a change takes these properties from its file. */
const OF_NEW_PIECES = [
  "form",
  "between",
  "share",
  "take",
  "chords",
  "key",
  "density",
  "register",
  "metre",
  "frames",
  "bars",
  "seconds",
  "primerNote",
  "primerMidi",
  "primerRandom",
  "dropPrimer",
  "stuckAfter",
  "barCandidates",
  "discriminator",
  "without",
  "velocity",
] as const;

/** Changes that can be made to chords, which may be counted in a key. */
const TO_CHORDS: readonly string[] = ["melody", "fill"];

/**
 * The change of a file requested by the settings; undefined if they request a new piece.
 * @throws {Error} if they request two things at once, or a number is out of range
 */
export function changeOf(settings: GenerateSettings): ChangeWish | undefined {
  const { fill, vary, melody, accompaniment } = settings;
  const ways = Object.entries({ fill, vary, melody, accompaniment })
    .filter(([, value]) => value !== undefined).map(([name]) => name);
  const [way] = ways;
  if (way === undefined) return undefined;
  if (ways.length > 1) {
    throw new TypeError(`Cannot do two things at once: give one of --${ways.join(", --")}`);
  }
  const toChords = settings.chords !== undefined && TO_CHORDS.includes(way);
  const useless = OF_NEW_PIECES.find((name) =>
    settings[name] !== undefined && !(toChords && (name === "chords" || name === "key"))
  );
  if (useless !== undefined) {
    throw new TypeError(
      `Cannot use --${flagName(useless)} with --${way}: the file says what it is like`,
    );
  }
  if (fill) return fillWish(fill);
  if (vary) return varyWish(vary, settings.seed ?? generateDefaults.seed);
  if (melody !== undefined) return { midi: melody, scope: { kind: "melody" } };
  return { midi: accompaniment!, scope: { kind: "accompaniment" } };
}

function fillWish(
  { midi, bars, above, below, track }: NonNullable<GenerateSettings["fill"]>,
): ChangeWish {
  if (bars === undefined) throw new TypeError("Cannot fill: say which bars with --bars 5-8");
  const hands = { above, below, track };
  const given = Object.entries(hands).filter(([, value]) => value !== undefined);
  if (given.length > 1) {
    throw new TypeError(
      `Cannot fill two hands at once: give one of --${given.map(([name]) => name).join(", --")}`,
    );
  }
  const scope: Scope = above !== undefined
    ? { kind: "above", pitch: pitchOfHand(above, "above") }
    : below !== undefined
    ? { kind: "below", pitch: pitchOfHand(below, "below") }
    : track !== undefined
    ? { kind: "track", track }
    : { kind: "all" };
  return { midi, range: rangeOf(bars), scope };
}

function varyWish(
  { midi, distance, bars }: NonNullable<GenerateSettings["vary"]>,
  seed: number,
): ChangeWish {
  const scope = { kind: "share", distance, seed } as const;
  return { midi, scope, ...(bars === undefined ? {} : { range: rangeOf(bars) }) };
}

function rangeOf(bars: string | number): BarRange {
  const range = parseBarRange(`${bars}`);
  if (range) return range;
  throw new RangeError(
    `Cannot change bars ${bars}: needed the first and the last, such as 5-8 (an upbeat is bar 0), or ` +
      `with beats in quarter notes 5.3-6.2`,
  );
}

function pitchOfHand(text: string | number, flag: string): number {
  const pitch = parsePitch(`${text}`);
  if (pitch !== undefined) return pitch;
  throw new RangeError(
    `Cannot use --${flag} ${text}: needed a note such as C4, F#3 or Bb5, or a pitch from 0 to 127`,
  );
}
