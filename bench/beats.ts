/**
 * How well beats are found in performances whose beats are annotated: F1 of beats and of bar lines
 * within ±70 ms, the metrical level, the length of bars, how sure the search was, how many notes land on
 * the step that the score has them on, and the time it takes.
 *
 *     deno run --allow-read bench/beats.ts --folder ASAP [--each]
 *
 * A folder holds one folder per piece, with `performance.mid` and `performance_annotations.txt` (a time
 * in seconds and `b` or `db` per line, as in the ASAP data set), and, for the steps, `score.mid` and
 * `score_annotations.txt`.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { join } from "node:path";
import { timedNotes } from "../lib/beats/follow.ts";
import { trackBeats } from "../lib/beats/track.ts";
import { choosePiano } from "../lib/midi/piano.ts";
import { mean, median } from "../lib/numbers.ts";
import { exists } from "../lib/store/files.ts";
import { readMusicFile } from "../lib/store/music_files.ts";
import { beatF1, bestLevel, onScoreStep, usualBar, withinSpan } from "./beats_measures.ts";

const { folder: given, each } = parseArgs(Deno.args, { string: ["folder"], boolean: ["each"] });

const folder = String(given ?? "");

/** Times of beats, and which begin bars. */
async function readAnnotations(path: string): Promise<{ times: number[]; downbeat: boolean[] }> {
  const lines = (await Deno.readTextFile(path)).trim().split("\n").map((line) => line.split("\t"));
  return {
    times: lines.map(([time]) => Number(time)),
    downbeat: lines.map(([, , what]) => what!.startsWith("db")),
  };
}

/** The piano's notes of a file in seconds. */
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
  readonly seconds: number;
}

const rows: Row[] = [];
for (const { name } of [...Deno.readDirSync(folder)].sort((a, b) => a.name < b.name ? -1 : 1)) {
  const path = (file: string) => join(folder, name, file);
  if (!await exists(path("performance_annotations.txt"))) continue;
  const { times, downbeat } = await readAnnotations(path("performance_annotations.txt"));
  const notes = await notesIn(path("performance.mid"));
  const start = performance.now(), found = trackBeats(notes);
  const seconds = (performance.now() - start) / 1000;
  if (!found) continue;
  const inSpan = withinSpan(found.times, times);
  const lines = (all: readonly number[], is: readonly boolean[]) => all.filter((_, i) => is[i]);
  const level = bestLevel(times, inSpan);
  let onStep = NaN;
  if (await exists(path("score_annotations.txt"))) {
    const score = {
      notes: await notesIn(path("score.mid")),
      beats: (await readAnnotations(path("score_annotations.txt"))).times,
    };
    onStep = onScoreStep({ notes, beats: times }, score, found.times);
  }
  const row: Row = {
    beat: beatF1(times, inSpan),
    line: beatF1(
      lines(times, downbeat),
      withinSpan(lines(found.times, found.downbeat), times),
    ),
    ...{ level: level.level, atLevel: level.f1, sureness: found.sureness, onStep, seconds },
    bar: [usualBar(downbeat), usualBar(found.downbeat)],
  };
  rows.push(row);
  if (!each) continue;
  console.log(
    [
      ...[name, percent(row.beat), percent(row.line), row.level, percent(row.atLevel)],
      ...[row.bar.join(" found "), row.sureness.toFixed(2), percent(row.onStep)],
    ].join(" | "),
  );
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}

const of = (value: (row: Row) => number) => rows.map(value);
const known = of(({ onStep }) => onStep).filter((share) => !Number.isNaN(share));
console.log(`${rows.length} performances
beat F1 ${percent(mean(of(({ beat }) => beat)))}, median ${
  percent(median(of(({ beat }) => beat)) ?? 0)
}, at the best level ${percent(mean(of(({ atLevel }) => atLevel)))}
bar line F1 ${percent(mean(of(({ line }) => line)))}
right level ${rows.filter(({ level }) => level === "same").length}, right length of bars ${
  rows.filter(({ bar: [is, found] }) => is === found).length
}
notes on the score's step, 4 a beat: ${percent(mean(known))} % (${known.length} performances)
${mean(of(({ seconds }) => seconds)).toFixed(2)} s a performance`);
