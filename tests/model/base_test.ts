import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { baseFolder, baseGrids, nearestBase, readBase } from "../../lib/model/base.ts";
import { loadModel } from "../../lib/model/load.ts";
import type { Sampling } from "../../lib/model/sampling.ts";
import { readNetwork } from "../../lib/model/pitchwise/weights.ts";
import { generate } from "../../lib/phases/generate.ts";
import { seal } from "../../lib/store/seal.ts";
import { parseChord } from "../../lib/tokens/chord_symbol.ts";
import { Random } from "../../lib/random.ts";
import { starterFolder } from "../../lib/starter/build.ts";
import { readMusicFile } from "../../lib/store/music_files.ts";
import { pitchOf } from "../../lib/tokens/frame.ts";
import type { Frame } from "../../lib/tokens/frame.ts";
import { type BarPlan, metresOf, type Plan } from "../../lib/tokens/plan.ts";
import { tokenize } from "../../lib/tokens/tokenize.ts";
import { planOf } from "../../lib/tokens/plan_of.ts";
import { Vocabulary } from "../../lib/tokens/vocabulary.ts";

const sampling: Sampling = { temperature: 1, topK: 0, topP: 1, rules: [] };
const beats = { unit: "beat", steps: 4, attacks: true } as const;

Deno.test("The base that is nearest to a grid tells notes apart as it does, in steps as long", () => {
  assertEquals(nearestBase(beats), "beats-4");
  assertEquals(nearestBase({ ...beats, steps: 12 }), "beats-4");
  assertEquals(nearestBase({ ...beats, attacks: false }), "beats-4-plain");
  assertEquals(nearestBase({ ...beats, steps: 1, attacks: false }), "beats-1-plain");
  assertEquals(nearestBase({ unit: "second", steps: 10, attacks: true }), "seconds-24");
});

Deno.test("Each bundled network can be read, for its own grid", async () => {
  for (const [name, grid] of Object.entries(baseGrids)) {
    const { name: read, network, hash } = await readBase(baseFolder(), grid);
    assertEquals([read, network.grid], [`base/${name}`, grid]);
    assert(hash.length === 64 && network.numbers.every(Number.isFinite));
  }
});

Deno.test("The base knows music as well as when it was made, and what its music is like", async () => {
  const { model, manifest } = await loadModel(join(baseFolder(), "beats-4"), { threads: 2 });
  const { statistics } = readNetwork(manifest.network);
  assert(statistics!.longestNote > 16 && statistics!.notesPerFrame > 2);
  const music = await readMusicFile(join(starterFolder, "bach-prelude-c-major.mid"));
  const { frames, metres } = tokenize(music, manifest.style.tokenize);
  const nats = -model.logProbabilities({ name: "bach", frames: frames.slice(0, 400), metres })
    .reduce((sum, each) => sum + each, 0);
  assert(Math.abs(nats - 407.020) < 0.01, `${nats}`);
  model.dispose();
});

Deno.test("A run with the base parses its vocabulary only for a primer of notes", async () => {
  const { fromText } = Vocabulary, data = await Deno.makeTempDir();
  let parsed = 0;
  Vocabulary.fromText = (text) => {
    parsed++;
    return fromText(text);
  };
  try {
    const settings = { data, model: "base", frames: 1, candidates: 1, threads: 2 };
    await generate(settings);
    assertEquals(parsed, 0);
    await generate({ ...settings, primerNote: "C4" });
    assertEquals(parsed, 1);
  } finally {
    Vocabulary.fromText = fromText;
    await Deno.remove(data, { recursive: true });
  }
});

/** Eight bars of 4/4 in C major, all alike, but for what `changes` says of one of them. */
function planWith(changes: Partial<BarPlan> = {}, changed = -1): Plan {
  const bar: BarPlan = {
    frames: 16,
    steps: 16,
    like: null,
    notes: 3,
    low: 1,
    high: 0.5,
    register: 60,
    classes: [[0, 4, 7], [2, 7, 11]],
    onsets: [3, 0, 1, 0, 2, 0, 1, 0, 3, 0, 1, 0, 2, 0, 1, 0],
    top: [72, 72, 72, 72],
    bottom: [48, 48, 48, 48],
  };
  const bars = Array.from({ length: 8 }, (_, i) => i === changed ? { ...bar, ...changes } : bar);
  return { bars, ends: true };
}

async function play(plan: Plan, seeds: number, how: Sampling = sampling): Promise<Frame[][]> {
  const { model } = await loadModel(join(baseFolder(), "beats-4"), { threads: 2 });
  const pieces = Array.from({ length: seeds }, (_, i) => ({
    name: `${i}`,
    frames: [] as Frame[],
    metres: metresOf(plan, beats),
    plan,
  }));
  const randoms = pieces.map((_, i) => new Random(i + 1));
  for (let t = 0; t < 128; t++) {
    model.next(pieces, how, randoms).forEach((frame, i) => pieces[i]!.frames.push(frame));
  }
  model.dispose();
  return pieces.map(({ frames }) => frames);
}

