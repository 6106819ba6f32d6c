import { loadCorpus } from "../corpus/corpus.ts";
import { gatherWindows, pieceStarts, targetsOf } from "../corpus/windows.ts";
import type { ToneMidi } from "../midi/tone.ts";
import { loadPackage } from "../packages.ts";
import { corpusFolder, modelFolder } from "../phases/run.ts";
import type { Roots } from "../phases/settings/shared.ts";
import { midiRoll as rollOf } from "../show/midi_roll.ts";
import type { MidiRollOptions } from "../show/piano_roll.ts";
import type { Plot } from "../show/plot.ts";
import { atHome } from "../store/home.ts";
import { inCell, inProject } from "./cell.ts";

type LayersModel = Awaited<ReturnType<typeof loadLayersModel>>;

const loadTfjs = () =>
  loadPackage<typeof import("@tensorflow/tfjs")>("hand music to tfjs", "@tensorflow/tfjs");

const loadBackend = () => import("../model/combination/backend.ts");

/**
 * The piano roll of a MIDI file's pitched parts.
 * @param file path of a MIDI file, or a `Midi` object of `@tonejs/midi`
 * @throws {Error} if it cannot be read or has no notes
 * @example
 * ```ts
 * import { midiRoll } from "../../mod.ts";
 * const roll = await midiRoll("data/generated/mine.mid", { frames: 64 });
 * await Deno.writeTextFile("roll.svg", await roll.svg());
 * ```
 */
export function midiRoll(file: string | ToneMidi, options: MidiRollOptions = {}): Promise<Plot> {
  return inProject(() => rollOf(typeof file === "string" ? atHome(file) : file, options));
}

/**
 * The original network of a bundle as a tfjs model: `summary`, `predict` and `fit` work as on any
 * other. Its input is windows of combination ids, [rows, 40], and its output the probability of
 * each combination to come next, [rows, combinations].
 *
 * Starts the backend if it is not running; the caller disposes the model.
 *
 * @param name name of a model trained with `model: "combination"`
 * @returns a `tf.LayersModel`
 * @throws {Error} if there is no such model, it is damaged, or it is of another architecture
 * @example
 * ```ts
 * import { loadExamples, loadLayersModel, train } from "../../mod.ts";
 * await train({ corpus: "mine", name: "original", model: "combination", epochs: 1 });
 * const model = await loadLayersModel("original");
 * model.summary();
 * const { windows, labels } = await loadExamples("mine", { rows: 100 });
 * model.compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy" });
 * await model.fit(windows, labels, { epochs: 1, verbose: 0 });
 * for (const each of [model, windows, labels]) each.dispose();
 * ```
 */
export function loadLayersModel(
  name: string,
  { data: _, models, ...options }: Roots & {
    /** Number of threads, the calling one included; 1 to 8. Default: all cores, up to 8. */
    readonly threads?: number;
    /**
     * `auto` (default): relaxed SIMD if supported by the engine and system; `plain`: plain SIMD.
     */
    readonly simd?: "auto" | "plain";
  } = {},
): ReturnType<typeof import("@tensorflow/tfjs")["loadLayersModel"]> {
  const work = async () => {
    await (await loadBackend()).startBackend(options);
    const { loadLayersModel } = await loadTfjs();
    const { bundleFiles } = await import("../model/combination/files.ts");
    return stoppable(await loadLayersModel(bundleFiles(modelFolder({ models }, name))));
  };
  return inCell({ work });
}

/** A network whose `fit` heeds the stop button: it ends after a batch, or does not begin. */
export function stoppable<T extends Pick<LayersModel, "fit" | "stopTraining">>(network: T): T {
  const fit = network.fit.bind(network);
  network.fit = (...examples) =>
    inCell({
      work: async ({ signal }) => {
        signal?.addEventListener("abort", () => network.stopTraining = true);
        const history = await fit(...examples);
        signal?.throwIfAborted();
        return history;
      },
    });
  return network;
}

/**
 * Training examples of the original network as tensors, for a custom network or for `fit` of a
 * model from {@linkcode loadLayersModel}: `windows` [rows, window], the preceding combination ids,
 * oldest first and 0 before a piece begins, and `labels` [rows], the id that came next.
 *
 * Starts the backend if it is not running; the caller disposes both.
 *
 * @param corpus name of a corpus; its frames are used piece by piece, except each piece's first
 * @param options.window past frames in each row. Default 40
 * @param options.rows most rows. Default: all
 * @throws {Error} if there is no such corpus, or it is damaged
 * @example
 * ```ts
 * import { loadExamples } from "../../mod.ts";
 * const { windows, labels } = await loadExamples("mine", { rows: 100 });
 * console.log(windows.shape, labels.shape); // [100, 40] [100]
 * for (const each of [windows, labels]) each.dispose();
 * ```
 */
export function loadExamples(
  corpus: string,
  { window = 40, rows, data }: Pick<Roots, "data"> & {
    readonly window?: number;
    readonly rows?: number;
  } = {},
): Promise<{
  readonly windows: ReturnType<typeof import("@tensorflow/tfjs")["tensor2d"]>;
  readonly labels: ReturnType<typeof import("@tensorflow/tfjs")["tensor1d"]>;
}> {
  const work = async () => {
    const music = await loadCorpus(corpusFolder({ data }, corpus));
    await (await loadBackend()).startBackend();
    const { tensor1d, tensor2d } = await loadTfjs();
    const targets = targetsOf(music, [...music.pieces.keys()]).subarray(0, rows);
    const windows = gatherWindows(music.ids, pieceStarts(music), targets, window);
    return {
      windows: tensor2d(windows, [targets.length, window]),
      labels: tensor1d(Float32Array.from(targets, (target) => music.ids[target]!)),
    };
  };
  return inCell({ work });
}
