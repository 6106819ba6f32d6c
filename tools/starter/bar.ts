import { type ScoreEvent, type ScorePitch, ticksPerBeat } from "./score.ts";

/** A named pattern of notes with placeholders `$1`, `$2` … for the pitches given at its use. */
export interface Figure {
  readonly tokens: readonly string[];
  /** Number of pitches that it needs. */
  readonly places: number;
}

/** Result of {@linkcode readBar}: one voice of one bar. */
export interface BarReading {
  readonly events: readonly ScoreEvent[];
  /** The note value in force after the bar, in ticks; undefined when none was given yet. */
  readonly valueTicks: number | undefined;
  /** The sum of the durations in ticks. */
  readonly ticks: number;
}

/** The semitone of each letter above C, as MIDI counts pitches. */
const semitones: Readonly<Record<string, number>> = { c: 0, d: 2, e: 4, f: 5, g: 7, a: 9, b: 11 };
const alterations: Readonly<Record<string, number>> = { "": 0, "#": 1, "##": 2, b: -1, bb: -2 };

const valuePattern = /^(1|2|4|8|16|32|64)(\.{0,2})(t?)$/;
const pitchPattern = /^([a-g])(##|#|bb|b)?(\d)(~?)$/;
const figurePattern = /^([a-z]{2,})\(([^()]*)\)$/;

/** Splits the text of a bar into tokens; `figure(c4 e4)` is one token. */
export function tokensOf(text: string): readonly string[] {
  return text.match(/[a-z]{2,}\([^()]*\)|\S+/g) ?? [];
}

/**
 * Reads one voice of one bar: note values (`4`, `8.`, `8t`), notes (`f#4`, `bb3~`), chords
 * (`c4+e4`), rests (`r`) and figures (`broken(c4 e4 g4)`).
 *
 * @param valueTicks the note value in force before the bar, in ticks
 * @throws {SyntaxError} with what was found and needed; the caller adds file, line and bar
 */
export function readBar(
  tokens: readonly string[],
  valueTicks: number | undefined,
  figures: ReadonlyMap<string, Figure>,
): BarReading {
  const events: ScoreEvent[] = [];
  let value = valueTicks;
  let ticks = 0;
  for (const token of tokens) {
    const noteValue = readValue(token);
    if (noteValue !== undefined) {
      value = noteValue;
      continue;
    }
    const figure = figurePattern.exec(token);
    if (figure) {
      const reading = readBar(expand(figure[1]!, tokensOf(figure[2]!), figures), value, figures);
      events.push(...reading.events);
      ticks += reading.ticks;
      continue; // a figure's own note values end with it
    }
    if (value === undefined) {
      throw new SyntaxError(
        `found "${token}" before any note value; needed one first, e.g. "4 ${token}"`,
      );
    }
    events.push({ pitches: token === "r" ? [] : readChord(token), ticks: value });
    ticks += value;
  }
  return { events, valueTicks: value, ticks };
}

/**
 * The ticks of a note value: `4` is a quarter, `4.` dotted, `8t` one of three in the time of two.
 * Undefined for any other token.
 */
export function readValue(token: string): number | undefined {
  const match = valuePattern.exec(token);
  if (!match) return undefined;
  const plain = (4 * ticksPerBeat) / Number(match[1]);
  const dotted = plain * (2 - 2 ** -match[2]!.length);
  return match[3] ? (dotted * 2) / 3 : dotted;
}

/**
 * The pitches of a note or chord, in the order written.
 * @throws {SyntaxError} for anything but notes joined by `+`, or for one pitch twice
 */
export function readChord(token: string): readonly ScorePitch[] {
  const pitches = token.split("+").map((note) => readPitch(note, token));
  if (new Set(pitches.map(({ pitch }) => pitch)).size < pitches.length) {
    throw new SyntaxError(`found the chord "${token}" with one pitch twice; needed each once`);
  }
  return pitches;
}

function readPitch(note: string, token: string): ScorePitch {
  const match = pitchPattern.exec(note);
  if (!match) {
    throw new SyntaxError(
      `found "${token}"; needed a note value (4, 8., 8t), a note (c4, f#4, bb3~), ` +
        `a chord (c4+e4), a rest (r) or a figure with its notes in brackets`,
    );
  }
  const [, letter, accidental = "", octave, tie] = match;
  const pitch = 12 * (Number(octave) + 1) + semitones[letter!]! + alterations[accidental]!;
  if (pitch < 21 || pitch > 108) {
    throw new SyntaxError(`found "${note}"; needed a key of the piano, a0 to c8`);
  }
  return { pitch, tied: tie === "~" };
}

function expand(
  name: string,
  given: readonly string[],
  figures: ReadonlyMap<string, Figure>,
): readonly string[] {
  const figure = figures.get(name);
  if (!figure) {
    const known = [...figures.keys()].join(", ") || "none";
    throw new SyntaxError(`found the figure "${name}"; needed one that is defined (${known})`);
  }
  if (given.length !== figure.places) {
    throw new SyntaxError(
      `found ${given.length} notes in "${name}(${given.join(" ")})"; needed ${figure.places}`,
    );
  }
  return figure.tokens.map((token) =>
    token.replaceAll(/\$(\d)/g, (_, place: string) => given[Number(place) - 1]!)
  );
}

/**
 * Reads a figure's definition, e.g. `8 $1 $3 $2 $3`.
 * @throws {SyntaxError} when it uses another figure
 */
export function readFigure(text: string): Figure {
  const tokens = tokensOf(text);
  if (tokens.length === 0 || tokens.some((token) => token.includes("("))) {
    throw new SyntaxError(`found "${text}"; needed note values, notes, rests and places like $1`);
  }
  const places = [...text.matchAll(/\$(\d)/g)].map((match) => Number(match[1]));
  return { tokens, places: Math.max(0, ...places) };
}
