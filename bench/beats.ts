/**
 * Measures beat tracking on annotated performances: F1 of beats and bar lines within ±70 ms, the
 * metrical level, the bar length, the confidence of the search, the share of notes on the same step
 * as in the score, with the found beats and with the annotated ones, and the processor time.
 *
 *     deno run --allow-read bench/beats.ts --folder ASAP [--each]
 *     deno run --allow-read bench/beats.ts --songs POP909 --annotations FOLDER [--each]
 *
 * A folder holds one folder per piece, with `performance.mid` and `performance_annotations.txt` (a time
 * in seconds and `b` or `db` per line, as in the ASAP data set), and, for the steps, `score.mid` and
 * `score_annotations.txt`. Songs are MIDI files `NAME.mid`, and their beats `NAME.beat_midi.txt` (a time in
 * seconds, and in the third column whether a bar begins), every sixth of them.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { join } from "node:path";
import process from "node:process";
import { timedNotes } from "../lib/beats/follow.ts";
import { trackBeats } from "../lib/beats/track.ts";
import { choosePiano } from "../lib/midi/piano.ts";
import { mean, median } from "../lib/numbers.ts";
import { exists } from "../lib/store/files.ts";
import { readMusicFile } from "../lib/store/music_files.ts";
import {
  beatF1,
  bestLevel,
  onScoreStep,
  usualBar,
  withinSpan,
  writtenPlaces,
} from "./beats_measures.ts";

const { folder: given, songs, annotations, each } = parseArgs(Deno.args, {
  string: ["folder", "songs", "annotations"],
  boolean: ["each"],
});

/** A performance with its annotated beats, and its score if there is one. */
interface Annotated {
  readonly name: string;
  readonly midi: string;
  readonly beats: { readonly times: readonly number[]; readonly downbeat: readonly boolean[] };
  readonly score?: { readonly midi: string; readonly beats: readonly number[] };
}

/** Steps a beat, on found beats and on annotated ones. */
const STEPS = 4, FINE_STEPS = 12;

/** Interval at which songs are chosen: every sixth is measured. */
const EVERY_SONG = 6;

/** A time in seconds and two more columns per line. @param isLine whether a bar begins there */
async function readBeats(
  path: string,
  isLine: (columns: readonly string[]) => boolean,
): Promise<{ times: number[]; downbeat: boolean[] }> {
  const lines = (await Deno.readTextFile(path)).trim().split("\n").map((line) => line.split(/\s+/));
  return { times: lines.map(([time]) => Number(time)), downbeat: lines.map(isLine) };
}

/** Reads the annotated pieces of folders, and of a folder of songs. */
async function* annotated(): AsyncGenerator<Annotated> {
  const asap = (columns: readonly string[]) => columns[2]!.startsWith("db");
  const namesIn = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  for (const name of given ? namesIn(String(given)) : []) {
    const path = (file: string) => join(String(given), name, file);
    if (!await exists(path("performance_annotations.txt"))) continue;
    const beats = await readBeats(path("performance_annotations.txt"), asap);
    const isScored = await exists(path("score_annotations.txt"));
    const { times = [] } = isScored ? await readBeats(path("score_annotations.txt"), asap) : {};
    const score = isScored ? { score: { midi: path("score.mid"), beats: times } } : {};
    yield { name, midi: path("performance.mid"), beats, ...score };
  }
  if (!songs || !annotations) return;
  const all = namesIn(String(annotations)).filter((name) => name.endsWith(".beat_midi.txt"));
  for (const file of all.filter((_, i) => i % EVERY_SONG === 0)) {
    const name = file.split(".")[0]!;
    const beats = await readBeats(join(String(annotations), file), (line) => Number(line[2]) === 1);
    yield { name, midi: join(String(songs), `${name}.mid`), beats };
  }
}

/** Processor time of this process so far, in seconds. */
function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Piano notes of a file, with times in seconds. */
async function notesIn(path: string) {
  const music = await readMusicFile(path);
  return timedNotes(music, choosePiano(music, "all").parts);
}

interface Row {
  readonly beat: number;
  readonly line: number;
  readonly level: string;
  readonly atLevel: number;
  readonly bar: readonly [is: number, found: number];
  readonly sureness: number;
  readonly onStep: number;
  readonly onTwelfth: number;
  readonly seconds: number;
}

const rows: Row[] = [];
for await (const { name, midi, beats: { times, downbeat }, score } of annotated()) {
  const notes = await notesIn(midi);
  const start = processorSeconds(), found = trackBeats(notes);
  const seconds = processorSeconds() - start;
  if (!found) continue;
  const inSpan = withinSpan(found.times, times);
  const lines = (all: readonly number[], is: readonly boolean[]) => all.filter((_, i) => is[i]);
  const level = bestLevel(times, inSpan);
  const written = score && { notes: await notesIn(score.midi), beats: score.beats };
  const share = (beats: Pick<typeof found, "times" | "unit">, steps: number) =>
    written === undefined ? NaN : onScoreStep(
      { notes, beats: times },
      written,
      beats.times,
      writtenPlaces(notes, beats, steps),
      steps,
    );
  const onStep = share(found, STEPS);
  const onTwelfth = share({ times, unit: { denominator: 4, parts: 1 } }, FINE_STEPS);
  const row: Row = {
    beat: beatF1(times, inSpan),
    line: beatF1(
      lines(times, downbeat),
      withinSpan(lines(found.times, found.downbeat), times),
    ),
    ...{
      level: level.level,
      atLevel: level.f1,
      sureness: found.sureness,
      onStep,
      onTwelfth,
      seconds,
    },
    bar: [usualBar(downbeat), usualBar(found.downbeat)],
  };
  rows.push(row);
  if (!each) continue;
  console.log(
    [
      ...[name, percent(row.beat), percent(row.line), row.level, percent(row.atLevel)],
      ...[
        row.bar.join(" found "),
        row.sureness.toFixed(2),
        percent(row.onStep),
        percent(row.onTwelfth),
      ],
    ].join(" | "),
  );
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}

const of = (value: (row: Row) => number) => rows.map(value);
const known = (shares: readonly number[]) => shares.filter((share) => !Number.isNaN(share));
console.log(`${rows.length} performances
beat F1 ${percent(mean(of(({ beat }) => beat)))}, median ${
  percent(median(of(({ beat }) => beat)) ?? 0)
}, at the best level ${percent(mean(of(({ atLevel }) => atLevel)))}
bar line F1 ${percent(mean(of(({ line }) => line)))}
right level ${rows.filter(({ level }) => level === "same").length}, right length of bars ${
  rows.filter(({ bar: [is, found] }) => is === found).length
}
notes on the score's step, ${STEPS} a beat: ${
  percent(mean(known(of(({ onStep }) => onStep))))
} %; on annotated beats, ${FINE_STEPS} a beat: ${
  percent(mean(known(of(({ onTwelfth }) => onTwelfth))))
} %
${mean(of(({ seconds }) => seconds)).toFixed(2)} s of processor time a performance`);
