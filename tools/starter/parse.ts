import { type Figure, readBar, readFigure, tokensOf } from "./bar.ts";
import { assemble, headings, readMetre, refuse } from "./header.ts";
import {
  barTicks,
  fraction,
  type Metre,
  type Score,
  type ScoreBar,
  type ScoreEvent,
  type Voice,
} from "./score.ts";

/** A voice of a system that is being read. */
interface Line {
  readonly voice: Voice;
  readonly line: number;
  readonly bars: readonly string[];
}

/** State of a score's parser, line by line. */
interface Reading {
  readonly file: string;
  readonly header: Map<string, string>;
  readonly figures: Map<string, Figure>;
  readonly sections: { name: string; bars: ScoreBar[] }[];
  /** The lines of the system (voices that sound together) not yet turned into bars. */
  system: Line[];
  metre: Metre | undefined;
  nextBar: number | undefined;
}

/**
 * Reads a piece in the notation that `data/starter/README.md` describes.
 *
 * @param text the whole file
 * @param file its name, for messages
 * @throws {SyntaxError} naming file, line, bar, what was found and what was needed
 */
export function parseScore(text: string, file: string): Score {
  const reading: Reading = {
    file,
    header: new Map(),
    figures: new Map(),
    sections: [],
    system: [],
    metre: undefined,
    nextBar: undefined,
  };
  text.split(/\r?\n/).forEach((line, index) => readLine(reading, line.trim(), index + 1));
  endSystem(reading);
  return assemble(reading.file, reading.header, reading.sections);
}

function readLine(reading: Reading, text: string, line: number): void {
  if (text === "" || text.startsWith("# ")) return;
  const heading = /^([a-z]+):\s*(.*)$/.exec(text);
  const figure = /^figure ([a-z]{2,}) = (.+)$/.exec(text);
  const section = /^\[(\w+)\]$/.exec(text);
  const voice = /^([RL][23]?)\s*\|(.+)$/.exec(text);
  if (voice) return void reading.system.push(readVoice(voice[1] as Voice, voice[2]!, line));
  endSystem(reading);
  if (section) {
    if (reading.sections.some(({ name }) => name === section[1])) {
      fail(reading, line, `found section ${text} twice; needed a new name`);
    }
    reading.sections.push({ name: section[1]!, bars: [] });
  } else if (figure) {
    reading.figures.set(figure[1]!, located(reading, line, "", () => readFigure(figure[2]!)));
  } else if (/^\d+$/.test(text)) {
    const number = Number(text);
    if (reading.nextBar !== undefined && number !== reading.nextBar) {
      fail(reading, line, `found bar number ${number}; needed ${reading.nextBar}, counting on`);
    }
    reading.nextBar = number;
  } else if (heading) {
    readHeading(reading, heading[1]!, heading[2]!, line);
  } else {
    fail(
      reading,
      line,
      `found "${text}"; needed a heading (key: value), a section ([A]), a bar number, ` +
        `a voice (R | … |), "figure name = …" or a comment (# …)`,
    );
  }
}

function readHeading(reading: Reading, key: string, value: string, line: number): void {
  if (!headings.includes(key)) {
    fail(reading, line, `found heading "${key}"; needed one of ${headings.join(", ")}`);
  }
  if (key === "metre") {
    reading.metre = readMetre(value) ??
      fail(reading, line, `found metre "${value}"; needed one such as 3/4 or 6/8`);
  } else if (reading.header.has(key)) {
    fail(reading, line, `found heading "${key}" twice; needed it once (only metre may change)`);
  }
  if (!reading.header.has(key)) reading.header.set(key, value);
}

function readVoice(voice: Voice, text: string, line: number): Line {
  return { voice, line, bars: text.replace(/\|\s*$/, "").split("|").map((bar) => bar.trim()) };
}

/** Converts the lines collected since the last bar number into bars with all voices. */
function endSystem(reading: Reading): void {
  const [first, ...others] = reading.system;
  if (!first) return;
  const { metre, nextBar } = reading;
  if (!metre) return fail(reading, first.line, `found music before "metre:"; needed it first`);
  if (nextBar === undefined) {
    return fail(reading, first.line, "found music before a bar number; needed a line with it");
  }
  for (const other of others) {
    if (other.bars.length !== first.bars.length) {
      const found = `${other.bars.length} bars in ${other.voice}`;
      fail(reading, other.line, `found ${found}; needed ${first.bars.length} as in ${first.voice}`);
    }
  }
  if (new Set(reading.system.map(({ voice }) => voice)).size < reading.system.length) {
    fail(reading, first.line, "found one voice twice from here on; needed a bar number between");
  }
  if (reading.sections.length === 0) reading.sections.push({ name: "A", bars: [] });
  const section = reading.sections.at(-1)!;
  const readVoices = reading.system.map((line) => readSystemLine(reading, line, metre, nextBar));
  for (let bar = 0; bar < first.bars.length; bar++) {
    const lengths = new Set(readVoices.map((voice) => voice[bar]!.ticks));
    if (lengths.size > 1) {
      fail(
        reading,
        first.line,
        `bar ${nextBar + bar}: found voices of different lengths; needed the same "(n/d)" in each`,
      );
    }
    section.bars.push({
      number: nextBar + bar,
      line: first.line,
      metre,
      ticks: readVoices[0]![bar]!.ticks,
      voices: Object.fromEntries(
        reading.system.map(({ voice }, index) => [voice, readVoices[index]![bar]!.events]),
      ),
    });
  }
  reading.nextBar = nextBar + first.bars.length;
  reading.system = [];
}

interface VoiceBar {
  readonly events: readonly ScoreEvent[];
  readonly ticks: number;
}

function readSystemLine(
  reading: Reading,
  { voice, line, bars }: Line,
  metre: Metre,
  firstBar: number,
): readonly VoiceBar[] {
  const done: VoiceBar[] = [];
  let valueTicks: number | undefined;
  bars.forEach((text, index) => {
    const place = `bar ${firstBar + index}, ${voice}: `;
    const length = /^\((\d+\/\d+)\)\s*/.exec(text); // a bar with its own length: a pickup
    const own = length ? readMetre(length[1]!) : metre;
    if (!own) fail(reading, line, `${place}found "${length![0]}"; needed a length such as (1/8)`);
    const needed = barTicks(own);
    const tokens = tokensOf(length ? text.slice(length[0].length) : text);
    if (tokens.length === 1 && tokens[0] === "-") {
      done.push({ events: [{ pitches: [], ticks: needed }], ticks: needed });
      return;
    }
    const before = done.at(-1);
    if (tokens.length === 1 && tokens[0] === "%") {
      if (!before) fail(reading, line, `${place}found "%"; needed a bar before it in this line`);
      done.push(before);
      return;
    }
    const bar = located(reading, line, place, () => readBar(tokens, valueTicks, reading.figures));
    if (bar.ticks !== needed) {
      const found = `found notes and rests of ${fraction(bar.ticks)} in all`;
      fail(reading, line, `${place}${found}; needed ${fraction(needed)}`);
    }
    valueTicks = bar.valueTicks;
    done.push({ events: bar.events, ticks: needed });
  });
  return done;
}

function located<T>(reading: Reading, line: number, place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    fail(reading, line, place + (error instanceof Error ? error.message : String(error)), error);
  }
}

function fail(reading: Reading, line: number, message: string, cause?: unknown): never {
  refuse(reading.file, line, message, cause);
}
