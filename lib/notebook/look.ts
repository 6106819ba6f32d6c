import { type Corpus, loadCorpus } from "../corpus/corpus.ts";
import { corpusFolder } from "../phases/run.ts";
import type { Roots } from "../phases/settings/shared.ts";
import { pitchPlot, polyphonyPlot } from "../show/distribution.ts";
import { midiRoll } from "../show/midi_roll.ts";
import { pianoRoll } from "../show/piano_roll.ts";
import type { Plot } from "../show/plot.ts";
import { vocabularyPlot } from "../show/vocabulary.ts";
import { inCell } from "./cell.ts";
import { personsPaths } from "./paths.ts";
import { starterCorpus, starterMidi } from "./starter.ts";

/** The music to be shown: a corpus, one of its pieces, or a MIDI file. */
export interface LookSettings extends Roots {
  /** Name of a corpus. */
  readonly corpus?: string;
  /** A piece of the corpus by file name, or by number, from 1: its first bars are shown. */
  readonly piece?: string | number;
  /** Path of a MIDI file: its first bars are shown. */
  readonly midi?: string;
  /** Number of frames of a piece to show. Default 128. */
  readonly frames?: number;
}

const FRAMES = 128;

/**
 * Shows statistics of a corpus (its combinations, its notes, the number sounding at once), or the
 * first bars of a piece.
 * @returns the plots, each with its Vega-Lite `spec`
 * @throws {Error} if there is no such corpus, piece or file
 * @example
 * ```ts
 * import { look } from "../../mod.ts";
 * await look({ corpus: "mine", piece: 1 });
 * ```
 */
export async function look(given: LookSettings): Promise<readonly Plot[]> {
  return await inCell({
    work: async (run): Promise<Plot[]> => {
      const settings = personsPaths(given);
      const { corpus, piece, midi, frames = FRAMES } = settings;
      if (midi !== undefined) {
        await starterMidi(midi, settings);
        return [await midiRoll(midi, { frames })];
      }
      if (corpus === undefined) throw new Error("Cannot look at nothing: give a corpus or midi");
      await starterCorpus(corpus, settings, run);
      const loaded = await loadCorpus(corpusFolder(settings, corpus, "corpus"));
      const { grid, vocabulary } = loaded;
      if (piece !== undefined) {
        return [pianoRoll(loaded.piece(indexOf(loaded, piece)), { grid, frames })];
      }
      const pieces = loaded.pieces.map((_, index) => loaded.piece(index));
      const music = { name: corpus, pieces, attacks: grid.attacks };
      return [vocabularyPlot(vocabulary), pitchPlot(music), polyphonyPlot(music)];
    },
    shows: (plots) => plots,
  });
}

/** Index of a piece. @throws {RangeError} if there is no such piece */
function indexOf({ pieces }: Pick<Corpus, "pieces">, piece: string | number): number {
  const index = pieces.findIndex(({ name }, i) => piece === name || piece === i + 1);
  if (index >= 0) return index;
  throw new RangeError(
    `Cannot show piece ${piece}: the corpus has ${pieces.length}, ` +
      `from 1 (${pieces[0]!.name}) to ${pieces.length} (${pieces.at(-1)!.name})`,
  );
}
