/**
 * Trains the base, `models/base`: networks for a few grids, from which training starts. Chooses the
 * pieces, makes corpora from them, trains, removes what only training needs, and lists the training
 * pieces.
 *
 * With `--from` the networks start from earlier ones instead of random weights, need only part of the
 * time, and are averaged with them.
 *
 * Every tenth piece of the first folder is held out, for measuring at the end. A file
 * `LICENCES.tsv` in a folder (file, source, licence, composer, title, …) is carried over into the
 * list of the music.
 *
 * @module
 */
import { basename, join, resolve } from "node:path";
import { loadCorpus } from "../lib/corpus/corpus.ts";
import { passageFilter } from "../lib/evaluate/passage_filter.ts";
import { referenceFiles, referenceOf } from "../lib/generate/reference.ts";
import { BUNDLE } from "../lib/model/bundle_files.ts";
import { baseGrids } from "../lib/model/base.ts";
import {
  openModel,
  readModelArrays,
  readModelHistory,
  readModelOpenings,
  saveModel,
} from "../lib/model/bundle.ts";
import { pitchwiseDefaults } from "../lib/model/pitchwise/settings.ts";
import { preprocess } from "../lib/phases/preprocess.ts";
import { list, number, onOff, path } from "../lib/phases/settings/declare.ts";
import { progressDisplay } from "../lib/show/progress.ts";
import { train } from "../lib/phases/train.ts";
import { learnDiscriminator } from "../lib/phases/train/discriminator.ts";
import { musicToLearn } from "../lib/phases/train/training_music.ts";
import { buildStarter } from "../lib/starter/build.ts";
import { exists } from "../lib/store/files.ts";
import { findMidiFiles } from "../lib/store/midi_files.ts";
import { averagedWeights } from "./base/average.ts";
import { heldOutLoss, TOLD } from "./base/held_out_loss.ts";
import { listMusic } from "./base/music_list.ts";
import { flagsFor, THREADS } from "./task.ts";
import { Vocabulary } from "../lib/tokens/vocabulary.ts";

/**
 * Interval of held-out pieces: every tenth piece of the first folder is held out, for measuring on
 * unseen music.
 */
const HELD_OUT_EVERY = 10;

/** Maximum number of training pieces by one composer (the part of a file's name before `__`). */
const MOST_OF_ONE_COMPOSER = 60;

/** Training time of each network as a share of `--minutes`; most people use the first. */
const shares: Readonly<Record<string, number>> = {
  "beats-4": 1,
  "seconds-24": 0.25,
  "beats-4-plain": 0.2,
  "beats-1-plain": 0.15,
};

/**
 * Number of plans and openings shipped with the first network, for generating with the base alone.
 */
const PLANS = 72, PLANS_OF_OTHERS = 12, OPENINGS = 24;

/** Splits the files of some folders into training and held-out pieces. */
async function choosePieces(
  folders: readonly string[],
): Promise<{ learned: string[]; heldOut: string[] }> {
  const learned: string[] = [], heldOut: string[] = [];
  for (const [index, folder] of folders.entries()) {
    const files = (await findMidiFiles(folder)).names.map((name) => join(folder, name)).sort();
    files.forEach((file, i) =>
      (index === 0 && i % HELD_OUT_EVERY === 0 ? heldOut : learned).push(file)
    );
  }
  const ofComposer = new Map<string, string[]>();
  for (const file of learned) {
    const [composer = "", title] = basename(file).split("__");
    const key = title === undefined ? file : composer;
    ofComposer.set(key, [...(ofComposer.get(key) ?? []), file]);
  }
  const kept = [...ofComposer.values()].flatMap((files) => {
    const each = files.length / Math.min(files.length, MOST_OF_ONE_COMPOSER);
    return files.filter((_, i) => Math.floor(i / each) !== Math.floor((i - 1) / each));
  });
  return { learned: kept.sort(), heldOut };
}

/**
 * Writes a trained model to `out` with 16-bit weights and without what only training needs, and
 * trains its discriminator if it is the one that generates.
 * @param before folder of the network that it started from, if any
 */
async function ship(
  folder: string,
  corpusFolder: string,
  out: string,
  before: string | undefined,
): Promise<void> {
  const bundle = await openModel(folder), corpus = await loadCorpus(corpusFolder);
  const pieces = corpus.pieces.map((_, index) => corpus.piece(index));
  const plays = basename(out) === Object.keys(baseGrids)[0];
  const plans = plays ? PLANS : PLANS_OF_OTHERS;
  const every = Math.ceil(pieces.length / plans);
  const some = [...pieces.keys()].filter((index) => index % every === 0);
  const { model, corpus: source, style, settings, position, seconds, network } = bundle.manifest;
  await saveModel(out, { model, corpus: source, style, settings, position, seconds, network }, {
    weights: before === undefined
      ? await readModelArrays(bundle, "weights")
      : await averagedWeights(folder, before),
    checkpoint: [],
    vocabulary: Vocabulary.fromCounts(new Map()),
    history: { epochs: (await readModelHistory(bundle)).epochs, steps: [] },
    backOff: JSON.parse(await bundle.text(BUNDLE.backOff)),
    openings: (await readModelOpenings(bundle)).slice(0, OPENINGS),
    reference: {
      ...referenceFiles(referenceOf(corpus, some)),
      [BUNDLE.passages]: passageFilter(pieces, corpus.grid).encode(),
    },
    topology: { class_name: "Pitchwise", config: {} },
  });
  if (plays) await learnDiscriminator(out, musicToLearn(corpus, settings), settings, {});
}

