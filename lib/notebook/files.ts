import type { ToneMidi } from "../midi/tone.ts";
import { startBackend } from "../model/combination/backend.ts";
import { modelFolder } from "../phases/run.ts";
import type { Roots } from "../phases/settings/shared.ts";
import { midiRoll as rollOf } from "../show/midi_roll.ts";
import type { MidiRollOptions } from "../show/piano_roll.ts";
import type { Plot } from "../show/plot.ts";
import { atHome } from "../store/home.ts";
import { inProject } from "./cell.ts";

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
 * The original network of a bundle in tfjs's hands: `summary`, `predict` and `fit` work on it as on
 * any model of tfjs's. It sees windows of combination ids, [rows, 40], and gives the probability of
 * each combination to come next, [rows, combinations].
 *
 * Starts the backend if it does not run; the caller disposes the model.
 *
 * @param name of a model that was trained with `model: "combination"`
 * @returns a `tf.LayersModel`
 * @throws {Error} if there is no such model, it is damaged, or it is of another architecture
 * @example
 * ```ts
 * import { loadLayersModel, train } from "../../mod.ts";
 * await train({ corpus: "mine", name: "original", model: "combination", epochs: 1 });
 * const model = await loadLayersModel("original");
 * model.summary();
 * model.dispose();
 * ```
 */
export function loadLayersModel(
  name: string,
  { data: _, models, ...options }: Roots & {
    /** Threads that compute, the calling one included; 1 to 8. Default: all cores, up to 8. */
    readonly threads?: number;
    /** `auto` (default): relaxed SIMD where engine and system have it; `plain`: plain SIMD. */
    readonly simd?: "auto" | "plain";
  } = {},
): ReturnType<typeof import("@tensorflow/tfjs")["loadLayersModel"]> {
  return inProject(async () => {
    await startBackend(options);
    const { loadLayersModel } = await import("@tensorflow/tfjs");
    const { bundleFiles } = await import("../model/combination/files.ts");
    return await loadLayersModel(bundleFiles(modelFolder({ models }, name)));
  });
}
