import { basename, join } from "node:path";
import { player } from "../audio/player.ts";
import type { BeatsSummary } from "../phases/beats.ts";
import type { DuetSummary } from "../phases/duet.ts";
import type { ListenSummary } from "../phases/listen.ts";
import * as phases from "../phases/on_demand.ts";
import type { Run } from "../phases/run.ts";
import type { ScoreSummary } from "../phases/score.ts";
import type { BeatsSettings } from "../phases/settings/beats.ts";
import type { DuetSettings } from "../phases/settings/duet.ts";
import type { ListenSettings } from "../phases/settings/listen.ts";
import type { QuickstartSettings } from "../phases/settings/quickstart.ts";
import type { ScoreSettings } from "../phases/settings/score.ts";
import type { TranscribeSettings } from "../phases/settings/transcribe.ts";
import type { TranscribeSummary } from "../phases/transcribe.ts";
import { midiRoll } from "../show/midi_roll.ts";
import type { Displayed, Shown } from "../show/summary.ts";
import { personsPaths } from "./paths.ts";
import { inNotebookToo } from "./in_notebook.ts";
import { soundFor } from "./sound.ts";
import { starterMidi, starterModel } from "./starter.ts";

const ROLL_FRAMES = 128;

const starterFile = async ({ midi }: Pick<ListenSettings, "midi">) => {
  if (typeof midi === "string") await starterMidi(midi, {});
};

/**
 * Renders a MIDI file as audio: reads it, plays it on the piano, and normalises its loudness. All
 * pitched parts are played on the piano; with a custom SoundFont, all parts on the instruments
 * specified in the file. In a notebook it shows the first bars and a player, unless `run` is given.
 * @throws {Error} if the file cannot be read, has no notes, or the piano's recordings are missing
 * @example
 * ```ts
 * import { listen } from "../../mod.ts";
 * const { file, seconds } = await listen({ midi: "data/generated/mine.mid" });
 * console.log(file, seconds);
 * ```
 */
export function listen(given: ListenSettings, run?: Run): Promise<ListenSummary & Shown> {
  return inNotebookToo(phases.listen, given, run, {
    first: starterFile,
    shows: async (summary) => [
      summary,
      await midiRoll(personsPaths(given).midi, { frames: ROLL_FRAMES }),
      await player(summary.file, soundFor({ kilobits: 40 })),
    ],
  });
}

/**
 * Engraves the piano part of a MIDI file: two staves, with estimated keys, metres, note values and
 * voices. Writes one SVG file per page, and MusicXML beside them. In a notebook it shows the first
 * pages, unless `run` is given.
 * @throws {Error} if the file cannot be read, has no notes for a piano, or the engraver is missing
 * @example
 * ```ts
 * import { score } from "../../mod.ts";
 * const { pages } = await score({ midi: "data/generated/mine.mid", title: "Mine" });
 * console.log(pages);
 * ```
 */
export function score(given: ScoreSettings, run?: Run): Promise<ScoreSummary & Shown> {
  return inNotebookToo(phases.score, given, run, {
    first: starterFile,
    shows: (summary) => [summary],
  });
}

/**
 * Finds the beats of a performance and writes them into its MIDI file, which sounds the same but
 * has tempos and time signatures that follow the playing. In a notebook it shows the first bars and
 * a player with the first half minute, with audible beats if `click` is set, unless `run` is given.
 * @throws {Error} if the file cannot be read, has no notes for a piano, or has too few to find
 * beats
 * @example
 * ```ts
 * import { beats } from "../../mod.ts";
 * const { file, bar } = await beats({ midi: "data/midi/beethoven-fuer-elise.mid" });
 * console.log(file, bar);
 * ```
 */
export function beats(given: BeatsSettings, run?: Run): Promise<BeatsSummary & Shown> {
  return inNotebookToo(phases.beats, given, run, {
    first: starterFile,
    shows: async (summary) => [
      summary,
      await midiRoll(summary.file, { frames: ROLL_FRAMES }),
      await soundOfBeats(summary.file),
    ],
  });
}

/** A player for a written file, with its audio embedded in the page. */
async function soundOfBeats(midi: string): Promise<Displayed> {
  const folder = await Deno.makeTempDir();
  try {
    const { file } = await phases.listen({ midi, out: join(folder, "beats.wav") });
    return await player(file, { ...soundFor({ kilobits: 40 }), title: basename(midi) });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * Makes a page that plays a duet with you: it answers your playing at the piano or on the
 * computer's keys. One HTML file that opens from disk and uses no network; in a notebook it is
 * shown in the cell, unless `run` is given.
 * @throws {Error} if the model cannot be read, is not pitchwise or not on a grid in beats, or the piano
 *   is missing and cannot be fetched
 * @example
 * ```ts
 * import { duet } from "../../mod.ts";
 * const { page } = await duet({ model: "mine" });
 * console.log(page);
 * ```
 */
export function duet(given: DuetSettings, run?: Run): Promise<DuetSummary & Shown> {
  return inNotebookToo(phases.duet, given, run, {
    first: async (settings, run) => {
      await starterModel(settings.model, settings, run);
      if (settings.midi !== undefined) await starterMidi(settings.midi, settings);
    },
    shows: (summary) => [summary],
  });
}

/**
 * Runs all phases on the starter music, as a user would: MIDI files, a corpus, a model adapted from
 * the bundled one, new music, its audio.
 * @returns the new music and its audio; undefined where the piano's recordings were unavailable
 * @throws {Error} as the phases do
 * @example
 * ```ts
 * import { quickstart } from "../../mod.ts";
 * console.log(`${await quickstart({ seed: 2 })}`);
 * ```
 */
export function quickstart(
  settings: QuickstartSettings,
  run?: Run,
): Promise<{ readonly midi: string; readonly wav: string | undefined } & Shown> {
  return phases.quickstart(settings, run);
}

/**
 * Transcribes piano recordings to MIDI files, and writes a page for comparison by ear. Notes have
 * pitches and times; loudness and pedal are not estimated: all notes are equally loud, and last as
 * long as they sound. Decoders are fetched on first use.
 * @throws {Error} if no recording could be transcribed
 * @example
 * ```ts
 * import { transcribe } from "../../mod.ts";
 * const { files } = await transcribe({ audio: "recordings", out: "transcribed" });
 * console.log(files);
 * ```
 */
export function transcribe(
  settings: TranscribeSettings,
  run?: Run,
): Promise<TranscribeSummary & Shown> {
  return phases.transcribe(settings, run);
}
