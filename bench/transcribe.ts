/**
 * Measures transcription: pairs of NAME.mid and NAME.wav (its sound, possibly truncated) in a
 * folder, as they are and in a room: reverberation of half a second and noise 40 dB below the
 * music. Precision, recall and F of the onsets by mir_eval's rules (same pitch, 50 ms, one to one).
 * Usage: deno run -P=bench bench/transcribe.ts FOLDER [--room]
 */
import { join } from "node:path";
import process from "node:process";
import { musicBegins } from "../lib/midi/bar_lines.ts";
import { secondsAt } from "../lib/midi/tempo.ts";
import { Random } from "../lib/random.ts";
import { readMusicFile } from "../lib/store/music_files.ts";
import { clarityOf, decodeNotes } from "../lib/transcribe/notes.ts";
import { readSound, type Sound } from "../lib/transcribe/sound.ts";
import { listenTo, startEar } from "../lib/transcribe/transcribe.ts";

const TOLERANCE = 0.05;
const [folder = ".", room] = Deno.args;

/** Delays of the comb and all-pass filters of Schroeder's reverberator, in samples at 22,050 Hz. */
const COMBS = [655, 809, 904, 965], ALL_PASSES = [110, 37], ECHO_SECONDS = 0.5;

function inRoom({ samples, ...rest }: Sound, random: Random): Sound {
  const wet = new Float64Array(samples.length);
  for (const delay of COMBS) {
    const line = new Float64Array(delay), feedback = 10 ** (-3 * delay / 22_050 / ECHO_SECONDS);
    samples.forEach((value, i) => {
      const at = i % delay, out = line[at]!;
      line[at] = value + feedback * out;
      wet[i]! += out / COMBS.length;
    });
  }
  for (const delay of ALL_PASSES) {
    const line = new Float64Array(delay);
    wet.forEach((value, i) => {
      const at = i % delay, out = line[at]! - 0.7 * value;
      line[at] = value + 0.7 * out;
      wet[i] = out;
    });
  }
  const noise = rest.level * 32_768 * 0.01 * Math.sqrt(3);
  return {
    ...rest,
    samples: samples.map((value, i) =>
      Math.max(
        -32_768,
        Math.min(32_767, 0.6 * value + 0.4 * wet[i]! + noise * (2 * random.next() - 1)),
      )
    ),
  };
}

/** Notes of a MIDI file, and the time of the empty bars before them, which `listen` leaves out. */
async function referenceOf(
  path: string,
): Promise<{ notes: [pitch: number, at: number][]; begins: number }> {
  const music = await readMusicFile(path), seen = new Set<string>();
  const notes = music.parts.filter(({ drum }) => !drum).flatMap(({ notes }) => notes)
    .map(({ pitch, startTicks }): [number, number] => [pitch, secondsAt(music, startTicks)])
    .filter(([pitch, at]) => {
      const key = `${pitch} ${at.toFixed(3)}`;
      return !seen.has(key) && seen.add(key);
    }).sort((a, b) => a[1] - b[1]);
  return { notes, begins: secondsAt(music, musicBegins(music)) };
}

function matches(reference: [number, number][], heard: [number, number][]): number {
  let hits = 0;
  for (let pitch = 0; pitch < 128; pitch++) {
    const [own, found] = [reference, heard].map((all) =>
      all.filter(([one]) => one === pitch).map(([, at]) => at).sort((a, b) => a - b)
    ) as [number[], number[]];
    for (let i = 0, j = 0; i < own.length && j < found.length;) {
      const apart = found[j]! - own[i]!;
      if (Math.abs(apart) <= TOLERANCE) [hits, i, j] = [hits + 1, i + 1, j + 1];
      else if (apart < 0) j++;
      else i++;
    }
  }
  return hits;
}

const ear = await startEar({ threads: 2 }), random = new Random(1), all: number[][] = [];
let cpu = 0, minutes = 0;
const names = [...Deno.readDirSync(folder)].map(({ name }) => name)
  .filter((name) => name.endsWith(".mid")).sort();
for (const name of names) {
  const bare = join(folder, name.slice(0, -4));
  const clean = await readSound(`${bare}.wav`).catch(() => undefined);
  if (!clean) continue;
  const sound = room === "--room" ? inRoom(clean, random) : clean;
  const before = process.cpuUsage();
  const heard = await listenTo(ear, sound, async () => {});
  const notes = decodeNotes(heard).filter(({ start }) => start < sound.seconds - 0.2);
  const { user, system } = process.cpuUsage(before);
  cpu += (user + system) / 1e6;
  minutes += sound.seconds / 60;
  const written = await referenceOf(`${bare}.mid`);
  const found = notes.map(({ pitch, start }): [number, number] => [pitch, start]);
  const [{ reference, hits }] = [0, -written.begins].map((by) => {
    const reference = written.notes.map(([pitch, at]): [number, number] => [pitch, at + by])
      .filter(([, at]) => at < sound.seconds - 0.2);
    return { reference, hits: matches(reference, found) };
  }).sort((a, b) => b.hits - a.hits) as [{ reference: [number, number][]; hits: number }];
  const precision = hits / Math.max(1, notes.length), recall = hits / Math.max(1, reference.length);
  const f = 2 * hits / (notes.length + reference.length);
  all.push([precision, recall, f]);
  console.log(
    name.padEnd(48),
    `P ${precision.toFixed(3)} R ${recall.toFixed(3)} F ${f.toFixed(3)}`,
    `notes ${reference.length}/${notes.length} clarity ${clarityOf(heard).toFixed(2)}`,
  );
}
const [p, r, f] = [0, 1, 2].map((i) => all.reduce((sum, row) => sum + row[i]!, 0) / all.length);
console.log(`${all.length} files: P ${p!.toFixed(3)} R ${r!.toFixed(3)} F ${f!.toFixed(3)}`);
console.log(`${(cpu / minutes).toFixed(1)} s of processor time a minute`);
Deno.exit(0);
