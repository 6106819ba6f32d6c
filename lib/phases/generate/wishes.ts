import type { ChangeAsked } from "../../generate/change/make.ts";
import type { Scope } from "../../generate/recipe.ts";
import type { Length } from "../../generate/length.ts";
import { parsePitch } from "../../generate/primer.ts";
import { type Sampling, samplingOf } from "../../model/sampling.ts";
import { type BarRange, parseBarRange } from "../../tokens/bar_range.ts";
import { flagName } from "../../show/next_step.ts";
import { type GenerateSettings, withDefaults } from "../settings/generate.ts";

/** Requested changes of a file; the scope's seed is that of the piece. */
export interface ChangeWish
  extends Pick<ChangeAsked, "scope" | "sampling" | "candidates" | "mostCopied" | "touch"> {
  /** Path of the file. */
  readonly midi: string;
  /** Bars to change; undefined: all. */
  readonly range?: BarRange;
  /** Seed of the first change, and number of them. */
  readonly seed: number;
  readonly count: number;
  /** Chords of the new bars, and the key in which they are counted. */
  readonly chords?: string | undefined;
  readonly key?: string | undefined;
}

/** Settings with those defaults that are the same for all models. */
type Defaulted = ReturnType<typeof withDefaults>;

/** Requested plan of new pieces; what is undefined depends on the model. */
type PlanSettings = Pick<
  GenerateSettings,
  "form" | "chords" | "key" | "density" | "register" | "metre" | "end"
>;

/** Requested form of new pieces. */
export interface FormWish extends PlanSettings {
  /** Files between which the music is, and how much it takes from the second. */
  readonly between?: Pick<Defaulted, "share" | "take"> & {
    readonly files: readonly [string, string];
  };
  readonly length: Length;
}

/** Requested new pieces. */
export interface PieceWish
  extends
    Pick<Defaulted, "candidates" | "mostCopied">,
    Pick<GenerateSettings, "barCandidates" | "discriminator">,
    Pick<Defaulted, "dropPrimer" | "stuckAfter" | "velocity" | "touch" | "seed" | "count"> {
  readonly form: FormWish;
  /** At most one of them. */
  readonly primer: Pick<
    GenerateSettings,
    "primerNote" | "primerMidi" | "primerPiece" | "primerRandom"
  >;
  /** Sampling parameters with a plan and without one. */
  readonly sampling: Readonly<Record<"planned" | "free", Sampling>>;
}

/**
 * The new pieces requested by the settings.
 * @throws {TypeError} if they request two things at once
 */
export function piecesOf(settings: GenerateSettings): PieceWish {
  const { form, between, share, take, chords, key, density, register, metre, end } = settings;
  const { frames, bars, seconds, primerNote, primerMidi, primerPiece, primerRandom } = settings;
  const alone = share !== undefined ? "share" : take !== undefined ? "take" : undefined;
  if (between === undefined && alone !== undefined) {
    throw new TypeError(`Cannot use --${alone} without --between: say between which two files`);
  }
  if (between !== undefined && form !== undefined) {
    throw new TypeError("Cannot follow two forms: give one of --form, --between");
  }
  if (end && (frames ?? seconds) !== undefined) {
    throw new TypeError("Cannot end music of so many frames or seconds: give --bars instead");
  }
  if ([frames, bars, seconds].filter((length) => length !== undefined).length > 1) {
    throw new TypeError(
      "Cannot make music of two lengths: give one of --frames, --bars, --seconds",
    );
  }
  const primers = [primerNote, primerMidi, primerPiece, primerRandom || undefined];
  if (primers.filter((primer) => primer !== undefined).length > 1) {
    throw new TypeError(
      "Cannot start in two ways: give one of --primer-note, --primer-midi, --primer-random",
    );
  }
  const all = withDefaults(settings);
  return {
    ...all,
    discriminator: settings.discriminator,
    form: {
      ...{ form, chords, key, density, register, metre, end, length: { frames, bars, seconds } },
      ...(between ? { between: { files: between, share: all.share, take: all.take } } : {}),
    },
    primer: { primerNote, primerMidi, primerPiece, primerRandom },
    sampling: { planned: samplingOf(settings, "planned"), free: samplingOf(settings, "free") },
  };
}

/** Defaults that hold in every mode, so that it makes no difference if they are given. */
const EVERYWHERE: GenerateSettings = { primerRandom: false, dropPrimer: false, count: 1 };

/** Whether a setting has a value other than a default of every mode. */
function isAsked(settings: GenerateSettings, name: keyof GenerateSettings): boolean {
  return settings[name] !== undefined && settings[name] !== EVERYWHERE[name];
}

/** Settings that a recipe leaves open. */
const BESIDE_RECIPE = ["recipe", "model", "models", "data", "name", "overwrite", "threads"];

/**
 * Checks that nothing is requested that a recipe determines.
 * @param model the recipe's
 * @throws {TypeError} if something is
 */
export function checkAgain(settings: GenerateSettings, model: string): void {
  const other = settings.model !== undefined && settings.model !== model ? "model" : undefined;
  const useless = other ??
    (Object.keys(settings) as (keyof GenerateSettings)[])
      .find((name) => isAsked(settings, name) && !BESIDE_RECIPE.includes(name));
  if (useless === undefined) return;
  throw new TypeError(
    `Cannot use --${flagName(useless)} with --recipe: the recipe determines that`,
  );
}

/** Settings for whole new pieces only; a change takes these properties from its file. */
const OF_NEW_PIECES = [
  ...["form", "between", "share", "take", "chords", "key", "density", "register"] as const,
  ...["metre", "end", "frames", "bars", "seconds", "primerNote", "primerMidi"] as const,
  ...["primerPiece", "primerRandom", "dropPrimer", "stuckAfter", "barCandidates"] as const,
  ...["discriminator", "without", "velocity"] as const,
];

/** Kinds of change that can follow chords, which may be given as degrees of a key. */
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
    isAsked(settings, name) && !(toChords && (name === "chords" || name === "key"))
  );
  if (useless !== undefined) {
    throw new TypeError(
      `Cannot use --${flagName(useless)} with --${way}: the file determines that`,
    );
  }
  const { seed, count, mostCopied } = withDefaults(settings);
  const { candidates, touch, chords, key } = settings;
  const sampling = samplingOf({ ...settings, without: ["all"] }, "planned");
  const notes: NotesWish = fill
    ? fillWish(fill)
    : vary
    ? varyWish(vary, seed)
    : melody !== undefined
    ? { midi: melody, scope: { kind: "melody" } }
    : { midi: accompaniment!, scope: { kind: "accompaniment" } };
  return { ...notes, sampling, candidates, mostCopied, touch, seed, count, chords, key };
}

/** The file and the notes to be changed. */
type NotesWish = Pick<ChangeWish, "midi" | "range" | "scope">;

function fillWish(
  { midi, bars, above, below, track }: NonNullable<GenerateSettings["fill"]>,
): NotesWish {
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
): NotesWish {
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