/**
 * Learning rate for networks that start from earlier ones: a quarter of the usual rate, so that what
 * these know of the same music is kept.
 */
const RATE_FROM_OTHERS = pitchwiseDefaults.learningRate / 4;

/**
 * Makes a network of a folder available to `train`, by name.
 * @returns the name, which `--from` takes
 */
async function startingPoint(from: string, grid: string, models: string): Promise<string> {
  const name = `${grid}-before`, link = join(models, name);
  await Deno.mkdir(models, { recursive: true });
  if (await exists(link)) await Deno.remove(link);
  await Deno.symlink(resolve(from, grid), link);
  return name;
}

if (import.meta.main) {
  const { midi: folders, grids, from, minutes, work, out, threads, ...flags } = flagsFor<{
    readonly midi: readonly string[];
    readonly grids?: readonly string[];
    readonly from?: string;
    readonly minutes: number;
    readonly work: string;
    readonly out: string;
    readonly threads?: number;
    readonly "ship-only"?: boolean;
  }>({
    name: "base",
    summary: "Makes the bundled networks again, from folders of MIDI files.",
    example: "deno task base --midi FOLDER,FOLDER --grids beats-4",
  }, {
    midi: list("FOLDERS", "Where the music lies; of the first, every tenth piece is held out", {
      required: true,
    }),
    grids: list<readonly string[]>("GRIDS", "Which networks", {
      choices: Object.keys(baseGrids),
      usually: Object.keys(baseGrids).join(),
    }),
    from: path("DIR", "Folder of networks, by grid, that they start from", {
      usually: "random numbers",
    }),
    minutes: number("M", "How long the first learns; the others a share of that", {
      above: 0,
      default: 45,
    }),
    work: path("DIR", "Where corpora and models lie meanwhile", { default: "data/base" }),
    out: path("DIR", "Where the networks are put", { default: "models/base" }),
    threads: THREADS,
    "ship-only": onOff("Puts there what was learned before"),
  });
  const { learned, heldOut } = await choosePieces(folders);
  const midi = join(work, "midi"), starter = join(work, "starter");
  await Deno.mkdir(midi, { recursive: true });
  await buildStarter({ out: starter });
  const own = (await findMidiFiles(starter)).names.map((name) => join(starter, name));
  for (const file of [...own, ...learned]) await Deno.copyFile(file, join(midi, basename(file)));
  const roots = { data: join(work, "data"), models: join(work, "models") };
  const figures: string[] = [];
  for (const [name, grid] of Object.entries(baseGrids)) {
    if (!grids || grids.includes(name)) {
      const { unit, steps, attacks } = grid, onProgress = progressDisplay();
      const cut = unit === "beat" ? { stepsPerBeat: steps } : { framesPerSecond: steps };
      if (!flags["ship-only"]) {
        console.log(
          `${await preprocess({ ...roots, ...cut, attacks, midi, name }, { onProgress })}`,
        );
        const start = from
          ? {
            from: await startingPoint(from, name, roots.models),
            learningRate: RATE_FROM_OTHERS,
          }
          : { from: "nothing" };
        const how = { corpus: name, name, model: "pitchwise", ...start, threads } as const;
        const lasts = minutes * shares[name]!;
        console.log(
          `${await train({ ...roots, ...how, minutes: lasts, overwrite: true }, { onProgress })}`,
        );
      }
      const corpus = join(roots.data, "corpora", name);
      await ship(join(roots.models, name), corpus, join(out, name), from && join(from, name));
    } else if (!await exists(join(out, name))) continue;
    const { seconds, position } = (await openModel(join(out, name))).manifest;
    const nats = await heldOutLoss(join(out, name), heldOut, { told: TOLD });
    figures.push([
      ...[name, (seconds / 60).toFixed(1), position.epoch],
      ...TOLD.map((told) => nats[told].toFixed(3)),
    ].join("\t"));
    console.log(figures.at(-1));
  }
  await Deno.writeTextFile(
    join(out, "MUSIC.tsv"),
    await listMusic([...own, ...learned], heldOut),
  );
  await Deno.writeTextFile(
    join(out, "FIGURES.tsv"),
    [
      ["grid", "minutes", "epochs", ...TOLD.map((told) => `nats per frame, told ${told}`)].join(
        "\t",
      ),
      ...figures,
    ].join("\n") + "\n",
  );
}
