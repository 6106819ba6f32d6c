/**
 * Measures an adapted model's prediction of held-out music of its style, at several style weights:
 * nats per frame, over all frames but the first of each piece.
 *
 *     deno run -A bench/style.ts --model NAME --midi FOLDER [--models models]
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { join } from "node:path";
import { readMidi } from "../lib/midi/read.ts";
import { loadModel } from "../lib/model/load.ts";
import { sum } from "../lib/numbers.ts";
import { tokenize } from "../lib/tokens/tokenize.ts";

const flags = parseArgs(Deno.args, { string: ["model", "models", "midi"] });
if (!flags.model || !flags.midi) {
  throw new Error("Cannot measure: say with --model NAME --midi FOLDER what, and on which music");
}
const folder = join(`${flags.models ?? "models"}`, `${flags.model}`);
const names = Array.from(Deno.readDirSync(`${flags.midi}`), ({ name }) => name)
  .filter((name) => /\.mid$/i.test(name)).sort();
for (const style of [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5]) {
  const { model, manifest } = await loadModel(folder, { style });
  const losses = names.map((name) => {
    const music = readMidi(Deno.readFileSync(join(`${flags.midi}`, name)));
    const { frames, metres } = tokenize(music, manifest.style.tokenize);
    return model.logProbabilities({ name, frames, metres }).map((log) => -log);
  });
  const frames = sum(losses.map(({ length }) => length));
  console.log(`style ${style}: ${(sum(losses.map((own) => sum(own))) / frames).toFixed(3)} nats`);
  model.dispose();
}
Deno.exit();