/** The mean of what `measure` says of bar `index` of each piece. */
function meanOf(pieces: Frame[][], index: number, measure: (frames: Frame[]) => number): number {
  const values = pieces.map((frames) => measure(frames.slice(16 * index, 16 * index + 16)));
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const notes = (frames: Frame[]) => frames.flat().length / frames.length;
const inC = (frames: Frame[]) =>
  frames.flat().filter((code) => [0, 2, 4, 5, 7, 9, 11].includes(pitchOf(code) % 12)).length /
  Math.max(1, frames.flat().length);
const height = (frames: Frame[]) =>
  frames.flat().reduce((sum, code) => sum + pitchOf(code), 0) / Math.max(1, frames.flat().length);

Deno.test("The base plays to a plan: its harmony, its rhythm, and a bar that is another", async () => {
  const same = await play(planWith(), 6);
  const higher = {
    register: 74,
    low: 0,
    high: 2.5,
    top: [84, 84, 84, 84],
    bottom: [66, 66, 66, 66],
  };
  const high = await play(planWith(higher, 4), 6);
  const still = await play(
    planWith({ notes: 0, low: 0, high: 0, register: null, classes: [[], []] }, 4),
    6,
  );
  assert(meanOf(same, 2, inC) > 0.9, `${meanOf(same, 2, inC)} of bar 2 is in C major`);
  assert(meanOf(high, 4, height) > meanOf(same, 4, height) + 7);
  assert(Math.abs(meanOf(high, 2, height) - meanOf(same, 2, height)) < 5);
  assert(meanOf(still, 4, notes) < meanOf(same, 4, notes));
  const onsets = (step: number) =>
    same.flatMap((frames) => [1, 2, 3, 4, 5].map((bar) => frames[16 * bar + step]!))
      .flat().filter((code) => code < 128).length;
  assert(onsets(0) > 5 * onsets(1) && onsets(8) > 5 * onsets(3), "the rhythm is the plan's");
});

Deno.test("With the rule as-planned, rhythm and pitch envelope are the plan's in almost every frame", async () => {
  const plan = planWith();
  const shares = await Promise.all([[], ["as-planned"] as const].map(async (rules) => {
    const pieces = await play(plan, 6, { ...sampling, rules });
    let kept = 0, all = 0;
    for (const frames of pieces) {
      for (const [t, frame] of frames.entries()) {
        const bar = plan.bars[Math.floor(t / 16)]!, beat = Math.floor(t % 16 / 4);
        const begin = frame.filter((code) => code < 128).length;
        const top = Math.max(0, ...frame.map(pitchOf)), bottom = Math.min(...frame.map(pitchOf));
        const inside = top <= bar.top![beat]! + 1 && bottom >= bar.bottom![beat]! - 1;
        kept += begin === bar.onsets![t % 16] && inside ? 1 : 0;
        all++;
      }
    }
    return kept / all;
  }));
  assert(shares[1]! > 0.97 && shares[1]! > shares[0]! + 0.05, shares.join(" and "));
});

Deno.test("A bar that is planned to be like an earlier one comes back", async () => {
  const { bars } = planWith();
  const likeFirst = bars.map((bar, i): BarPlan =>
    i === 4 ? { ...bar, like: { bar: 0, degree: 1, transpose: 0 } } : bar
  );
  const pieces = await play({ bars: likeFirst, ends: true }, 6);
  const degrees = pieces.map((frames) => {
    const { bars } = planOf({ frames, metres: metresOf(planWith(), beats) }, beats);
    return bars[4]!.like?.bar === 0 ? bars[4]!.like.degree : 0;
  });
  assert(degrees.filter((degree) => degree > 0.5).length >= 4, degrees.join());
});

Deno.test("A base that is missing, damaged or of another kind is refused, with the way without", async () => {
  const folder = await Deno.makeTempDir();
  await assertRejects(() => readBase(join(folder, "no"), beats), Error, '"--from nothing"');
  const copy = join(folder, "copy");
  await copyFolder(join(baseFolder(), "beats-4"), copy);
  assertEquals((await readBase(copy, beats)).name, "copy");
  await assertRejects(() => readBase(copy, { ...beats, attacks: false }), Error, "with attacks");
  const weights = [...Deno.readDirSync(copy)].find(({ isDirectory }) => isDirectory)!.name;
  await Deno.writeFile(join(copy, weights, "weights.bin"), new Uint8Array(100));
  await assertRejects(() => readBase(copy, beats), Error, '"copy"');
  await Deno.remove(folder, { recursive: true });
});

Deno.test("A model of format 4, which does not see chords, plays as it did", async () => {
  const folder = await Deno.makeTempDir(), copy = join(folder, "copy");
  await copyFolder(join(baseFolder(), "beats-4"), copy);
  const { checksum: _, ...manifest } = JSON.parse(
    await Deno.readTextFile(join(copy, "manifest.json")),
  );
  const network = { ...manifest.network, chords: undefined };
  const sealed = seal({ ...manifest, formatVersion: 4, network });
  await Deno.writeTextFile(join(copy, "manifest.json"), sealed);
  const { model } = await loadModel(copy, { threads: 2 });
  const bars = planWith().bars.map((bar) => ({
    ...bar,
    chords: [{ step: 0, chord: parseChord("Am") }],
  }));
  const [plain, chords] = [planWith(), { bars, ends: true }].map((plan) => {
    const frames: Frame[] = [], random = [new Random(1)];
    const piece = { name: "", frames, metres: metresOf(plan, beats), plan };
    for (let t = 0; t < 32; t++) frames.push(...model.next([piece], sampling, random));
    return frames;
  });
  assertEquals(chords, plain);
  assert(plain!.some((frame) => frame.length > 0));
  model.dispose();
  await Deno.remove(folder, { recursive: true });
});

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to);
  for (const { name, isDirectory } of Deno.readDirSync(from)) {
    if (isDirectory) await copyFolder(join(from, name), join(to, name));
    else await Deno.copyFile(join(from, name), join(to, name));
  }
}
