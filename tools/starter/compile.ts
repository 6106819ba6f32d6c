/**
 * Compiles the scores of the starter music into the MIDI files beside them: `deno task starter`.
 * @module
 */
import { join } from "node:path";
import { writeMidi } from "../../lib/midi/write.ts";
import { starterFolder } from "../../lib/starter/build.ts";
import { flagsFor } from "../task.ts";
import { parseScore } from "./parse.ts";
import { type Performance, performScore } from "./perform.ts";
import type { Score } from "./score.ts";

/** File extension of scores in the notation. */
const ending = ".score";

if (import.meta.main) {
  flagsFor({
    name: "starter",
    summary: "Compiles the scores of the starter music into the MIDI files beside them.",
    example: "deno task starter",
  }, {});
  for (const { name, score } of await readScores(starterFolder)) {
    await Deno.writeFile(join(starterFolder, `${name}.mid`), midiOf(score, performScore(score)));
  }
}

/**
 * Reads all scores of a folder, sorted by name.
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
      `Cannot compile the starter music: found no file ending in ${ending} in ${folder}; ` +
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
 * Converts a score to a MIDI file: one piano track with both hands, repeats played out.
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
