import type { CorpusStyle } from "../../corpus/corpus.ts";
import { isChordPro, readChordPro } from "../../harmony/chordpro.ts";
import { parseChords } from "../../harmony/chord_text.ts";
import { readIReal } from "../../harmony/ireal.ts";
import { sheetOfPiece } from "../../harmony/piece_chords.ts";
import { sheetOfScore } from "../../harmony/score_chords.ts";
import type { ChordSheet } from "../../harmony/sheet.ts";
import { isScoreName } from "../../notation/kinds.ts";
import { readScore } from "../../notation/read.ts";
import { attempt, readFileUpTo } from "../../store/files.ts";
import { readMusicFile } from "../../store/music_files.ts";
import { chordsFrom, withChords } from "../../generate/plan/chords.ts";
import type { FormWishes } from "../../generate/plan/new_plan.ts";
import { keyOfChords } from "../../harmony/scale.ts";
import { quartersIn } from "../../midi/metre.ts";
import { bassOf } from "../../tokens/chord.ts";
import type { Grid } from "../../tokens/piece.ts";
import { type Plan, upbeatBars } from "../../tokens/plan.ts";
import { type Key, parseKey } from "../../tokens/key.ts";
import { tokenize } from "../../tokens/tokenize.ts";
import { chordFile, FROM } from "../settings/generate.ts";
import type { FormWish } from "./wishes.ts";

/** Largest lead sheet in bytes. */
const MOST_BYTES = 8 * 2 ** 20;

/**
 * The requested chords; undefined where there are none.
 * @throws {Error} with what cannot be read, and where
 */
export async function chordSheetFor(
  { chords, key, metre }: Pick<FormWish, "chords" | "key" | "metre">,
  { timeSignature, tokenize: how }: CorpusStyle,
): Promise<ChordSheet | undefined> {
  if (chords === undefined) return undefined;
  const [, numerator] = /^(\d{1,2})\//.exec(metre ?? "") ?? [];
  const beatsPerBar = Number(numerator ?? timeSignature[0]);
  const options = { beatsPerBar, ...(key === undefined ? {} : { key: parseKey(key) }) };
  const file = chordFile(chords);
  if (file === undefined) return parseChords(chords, options);
  if (chords.startsWith(FROM)) {
    return await attempt(`find chords in ${file}`, async () => {
      const { frames, metres, timeSignature: [beats] } = tokenize(await readMusicFile(file), how);
      return sheetOfPiece({ frames, metres }, how.grid, beats);
    });
  }
  return await attempt(`read the chords of ${file}`, async () => {
    const bytes = await readFileUpTo(file, MOST_BYTES);
    if (isScoreName(file)) return sheetOfScore(readScore(bytes));
    const text = new TextDecoder().decode(bytes);
    if (/irealb(ook)?:\/\//.test(text)) return readIReal(text);
    return isChordPro(text) ? readChordPro(text) : parseChords(text, options);
  });
}

/** A plan fitted to the chords of a sheet, closing on the last of them. */
export function heldTo<Made extends { readonly plan: Plan; readonly key: Key }>(
  { bars, beatsPerBar }: ChordSheet,
  made: Made,
  grid: Grid,
): Made {
  const chordsAt = chordsFrom(bars, upbeatBars(made.plan));
  const plan = withChords(made.plan, chordsAt, beatsPerBar, grid);
  const last = plan.bars.at(-1)!.chords?.findLast(({ chord }) => chord)?.chord;
  const key = last ? { ...made.key, tonic: bassOf(last) } : made.key;
  return { ...made, plan, key };
}

/** Default least number of bars of music to chords; fewer are repeated. */
const LEAST_CHORD_BARS = 16;

/**
 * A requested new form with the length and the plan that a sheet's chords ask for, where nothing
 * else is said: as many bars as play all of them to the end.
 */
export function wishesOfSheet(
  { bars, beatsPerBar, key }: ChordSheet,
  asked: FormWish,
  wishes: FormWishes,
  { tokenize: { grid }, timeSignature: [numerator, usual] }: CorpusStyle,
): [FormWish, FormWishes] {
  const isCompound = beatsPerBar > 3 && beatsPerBar % 3 === 0;
  const denominator = beatsPerBar === numerator ? usual : isCompound ? 8 : 4;
  const signature = [beatsPerBar, denominator] as const, all = bars.length;
  const hasLength = Object.values(asked.length).some((length) => length !== undefined);
  const whole = { bars: all * Math.ceil(LEAST_CHORD_BARS / all) };
  return [hasLength ? asked : { ...asked, length: whole }, {
    key: key ?? keyOfChords(bars.flatMap((bar) => bar.map(({ chord }) => chord))),
    metre: { steps: grid.steps * quartersIn(signature), signature },
    ...wishes,
  }];
}
