import { type Chord, transposeChord } from "../tokens/chord.ts";
import { parseChord } from "../tokens/chord_symbol.ts";
import { type Key, parseKey } from "../tokens/key.ts";
import { parseChords } from "./chord_text.ts";
import { type ChordBar, type ChordSheet, MOST_SHEET_BARS } from "./sheet.ts";

/** Whether text looks like a ChordPro song: it has a directive in braces or a chord in brackets. */
export function isChordPro(text: string): boolean {
  return /^\s*\{[a-z_+]+(:[^}]*)?\}\s*$/im.test(text) || /\[[A-G][^\]\n]*\]/.test(text);
}

/** Environments whose lines are not lyrics with chords. */
const NO_LYRICS = new Set(["tab", "t", "abc", "ly", "svg", "textblock", "grid", "g"]);

/**
 * Parses a ChordPro song: `[Am]` before the syllable it falls on, `{key: …}`, `{time: …}`,
 * `{capo: …}`, `{transpose: …}`, `{chorus}` and grids (`{start_of_grid}`). Lyrics give chords no
 * length, so each one lasts a bar; where there are grids, only they are read.
 * @throws {Error} that names the line with a chord that cannot be read
 */
export function readChordPro(text: string): ChordSheet {
  const lyrics: (Chord | null)[] = [], grids: ChordBar[] = [], notices: string[] = [];
  let key: Key | undefined, title: string | undefined, beatsPerBar = 4, transpose = 0;
  let environment = "", chorus: readonly (Chord | null)[] = [], chorusFrom = 0;
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    const where = `line ${at + 1}`;
    const [, name, value = ""] = /^\s*\{\s*([a-z_+]+)\s*[: ]?\s*([^}]*)\}\s*$/i.exec(line) ?? [];
    if (line.startsWith("#")) continue;
    if (name === undefined) {
      if (environment === "grid" || environment === "g") {
        if (line.includes("|")) grids.push(...gridBars(line, beatsPerBar, where));
      } else if (!NO_LYRICS.has(environment)) lyrics.push(...chordsOfLine(line, where));
      if (lyrics.length + grids.length > MOST_SHEET_BARS) {
        throw new Error(`Cannot read ChordPro: more than ${MOST_SHEET_BARS} bars`);
      }
      continue;
    }
    const directive = name.toLowerCase();
    const [, start] = /^(?:start_of_|so)(\w+)$/.exec(directive) ?? [];
    if (start) {
      environment = start;
      if (isChorus(start)) chorusFrom = lyrics.length;
    } else if (/^(end_of_|eo)\w+$/.test(directive)) {
      if (isChorus(environment)) chorus = lyrics.slice(chorusFrom);
      environment = "";
    } else if (directive === "chorus") lyrics.push(...chorus);
    else if (directive === "title" || directive === "t") title = value.trim();
    else if (directive === "key") key = parseKey(value);
    else if (directive === "time") beatsPerBar = beatsOf(value, where);
    else if (directive === "capo" || directive === "transpose") {
      const semitones = parseInt(value);
      if (!(Math.abs(semitones) <= 12)) {
        throw new Error(
          `Cannot read ChordPro, ${where}: {${directive}: ${value}} is not a number of semitones`,
        );
      }
      transpose += semitones;
    }
  }
  if (transpose !== 0) {
    notices.push(`Chords are transposed by ${transpose} semitones, as {capo} or {transpose} says.`);
  }
  if (grids.length === 0 && lyrics.length > 0) {
    notices.push("ChordPro says no lengths: each chord lasts one bar.");
  }
  const bars = grids.length > 0 ? grids : lyrics.map((chord): ChordBar => [{ beat: 0, chord }]);
  if (bars.length === 0) throw new Error("Cannot read ChordPro: it has no chords");
  return {
    bars: bars.map((bar) =>
      bar.map(({ beat, chord }) => ({ beat, chord: chord && transposeChord(chord, transpose) }))
    ),
    beatsPerBar,
    notices,
    ...(key ? { key: { ...key, tonic: (key.tonic + transpose + 24) % 12 } } : {}),
    ...(title ? { title } : {}),
  };
}

function isChorus(environment: string): boolean {
  return environment === "chorus" || environment === "c";
}

function beatsOf(time: string, where: string): number {
  const beats = parseInt(time);
  if (beats >= 1 && beats <= 32) return beats;
  throw new Error(`Cannot read ChordPro, ${where}: {time: ${time}} is not a metre such as 3/4`);
}

function chordsOfLine(line: string, where: string): (Chord | null)[] {
  return Array.from(line.matchAll(/\[([^\]]*)\]/g), ([, symbol]) => symbol!.trim())
    .filter((symbol) => symbol !== "" && !symbol.startsWith("*") && !/^[|:]+$/.test(symbol))
    .map((symbol) => {
      if (/^N\.?C\.?$/i.test(symbol)) return null;
      try {
        return parseChord(symbol.replace(/^\((.*)\)$/, "$1"));
      } catch (cause) {
        throw new Error(`Cannot read ChordPro, ${where}: ${(cause as Error).message}`, { cause });
      }
    });
}

/** Bars of a grid line, without its margins before the first and after the last bar line. */
function gridBars(line: string, beatsPerBar: number, where: string): readonly ChordBar[] {
  const inside = line.slice(line.indexOf("|"), line.lastIndexOf("|") + 1)
    .replaceAll("|.", "|").replace(/(?<=[\s|])\/(?=\s)/g, ".");
  try {
    return parseChords(inside, { beatsPerBar }).bars;
  } catch (cause) {
    throw new Error(`Cannot read ChordPro, ${where}: ${(cause as Error).message}`, { cause });
  }
}
