import { loadCorpus } from "../corpus/corpus.ts";
import { samplingDefaults } from "../model/sampling.ts";
import { loadModel } from "../model/load.ts";
import { isScoreName } from "../notation/kinds.ts";
import { barText } from "../notation/read.ts";
import { midiIn, readMusicContent } from "../store/music_files.ts";
import { readMidi } from "../midi/read.ts";
import { corpusFolder, modelFolder, type Run } from "../phases/run.ts";
import type { Roots } from "../phases/settings/shared.ts";
import { Random } from "../random.ts";
import { chain, chances, chosenFrame, type SeenBar, type SourceOfBar } from "../show/glass.ts";
import type { Displayed } from "../show/summary.ts";
import { barsOf, firstBarNumber } from "../tokens/bars.ts";
import { tokenize, type TokenizeSettings } from "../tokens/tokenize.ts";
import { inCell } from "./cell.ts";
import { personsPaths } from "./paths.ts";
import { starterCorpus, starterMidi, starterModel } from "./starter.ts";

/** The bar to be inspected, and its corpus or model; one of `corpus` and `model` is needed. */
export interface GlassSettings extends Roots {
  /** Path of a MIDI file. */
  readonly midi: string;
  /** Bar number, from 1; an upbeat is bar 0. Default 2. */
  readonly bar?: number;
  /** Name of a corpus: its grid and its numbers of combinations are used. */
  readonly corpus?: string;
  /** Name of a model: its predictions after the bar are also shown. */
  readonly model?: string;
  /** Seed for sampling the next frame. Default 1. */
  readonly seed?: number;
}

/** Number of samples of the next frame, from which probabilities are estimated. */
const ASKED = 200;

/**
 * One bar in detail, step by step: the file's bytes, the notes, the frames, their combinations and
 * numbers; with a model also its context, its probabilities for the next frame, and its choice.
 * Displays itself.
 * @throws {Error} if there is no such file, corpus, model or bar
 * @example
 * ```ts
 * import { underTheGlass } from "../../mod.ts";
 * await underTheGlass({ midi: "data/generated/mine.mid", bar: 2, model: "mine" });
 * ```
 */
export async function underTheGlass(settings: GlassSettings): Promise<void> {
  await inCell({
    work: async (run) => await look(personsPaths(settings), run),
    shows: (shown) => shown,
  });
}

async function look(settings: GlassSettings, run: Run): Promise<Displayed[]> {
  const { midi, bar = 2, corpus, model, seed = 1 } = settings;
  await starterMidi(midi, settings);
  const bytes = await readMusicContent(midi);
  if (model !== undefined) {
    await starterModel(model, settings, run);
    const loaded = await loadModel(modelFolder(settings, model, "model"), { threads: 1 });
    try {
      const how = loaded.manifest.style.tokenize;
      const seen = barOf(midi, bytes, bar, how);
      const until = { ...seen.piece, frames: seen.piece.frames.slice(0, seen.end) };
      const drawn = loaded.model.next(
        Array.from({ length: ASKED }, () => until),
        samplingDefaults.free,
        Array.from({ length: ASKED }, (_, at) => new Random(seed + at)),
      );
      const { window } = loaded.model;
      return [
        chain(sourceOf(midi, bytes, seen), seen, how.grid, loaded.vocabulary, window),
        chances(drawn, seen.piece.frames[seen.end]),
        chosenFrame(drawn[0]!, seen.piece.frames[seen.end], seed),
      ];
    } finally {
      loaded.model.dispose();
    }
  }
  if (corpus === undefined) throw new Error("Cannot look at a bar: give a corpus or a model");
  await starterCorpus(corpus, settings, run);
  const { grid, style, vocabulary } = await loadCorpus(corpusFolder(settings, corpus, "corpus"));
  const seen = barOf(midi, bytes, bar, style.tokenize);
  return [chain(sourceOf(midi, bytes, seen), seen, grid, vocabulary)];
}

/** Source of a bar in its file: a score's text, or a MIDI file's first bytes. */
function sourceOf(midi: string, bytes: Uint8Array, { index }: SeenBar): SourceOfBar {
  return { bytes, ...(isScoreName(midi) ? { text: barText(bytes, index) } : {}) };
}

function barOf(midi: string, bytes: Uint8Array, number: number, how: TokenizeSettings): SeenBar {
  const { frames, metres } = tokenize(readMidi(midiIn(midi, bytes).midi), how);
  const bars = barsOf(metres, frames.length, how.grid);
  const first = firstBarNumber(bars), bar = bars[number - first];
  if (!bar) {
    const last = bars.length - 1 + first;
    throw new RangeError(`Cannot look at bar ${number} of ${midi}: it has bars up to ${last}`);
  }
  const piece = { name: midi, frames, metres };
  return {
    piece,
    bar: number,
    index: number - first,
    start: bar.start,
    end: bar.start + bar.frames,
  };
}
