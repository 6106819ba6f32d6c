/**
 * Measures key finding in each folder of MIDI files: from all notes of a file without its key
 * signature, with it, and from the plan of its bars; the wrong tonics and modes; and the key
 * signatures of its score. The truth is `keys.tsv` in the folder (a file's name, a tab, its key or
 * keys, each `A minor`, `;` between), else the signatures of the files that have only one.
 *
 *     deno run --allow-read bench/keys.ts FOLDER ...
 *
 * @module
 */
import { join } from "node:path";
import { choosePiano } from "../lib/midi/piano.ts";
import { writeSheet } from "../lib/score/sheet.ts";
import { scoreMusic } from "../lib/score/score_music.ts";
import { findMidiFiles } from "../lib/store/midi_files.ts";
import { readMusicFile } from "../lib/store/music_files.ts";
import { evidenceIn, findKey, halvesOf, keyOf, lastBassIn } from "../lib/tokens/find_key.ts";
import { classAt, type Key, keyName, parseKey, written } from "../lib/tokens/key.ts";
import { planOf } from "../lib/tokens/plan_of.ts";
import { tokenize } from "../lib/tokens/tokenize.ts";
import { USUAL_TOKENS } from "./table.ts";

const isSame = (a: Key, b: Key) => a.tonic === b.tonic && a.mode === b.mode;

async function truthsOf(folder: string): Promise<Map<string, Key[]> | undefined> {
  try {
    const lines = (await Deno.readTextFile(join(folder, "keys.tsv"))).trim().split("\n");
    return new Map(lines.map((line) => {
      const [name = "", keys = ""] = line.split("\t");
      return [name, keys.split(";").map((key) => parseKey(key))];
    }));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

for (const folder of Deno.args) {
  const truths = await truthsOf(folder);
  const { names } = await findMidiFiles(folder);
  const right: Record<string, number> = {}, confused: Record<string, string[]> = {};
  let pieces = 0;
  for (const name of names) {
    const music = await readMusicFile(join(folder, name)).catch(() => undefined);
    if (music === undefined || choosePiano(music, "piano").parts.length === 0) continue;
    const { keySignatures: [signature, ...others] } = music;
    const own = signature === undefined || others.length > 0 ? undefined : [{
      tonic: classAt(signature.fifths + (signature.mode === "minor" ? 3 : 0)),
      mode: signature.mode,
    }];
    const truth = truths ? truths.get(name) : own;
    if (truth === undefined) continue;
    pieces++;
    const { parts } = choosePiano(music, "piano");
    const { notes, bars } = scoreMusic(music, parts);
    const halves = halvesOf(bars.map(({ start, length }) => ({ start, end: start + length })));
    const evidence = evidenceIn(notes, halves), lastBass = lastBassIn(notes, halves);
    const { frames, metres } = tokenize(music, USUAL_TOKENS);
    const found = {
      "by its notes": findKey(evidence, { lastBass }),
      "with the file's signature": findKey(evidence, { lastBass, signature }),
      "by its plan": keyOf(planOf({ frames, metres }, USUAL_TOKENS.grid).bars, true),
    };
    for (const [way, key] of Object.entries(found)) {
      right[way] ??= 0;
      if (truth.some((one) => isSame(one, key))) right[way]++;
      else (confused[way] ??= []).push(`${name}: ${keyName(key)}, not ${keyName(truth[0]!)}`);
    }
    for (const bare of [false, true]) {
      const way = bare ? "signature throughout, unsigned" : "signature throughout";
      right[way] ??= 0;
      const sheet = writeSheet(bare ? { ...music, keySignatures: [] } : music, name);
      const wanted = truth.map((key) => (written(key).fifths + 12) % 12);
      const wrong = sheet.bars.find(({ key }) => !wanted.includes((key.fifths + 12) % 12));
      if (wrong === undefined) right[way]++;
      else {(confused[way] ??= []).push(
          `${name}: ${keyName(wrong.key)} in bar ${sheet.bars.indexOf(wrong) + 1}`,
        );}
    }
  }
  console.log(`${folder}: ${pieces} pieces`);
  for (const [way, count] of Object.entries(right)) {
    console.log(
      `  ${way.padEnd(32)} ${count} of ${pieces}, ${(100 * count / pieces).toFixed(1)} %`,
    );
    for (const line of confused[way] ?? []) console.log(`    ${line}`);
  }
}
