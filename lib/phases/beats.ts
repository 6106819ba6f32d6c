import { basename, dirname, extname } from "node:path";
import { followBeats, surenessWord } from "../beats/follow.ts";
import { parseMetre } from "../beats/known_metre.ts";
import type { Music, Note } from "../midi/music.ts";
import { choosePiano, whyNoNotes } from "../midi/piano.ts";
import { writeMidi } from "../midi/write.ts";
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
  const { midi, bar, tracks, out, click } = { ...beatsDefaults, ...givenOf(given) };
  const known = bar === undefined ? undefined : parseMetre(bar);
  const { music, fit, found } = await attempt(`find the beats of ${midi}`, async () => {
    const music = await readMusicFile(midi);
    const { parts, reason } = choosePiano(music, tracks);
    if (parts.length === 0) throw new Error(whyNoNotes(music, reason));
    return followBeats({ ...music, parts }, parts, "track", known);
  });
  if (!found) {
    throw new Error(
      `Cannot find the beats of ${midi}: it has too few notes, or lasts longer than an hour`,
    );
  }
  const bare = basename(out ?? midi, extname(out ?? midi));
  const name = out === undefined ? `${bare}-beats` : bare;
  const path = await writeTogether(dirname(out ?? midi), name, {
    ".mid": fileOf(music, bare, click ? clicksOf(music) : []),
  });
  const { sureness, perMinute, bar: metre, beats } = found;
  const summary: BeatsSummary = {
    file: `${path}.mid`,
    ...{ beats, perMinute, bar: metre, sure: surenessWord(sureness) },
    followedOwn: fit.verdict === "grid",
  };
  return shown(summary, {
    title: `Beats of ${midi}`,
    rows: [
      ["beats", `${numberText(beats)}, ${perMinute.toFixed(0)} a minute on average`],
      ["bars", `mostly ${metre}`],
      ["sure", summary.sure],
      ...(summary.followedOwn
        ? [["note", "the notes follow the file's own beats already"] as const]
        : []),
      ["lies in", summary.file],
    ],
  });
}

/** Keys struck on beats and on bar lines: the highest of a piano, which music hardly uses. */
const BEAT_KEY = 107, LINE_KEY = 108;

/** A note on each beat: found beats are where tempos change. */
function clicksOf({ tempos, timeSignatures, ticksPerBeat }: Music): Note[] {
  return tempos.map(({ ticks }) => {
    const { ticks: from, numerator, denominator } = timeSignatures.findLast((one) =>
      one.ticks <= ticks
    )!;
    const isLine = (ticks - from) % (ticksPerBeat * 4 * numerator / denominator) === 0;
    const pitch = isLine ? LINE_KEY : BEAT_KEY;
    return { pitch, velocity: 100, startTicks: ticks, endTicks: ticks + ticksPerBeat / 8 };
  });
}

/** A MIDI file of all parts as one piano. @param clicks additional notes, on keys of their own */
function fileOf(
  { parts, ticksPerBeat, tempos, timeSignatures }: Music,
  name: string,
  clicks: readonly Note[],
): Uint8Array {
  const [first, ...tempoChanges] = tempos,
    [timeSignature, ...timeSignatureChanges] = timeSignatures;
  return writeMidi({
    ...{ name, ticksPerBeat, timeSignature: timeSignature!, timeSignatureChanges, tempoChanges },
    beatsPerMinute: 60e6 / first!.microsecondsPerBeat,
    notes: withoutOverlap([
      ...parts.flatMap(({ notes }) => notes)
        .filter(({ pitch }) => clicks.length === 0 || pitch < BEAT_KEY),
      ...clicks,
    ]),
    pedal: parts.length === 1 ? parts[0]!.pedal : [],
  });
}

/** Notes by start, each ended at the next onset of its pitch. */
function withoutOverlap(notes: readonly Note[]): Note[] {
  const next = new Map<number, number>(), kept: Note[] = [];
  for (const note of notes.toSorted((a, b) => b.startTicks - a.startTicks)) {
    const again = next.get(note.pitch) ?? Infinity;
    if (again === note.startTicks) continue; // two parts strike it at once
    next.set(note.pitch, note.startTicks);
    kept.push({ ...note, endTicks: Math.min(note.endTicks, again) });
  }
  return kept.reverse();
}
