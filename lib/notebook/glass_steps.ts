import { loadCorpus } from "../corpus/corpus.ts";
import type { Music } from "../midi/music.ts";
import { samplingDefaults } from "../model/sampling.ts";
import { loadModel } from "../model/load.ts";
import { isScoreName } from "../notation/kinds.ts";
import { barText } from "../notation/read.ts";
import { musicIn, readMusicContent } from "../store/music_files.ts";
import { corpusFolder, modelFolder, type Run } from "../phases/run.ts";
import type { Roots } from "../phases/settings/shared.ts";
import { Random } from "../random.ts";
import { chain, chances, chosenFrame, type SeenBar, type SourceOfBar } from "../show/glass.ts";
import type { Plot } from "../show/plot.ts";
import { spectrumPlot } from "../show/spectrum.ts";
import type { Displayed } from "../show/summary.ts";
import { barsOf, firstBarNumber } from "../tokens/bars.ts";
import type { Grid } from "../tokens/piece.ts";
import { tokenize, type Tokenized, type TokenizeSettings } from "../tokens/tokenize.ts";
import { passageSpectrum } from "../transcribe/passage.ts";
import { readSound } from "../transcribe/sound.ts";
import { startEar } from "../transcribe/transcribe.ts";
import { attempt } from "../store/files.ts";
import { starterCorpus, starterMidi, starterModel } from "./starter.ts";

/** The bar to be inspected, and its corpus or model; one of `corpus` and `model` is needed. */
export interface GlassSettings extends Roots {
  /** Path of a MIDI file. */
  readonly midi: string;
  /** Path of the recording that the MIDI file was transcribed from: its spectrum is shown. */
  readonly recording?: string;
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

/** Outputs for a bar, step by step: its source, notes, frames, numbers, and the next frame. */
export async function stepsOf(settings: GlassSettings, run: Run): Promise<Displayed[]> {
  const { midi, recording, bar = 2, corpus, model, seed = 1 } = settings;
  await starterMidi(midi, settings);
  const bytes = await readMusicContent(midi);
  const source = (seen: SoundingBar): SourceOfBar => ({
    bytes,
    ...(isScoreName(midi) ? { text: barText(bytes, seen.index) } : {}),
    ...(recording === undefined ? {} : { recording }),
  });
  const heard = async (seen: SoundingBar, grid: Grid) =>
    recording === undefined ? [] : [await spectrumOfBar(recording, seen, grid)];
  if (model !== undefined) {
    await starterModel(model, settings, run);
    const loaded = await loadModel(modelFolder(settings, model, "model"), { threads: 1 });
    try {
      const how = loaded.manifest.style.tokenize;
      const seen = barOf(midi, await musicIn(midi, bytes), bar, how);
      const until = { ...seen.piece, frames: seen.piece.frames.slice(0, seen.end) };
      const drawn = loaded.model.next(
        Array.from({ length: ASKED }, () => until),
        samplingDefaults.free,
        Array.from({ length: ASKED }, (_, at) => new Random(seed + at)),
      );
      const { window } = loaded.model;
      return [
        ...await heard(seen, how.grid),
        chain(source(seen), seen, how.grid, loaded.vocabulary, window),
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
  const seen = barOf(midi, await musicIn(midi, bytes), bar, style.tokenize);
  return [...await heard(seen, grid), chain(source(seen), seen, grid, vocabulary)];
}

/** A bar with the onsets of its piece in seconds. */
interface SoundingBar extends SeenBar {
  readonly played: Tokenized["played"];
}

/** Columns of a spectrum: as many per step as there is room for. */
const MOST_COLUMNS = 96;

/** Spectrum of a bar in the recording from which its file was transcribed. */
async function spectrumOfBar(recording: string, seen: SoundingBar, grid: Grid): Promise<Plot> {
  const { start, end, played } = seen, steps = end - start;
  const each = Math.max(1, Math.floor(MOST_COLUMNS / steps));
  const times = Array.from(
    { length: steps * each + 1 },
    (_, i) => secondsAt(start + i / each, played),
  );
  return await attempt(`show the sound of ${recording}`, async () => {
    const sound = await readSound(recording), ear = await startEar({ threads: 1 });
    return spectrumPlot(passageSpectrum(ear, sound, times), seen, grid);
  });
}

/** Time of a frame, between the onsets before and after it. */
function secondsAt(frame: number, played: Tokenized["played"]): number {
  const next = played.at(played.findIndex(({ start }) => start > frame))!; // or the last
  const before = played.findLast(({ start }) => start < next.start) ?? played[0]!;
  const pace = (next.seconds - before.seconds) / Math.max(1, next.start - before.start);
  return Math.max(0, before.seconds + (frame - before.start) * pace);
}

function barOf(
  midi: string,
  music: Music,
  number: number,
  how: TokenizeSettings,
): SoundingBar {
  const { frames, metres, played } = tokenize(music, how);
  const bars = barsOf(metres, frames.length, how.grid);
  const first = firstBarNumber(bars), bar = bars[number - first];
  if (!bar) {
    const last = bars.length - 1 + first;
    throw new RangeError(`Cannot look at bar ${number} of ${midi}: it has bars up to ${last}`);
  }
  const piece = { name: midi, frames, metres };
  return {
    ...{ piece, played, bar: number },
    index: number - first,
    start: bar.start,
    end: bar.start + bar.frames,
  };
}
