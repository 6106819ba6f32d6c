/**
 * Holds the notes of every MIDI file in a folder against those that Python's mido finds: track,
 * channel, pitch, velocity, start and end in ticks and in seconds. Says for each file that differs
 * what differs, and exits with 1 when there is one.
 *
 *     deno run --allow-read --allow-run=python3 bench/midi_against_mido.ts --midi FOLDER
 *
 * Debian has mido as python3-mido; `--python` names another interpreter.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { readMidi } from "../lib/midi/read.ts";
import type { Music } from "../lib/midi/music.ts";
import { createTempoMap } from "../lib/midi/tempo.ts";

/** Track, channel, pitch, velocity, start and end in ticks, start and end in seconds. */
type Row = [number, number, number, number, number, number, number, number];
type Answer =
  & { path: string }
  & ({ notes: Row[]; orphans: number; stuck: number } | {
    error: string;
  });

const { midi, python = "python3" } = parseArgs(Deno.args, { string: ["midi", "python"] });
if (!midi) throw new Error("Cannot compare: say which folder to read with --midi FOLDER");

const script = new URL("midi_with_mido.py", import.meta.url).pathname;
const process = new Deno.Command(String(python), {
  args: [script, String(midi)],
  stdout: "piped",
}).spawn();
const count = { files: 0, notes: 0, equal: 0, differ: 0, onlyHere: 0, onlyThere: 0, neither: 0 };
for await (const line of lines(process.stdout)) compare(JSON.parse(line) as Answer);
if (!(await process.status).success) throw new Error(`Cannot compare: ${python} failed`);
console.log(
  `${count.files} files, ${count.notes} notes: ${count.equal} files equal, ${count.differ} differ, ` +
    `${count.onlyHere} read only here, ${count.onlyThere} only by mido, ${count.neither} by neither`,
);
if (count.differ + count.onlyThere > 0) Deno.exit(1);

function compare(theirs: Answer): void {
  count.files++;
  let music: Music;
  try {
    music = readMidi(Deno.readFileSync(theirs.path));
  } catch (error) {
    const both = "error" in theirs;
    count[both ? "neither" : "onlyThere"]++;
    console.log(
      `${theirs.path}: here ${(error as Error).message}; ${both ? theirs.error : "mido reads it"}`,
    );
    return;
  }
  const repairs = music.repairs.length ? `; repairs: ${music.repairs.join("; ")}` : "";
  if ("error" in theirs) {
    count.onlyHere++;
    console.log(`${theirs.path}: mido ${theirs.error}; here ${rows(music).length} notes${repairs}`);
    return;
  }
  const difference = firstDifference(rows(music), theirs.notes.sort(byAll));
  count.notes += theirs.notes.length;
  count[difference ? "differ" : "equal"]++;
  if (difference) {
    console.log(
      `${theirs.path}: ${difference} (mido: ${theirs.stuck} stuck, ${theirs.orphans} orphans)${repairs}`,
    );
  }
}

function rows(music: Music): Row[] {
  const map = createTempoMap(music);
  return music.parts.flatMap(({ track, channel, notes }) =>
    notes.map((note): Row => [
      track,
      channel,
      note.pitch,
      note.velocity,
      note.startTicks,
      note.endTicks,
      map.secondsAt(note.startTicks),
      map.secondsAt(note.endTicks),
    ])
  ).sort(byAll);
}

function byAll(a: Row, b: Row): number {
  for (let i = 0; i < 6; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return 0;
}

/** What first differs between two lists of notes; seconds may differ by a billionth of themselves. */
function firstDifference(ours: Row[], theirs: Row[]): string | undefined {
  for (let i = 0; i < Math.max(ours.length, theirs.length); i++) {
    const a = ours[i];
    const b = theirs[i];
    const same = a && b && byAll(a, b) === 0 &&
      [6, 7].every((k) => Math.abs(a[k]! - b[k]!) <= 1e-9 * (1 + Math.abs(b[k]!)));
    if (!same) return `${ours.length} notes, mido ${theirs.length}; first other: ${a} and ${b}`;
  }
  return undefined;
}

async function* lines(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    yield* parts;
  }
  if (rest) yield rest;
}
