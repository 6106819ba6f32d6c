import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeMidi } from "../midi/write.ts";
import { exists, sameContent } from "../store/files.ts";
import { writeFileWhole } from "../store/write.ts";
import { parseScore } from "./parse.ts";
import { type Performance, performScore } from "./perform.ts";
import type { Score } from "./score.ts";

/** The folder with the scores that come with the project, wherever the program was started. */
export const starterFolder: string = fileURLToPath(
  new URL("../../data/starter", import.meta.url),
);

/** What {@linkcode buildStarter} reads and writes. */
export interface StarterSettings {
  /** The folder with the scores; {@linkcode starterFolder} unless told. */
  readonly starter?: string;
  /** The folder that gets one MIDI file per score; made if need be. */
  readonly out: string;
}

/** A MIDI file made from a score. */
export interface StarterFile {
  /** Where the MIDI file lies. */
  readonly file: string;
  /** Name and years, as the score has them. */
  readonly composer: string;
  /** The name that the piece goes by. */
  readonly title: string;
  /** Which work it is, and what was done to it. */
  readonly work: string;
  /** Notes as played, with repeats. */
  readonly notes: number;
  /** Notes as written: every section once. */
  readonly writtenNotes: number;
  /** Bars as played; a pickup and the short bar that it completes are two. */
  readonly bars: number;
  /** Length at the score's tempo. */
  readonly seconds: number;
}

/** Where a score's notation ends in a file's name. */
const ending = ".score";

/**
 * Turns the scores of the starter music into MIDI files, one each, in the order of their names.
 *
 * @throws {SyntaxError} when a score does not add up, naming file, line and bar
 * @throws {Error} when the folder holds no scores
 */
export async function buildStarter(
  settings: StarterSettings,
): Promise<{ readonly files: readonly StarterFile[] }> {
  const scores = await readScores(settings.starter ?? starterFolder);
  await Deno.mkdir(settings.out, { recursive: true });
  const files: StarterFile[] = [];
  for (const { name, score } of scores) {
    const performance = performScore(score);
    const file = join(settings.out, `${name}.mid`);
    const bytes = midiOf(score, performance);
    if (!await exists(file)) await writeFileWhole(file, bytes);
    else if (!await sameContent(file, bytes)) {
      throw new Error(
        `Cannot build the starter music: ${file} holds other music; it stays as it is: move it away`,
      );
    }
    files.push({
      file,
      composer: score.composer,
      title: score.title,
      work: score.work,
      notes: performance.notes.length,
      writtenNotes: performScore(score, { repeats: false }).notes.length,
      bars: performance.bars.length,
      seconds: (performance.endTicks / performance.ticksPerBeat / score.beatsPerMinute) * 60,
    });
  }
  return { files };
}

/**
 * Reads every score of a folder, in the order of their names.
 *
 * @throws {SyntaxError} when a score does not follow the notation
 * @throws {Error} when the folder holds no scores
 */
export async function readScores(
  folder: string,
): Promise<readonly { readonly name: string; readonly score: Score }[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    if (entry.isFile && entry.name.endsWith(ending)) names.push(entry.name);
  }
  if (names.length === 0) {
    throw new Error(
      `Cannot build the starter music: found no file ending in ${ending} in ${folder}; ` +
        `give the folder that holds the scores`,
    );
  }
  return await Promise.all(
    names.sort().map(async (name) => {
      const file = join(folder, name);
      const score = parseScore(await Deno.readTextFile(file), file);
      return { name: name.slice(0, -ending.length), score };
    }),
  );
}

/**
 * The MIDI file of a score as it is played: one piano track with both hands.
 *
 * @throws {RangeError} when the metre changes, which the writer has no place for
 */
export function midiOf(score: Score, performance: Performance): Uint8Array {
  const { notes, ticksPerBeat, endTicks, metres } = performance;
  if (metres.length > 1) {
    throw new RangeError(
      `Cannot write ${score.file} as MIDI: found ${metres.length} metres; needed one throughout`,
    );
  }
  return writeMidi({
    notes,
    ticksPerBeat,
    endTicks,
    beatsPerMinute: score.beatsPerMinute,
    timeSignature: metres[0]!,
    name: `${score.composer.replace(/ \(.*/, "")}: ${score.title}`,
  });
}
