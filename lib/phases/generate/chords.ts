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
import { parseKey } from "../../tokens/key.ts";
import { tokenize } from "../../tokens/tokenize.ts";
import type { GenerateSettings } from "../settings/generate.ts";

/** What stands before a music file whose chords are to be found. */
const FROM = "from:";

/** No lead sheet is larger, in bytes. */
const MOST_BYTES = 8 * 2 ** 20;

/** What a lead sheet's name ends in; other text is chords. */
const SHEET_NAME = /\.(txt|cho|crd|chopro|chordpro|pro|html?|irealb?|musicxml|xml|mxl)$/i;

/** The file that `--chords` names, if it names one. */
export function chordFile(chords: string | undefined): string | undefined {
  if (chords?.startsWith(FROM)) return chords.slice(FROM.length);
  return chords !== undefined && SHEET_NAME.test(chords) ? chords : undefined;
}

/**
 * The chords that are asked for; undefined where none are.
 * @throws {Error} that says what cannot be read, and where
 */
export async function chordSheetFor(
  { chords, key, metre }: Pick<GenerateSettings, "chords" | "key" | "metre">,
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
