/**
 * Times a training step of the pitchwise network beside the same network in PyTorch, in turns. A
 * first turn only checks that both have the same loss before and after training; each later one
 * checks it again. Random music on 88 pitches, four notes a frame; no dropout, so that both compute
 * the same.
 *
 *     deno run -A bench/pitchwise.ts [--batch 64] [--width 96] [--layers 1] [--steps 30]
 *         [--threads 2] [--python python3]
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "@std/cli/parse-args";
import * as fields from "../lib/model/pitchwise/kernels/fields.ts";
import { startPitchwise } from "../lib/model/architectures.ts";
import { stopHeap } from "../lib/wasm/heap.ts";
import { placeMusic } from "../lib/model/pitchwise/place.ts";
import { layOut } from "../lib/model/pitchwise/layout.ts";
import { compactPieces } from "../lib/model/pitchwise/music.ts";
import { pitchwiseDefaults } from "../lib/model/pitchwise/settings.ts";
import { createPitchwiseTrainer } from "../lib/model/pitchwise/trainer.ts";
import { Random } from "../lib/random.ts";
import type { Frame } from "../lib/tokens/frame.ts";

const LOWEST = 21, PITCHES = 88, LEARNING_RATE = 1e-4, TURNS = 3;
const flags = parseArgs(Deno.args, {
  string: ["batch", "width", "layers", "steps", "threads", "python"],
});
const number = (name: string, otherwise: number) => Number(flags[name] ?? otherwise);
const batch = number("batch", 64), steps = number("steps", 30);
const settings = {
  ...pitchwiseDefaults,
  width: number("width", 96),
  layers: number("layers", pitchwiseDefaults.layers),
  dropout: 0,
  inputDropout: 0,
  pastNoise: 0,
  transpose: 0,
  memoryEpochs: Infinity,
  averaging: 1, // the averaged weights are the last ones
  clip: 1e9,
};
const backend = await startPitchwise({ threads: number("threads", navigator.hardwareConcurrency) });
const grid = { unit: "beat", steps: 1, attacks: false } as const, random = new Random(1);
/** Random numbers that make the network train without plans, as the one in PyTorch does. */
class Planless extends Random {
  override next(): number {
    return 0;
  }
}
const planless = new Planless(1);

// Half of the notes go on, so that age and echo have something to tell.
const frames: Frame[] = [Array.from({ length: PITCHES }, (_, i) => LOWEST + i)];
while (frames.length < 400) {
  const kept = frames.length === 1 ? [] : frames.at(-1)!.filter(() => random.next() < 0.5);
  const frame = new Set(kept);
  while (frame.size < 4) frame.add(LOWEST + 2 + random.below(PITCHES - 4));
  frames.push([...frame].sort((a, b) => a - b));
}
frames.shift();
frames.unshift([LOWEST + 2, LOWEST + PITCHES - 3]); // so that the keyboard, with its margin, has 88
const metres = [{ frame: 0, stepsPerBar: 4, phase: 0 }];
const music = compactPieces([{ name: "random", frames, metres }]);
const corpus = {
  grid,
  ids: music.ids,
  pieces: music.pieces,
  chords: [[]],
  vocabulary: {
    size: music.starts.length - 1,
    frame: (id: number) => [...music.codes.subarray(music.starts[id]!, music.starts[id + 1]!)],
  },
};
const targets = Int32Array.from({ length: batch }, () => 130 + random.below(frames.length - 130));
const folder = await Deno.makeTempDir();
await writeBatch();

const trainer = createPitchwiseTrainer(corpus, settings, backend, new Random(1));
const layout = layOut(settings, { lowest: LOWEST, pitches: PITCHES, states: 1 });
const start = { weights: trainer.weights(), state: trainer.state() };
for (const { name, values } of start.weights) await writeNumbers("weights", name, values);
await Deno.writeTextFile(
  `${folder}/shapes.json`,
  JSON.stringify({
    lags: settings.lags,
    layers: settings.layers,
    learning_rate: LEARNING_RATE,
    weights: Object.fromEntries(
      start.weights.map(({ name, shape }) => [name, shape]),
    ),
    batch: batchShapes(),
  }),
);

await takeTurn("equal results", 1); // before anything is timed
const ours: number[] = [], theirs: number[] = [];
for (let turn = 1; turn <= TURNS; turn++) {
  const { own, peer, text } = await takeTurn(`turn ${turn}`, steps);
  ours.push(own);
  theirs.push(peer);
  console.log(`${text}, ms per step ${own.toFixed(1)} (PyTorch ${peer.toFixed(1)})`);
}
const [a, b] = [Math.min(...ours), Math.min(...theirs)];
console.log(
  `${backend.describe()}; batch ${batch}, ${layout.parameters.toLocaleString("en")} parameters: ` +
    `${a.toFixed(1)} ms, PyTorch ${b.toFixed(1)} ms; ${(b / a).toFixed(1)} times as fast`,
);
trainer.dispose();
await Deno.remove(folder, { recursive: true });
await stopHeap();

