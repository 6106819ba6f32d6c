import { basename, dirname, extname } from "node:path";
import { beatsFile } from "../beats/file.ts";
import { followBeats, surenessWord } from "../beats/follow.ts";
import { hintsOf, otherLevels } from "../beats/hints.ts";
import { choosePiano, whyNoNotes } from "../midi/piano.ts";
import { nextStep } from "../show/next_step.ts";
import { type Shown, shown } from "../show/summary.ts";
import { numberText } from "../show/text.ts";
import { attempt } from "../store/files.ts";
import { readMusicFile } from "../store/music_files.ts";
import { writeTogether } from "../store/write.ts";
import type { Run } from "./run.ts";
import { beatsDefaults, type BeatsSettings, beatsTable } from "./settings/beats.ts";
import { checkSettings, givenOf } from "./settings/declare.ts";

/** Result of {@linkcode beats}. */
export interface BeatsSummary {
  /** Path of the written MIDI file. */
  readonly file: string;
  /** Number of beats found. */
  readonly beats: number;
  /** Beats per minute on average. */
  readonly perMinute: number;
  /** Most common metre, such as 3/4. */
  readonly bar: string;
  /** Confidence in the beats. */
  readonly sure: "sure" | "fairly sure" | "unsure";
  /** Whether the notes followed the file's own beats, so that no others are needed. */
  readonly followedOwn: boolean;
}

/**
 * Finds the beats of a performance and writes them into its MIDI file, which sounds the same but
 * has tempos and time signatures that follow the playing, so that notation programs and sequencers
 * show its bars. If another file has that name, the next free number is added.
 * @throws {Error} if the file cannot be read, has no notes for a piano, or has too few to find
 * beats
 */
export async function beats(given: BeatsSettings, _run: Run = {}): Promise<BeatsSummary & Shown> {
  checkSettings("find beats", beatsTable, given);
  const { midi, bar, tempo, tracks, out, click } = { ...beatsDefaults, ...givenOf(given) };
  const hints = hintsOf(bar, tempo);
  const { music, fit, found } = await attempt(`find the beats of ${midi}`, async () => {
    const music = await readMusicFile(midi);
    const { parts, reason } = choosePiano(music, tracks);
    if (parts.length === 0) throw new Error(whyNoNotes(music, reason));
    return followBeats({ ...music, parts }, parts, "track", hints);
  });
  if (!found) {
    throw new Error(
      `Cannot find the beats of ${midi}: it has too few notes, or lasts longer than an hour`,
    );
  }
  const bare = basename(out ?? midi, extname(out ?? midi));
  const name = out === undefined ? `${bare}-beats` : bare;
  const path = await writeTogether(dirname(out ?? midi), name, {
    ".mid": beatsFile(music, bare, click),
  });
  const { sureness, perMinute, bar: metre, beats, swing } = found;
  const summary: BeatsSummary = {
    file: `${path}.mid`,
    ...{ beats, perMinute, bar: metre, sure: surenessWord(sureness) },
    followedOwn: fit.verdict === "grid",
  };
  const { half, twice } = otherLevels(perMinute);
  const hint = (found: string, tempo?: number): [string, string][] =>
    tempo === undefined
      ? []
      : [[found, nextStep("beats", { _: midi, tempo, ...(bar && { bar }) })]];
  return shown(summary, {
    title: `Beats of ${midi}`,
    rows: [
      ["beats", `${numberText(beats)}, ${perMinute.toFixed(0)} a minute on average`],
      ["bars", `mostly ${metre}${swing === undefined ? "" : ", with swung eighths"}`],
      ["confidence", summary.sure],
      ...(tempo === undefined && summary.sure !== "sure"
        ? [...hint("if twice too fast", half), ...hint("if twice too slow", twice)]
        : []),
      ...(summary.followedOwn
        ? [["note", "the notes follow the file's own beats already"] as const]
        : []),
      ["file", summary.file],
    ],
  });
}