/**
 * Milliseconds per step of both, from the same weights.
 * @throws {Error} if PyTorch fails, or the losses differ
 */
async function takeTurn(what: string, steps: number) {
  trainer.restore(start.weights, start.state);
  const losses = [step(), step()], before = performance.now();
  for (let i = 0; i < steps; i++) losses.push(step());
  const own = (performance.now() - before) / steps;
  const { stdout, success, stderr } = await new Deno.Command(String(flags.python ?? "python3"), {
    args: [
      fileURLToPath(new URL("peers/pitchwise.py", import.meta.url)),
      folder,
      String(steps),
      String(backend.threads),
    ],
  }).output();
  if (!success) throw new Error(`PyTorch failed: ${new TextDecoder().decode(stderr)}`);
  const peer = JSON.parse(new TextDecoder().decode(stdout));
  const first = losses[0]!, last = losses.at(-1)!;
  if (Math.abs(first - peer.first) > 1e-3 || Math.abs(last - peer.last) > 0.01 * Math.abs(first)) {
    throw new Error(
      `Losses differ: ours ${first} then ${last}, PyTorch's ${peer.first} then ${peer.last}`,
    );
  }
  const text = `${what}: loss ${first.toFixed(4)} to ${last.toFixed(4)} (PyTorch ` +
    `${peer.first.toFixed(4)} to ${peer.last.toFixed(4)})`;
  return { own, peer: peer.milliseconds as number, text };
}

function step(): number {
  return trainer.step(targets, { learningRate: LEARNING_RATE, random: planless });
}

async function writeNumbers(kind: string, name: string, values: Float32Array | Int32Array) {
  await Deno.mkdir(`${folder}/${kind}`, { recursive: true });
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  await Deno.writeFile(`${folder}/${kind}/${name.replaceAll("/", "_")}`, bytes);
}

function batchShapes(): Record<string, number[]> {
  return {
    frame: [batch, PITCHES],
    past: [batch, settings.lags.length, PITCHES],
    profile: [batch, 3, 12],
    profile_frames: [batch, 3],
    echo: [batch, 2, PITCHES],
    echo_class: [batch, 2],
    places: [batch, 3],
    polyphony: [batch],
    since: [batch, PITCHES],
    age: [batch, PITCHES],
    count: [batch, PITCHES],
  };
}

/** Inputs of the network for each target, as dense arrays. */
async function writeBatch(): Promise<void> {
  const keyboard = layOut(settings, { lowest: LOWEST, pitches: PITCHES, states: 1 });
  const placed = placeMusic(backend, music, grid, keyboard);
  const heap = backend.memory.buffer;
  const block = new Uint32Array(heap, placed.block, fields.MUSIC_WORDS);
  const information = new Int32Array(
    heap,
    block[fields.INFORMATION]!,
    frames.length * fields.FRAME_WORDS,
  );
  const arrays = new Map(
    Object.keys(batchShapes()).map((name) => [name, [] as number[]]),
  );
  const put = (name: string, values: Iterable<number>) => arrays.get(name)!.push(...values);
  const roll = (frame: Frame) =>
    Array.from({ length: PITCHES }, (_, p) => frame.includes(p + LOWEST) ? 1 : 0);
  for (const t of targets) {
    put("frame", roll(frames[t]!));
    for (const lag of settings.lags) put("past", roll(frames[t - lag]!));
    const past = frames.slice(t - 128, t).reverse();
    for (const horizon of [8, 32, 128]) {
      const notes = past.slice(0, horizon).flat();
      put(
        "profile",
        Array.from(
          { length: 12 },
          (_, c) => notes.filter((pitch) => (pitch - LOWEST) % 12 === c).length,
        ),
      );
      put("profile_frames", [horizon]);
    }
    const words = information.subarray(t * fields.FRAME_WORDS, (t + 1) * fields.FRAME_WORDS);
    for (let e = 0; e < 2; e++) {
      const source = words[fields.ECHO_FRAME + e]!;
      put("echo", roll(source < 0 ? [] : frames[source]!));
      put("echo_class", [source < 0 ? -1 : words[fields.ECHO_KIND + e]!]);
    }
    put(
      "places",
      keyboard.places.map((row, i) => words[fields.PLACES + i]! - row),
    );
    put("polyphony", [Math.min(9, frames[t - 1]!.length)]);
    for (let p = 0; p < PITCHES; p++) {
      const sounds = past.map((frame) => frame.includes(p + LOWEST));
      const silent = sounds.indexOf(false);
      put("since", [bucket(sounds.indexOf(true) + 1)]);
      put("age", [bucket(silent < 0 ? 128 : silent)]);
      put("count", [bucket(sounds.filter((one) => one).length)]);
    }
  }
  for (const [name, values] of arrays) await writeNumbers("batch", name, Int32Array.from(values));
  placed.free();
}

/** −1 for 0, then 0, 1, 2, 3, then 5–6, 7–8, 9–12, 13–16, … */
function bucket(n: number): number {
  return [0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128].findIndex((most) => n <= most) - 1;
}
