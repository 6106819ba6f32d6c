/**
 * Measures the reading of scores: for each subfolder of FOLDER with a score in MusicXML
 * (`score.mxl` or `xml_score.musicxml`) and a MIDI file of it (`score.mid` or `midi_score.mid`), as
 * in the ASAP data set, the share of notes (pitch and onset to 1/48 beat) that agree with an
 * independent reading of the score's durations, and with the MIDI file, both at its own times and
 * with each bar moved to the file's bar line, since notation programs lengthen bars for hidden
 * content; and the share of the MIDI file's notes found in this way, which include written-out
 * ornaments.
 *
 *     deno run --allow-read bench/scores_in.ts FOLDER
 *
 * @module
 */
import { join } from "node:path";
import process from "node:process";
import type { Music } from "../lib/midi/music.ts";
import { readMidi } from "../lib/midi/read.ts";
import { midiOfScore, readScore } from "../lib/notation/read.ts";
import { playScore } from "../lib/notation/play.ts";
import { scoreLimits } from "../lib/notation/limits.ts";
import { zipEntries } from "../lib/notation/zip.ts";

type Onset = readonly [pitch: number, beat: number];
const GRID = 24;
const keyOf = ([pitch, beat]: Onset) => `${pitch} ${Math.round(beat * GRID)}`;

/**
 * Independent reading by regular expressions: written onsets of each bar, and the lengths of the
 * bars.
 */
function independent(xml: string): { bars: Onset[][]; lengths: number[] } {
  const number = (text: string, name: string) =>
    Number(new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? NaN);
  let divisions = 1, nominal = NaN;
  const bars: Onset[][] = [], lengths: number[] = [], open = new Map<number, number>();
  let start = 0;
  for (const [, body] of xml.matchAll(/<measure\b[^>]*>([\s\S]*?)<\/measure>/g)) {
    let at = 0, last = 0, all = 0;
    const visible = new Set<number>();
    const onsets: Onset[] = [];
    const ends: [number, number][] = [];
    for (
      const [element, name] of body!.matchAll(
        /<(note|backup|forward|attributes)\b[^>]*>[\s\S]*?<\/\1>/g,
      )
    ) {
      const duration = number(element, "duration") / divisions || 0;
      if (name === "attributes") {
        divisions = number(element, "divisions") || divisions;
        nominal = 4 * number(element, "beats") / number(element, "beat-type") || nominal;
      } else if (name === "backup") at = Math.max(0, at - duration);
      else if (name === "forward") all = Math.max(all, at += duration);
      else if (!element.includes("<grace")) {
        const onset = element.includes("<chord") ? last : at;
        const [, step] = /<step>(\w)<\/step>/.exec(element) ?? [];
        if (step) {
          const pitch = 12 * (number(element, "octave") + 1) + (number(element, "alter") || 0) +
            [9, 11, 0, 2, 4, 5, 7]["ABCDEFG".indexOf(step)]!;
          const goesOn = element.includes('<tie type="stop"') &&
            Math.abs((open.get(pitch) ?? NaN) - start - onset) < 1 / 16;
          if (!goesOn) onsets.push([pitch, onset]);
          if (element.includes('<tie type="start"')) ends.push([pitch, start + onset + duration]);
        }
        if (!element.includes("<chord")) [last, at] = [at, at + duration];
        all = Math.max(all, at);
        if (!element.startsWith("<note") || !/^<note[^>]*print-object="no"/.test(element)) {
          visible.add(at);
        }
        for (const [pitch, end] of ends.splice(0)) open.set(pitch, end);
      }
    }
    const sum = Math.max(...visible) > 0 ? Math.max(...visible) : all;
    const isFull = [...visible].some((end) => Math.abs(end - nominal) < 1e-6); // a turn spills over
    const excess = sum - nominal;
    const isNominal = Math.abs(excess) < 1 / 8 || excess > 0 && excess < 3 / 16 && isFull;
    const length = isNominal ? nominal : sum;
    bars.push(onsets);
    lengths.push(length);
    start += length;
  }
  return { bars, lengths };
}

/** Share of reference notes that occur among the others. */
function agreement(reference: readonly Onset[], found: readonly Onset[]): number {
  const keys = new Set(found.map(keyOf)), own = new Set(reference.map(keyOf));
  return own.intersection(keys).size / Math.max(1, own.size);
}

/** Bar lines of a MIDI file in quarter notes, from its time signatures alone. */
function barLines({ timeSignatures, ticksPerBeat, parts }: Music): number[] {
  const end = Math.max(...parts.flatMap(({ notes }) => notes.map(({ endTicks }) => endTicks)));
  return timeSignatures.flatMap(({ ticks, numerator, denominator }, i) => {
    const until = timeSignatures[i + 1]?.ticks ?? end, lines: number[] = [];
    const bar = 4 * numerator / denominator * ticksPerBeat;
    for (let at = ticks; at < until - 1; at += bar) lines.push(at / ticksPerBeat);
    return lines;
  });
}

/** Onsets with each bar moved to the file's bar line that is nearest to its expected position. */
function atBarLines(bars: readonly number[], notes: readonly Onset[], lines: readonly number[]) {
  let shift = 0;
  const shifts = bars.map((from) => {
    const near = lines.reduce((best, line) =>
      Math.abs(line - from - shift) < Math.abs(best - from - shift) ? line : best
    );
    return shift = Math.abs(near - from - shift) <= 0.5 ? near - from : shift;
  });
  return notes.map(([pitch, beat]): Onset => {
    const bar = Math.max(0, bars.findLastIndex((from) => from <= beat + 1e-3));
    return [pitch, beat + shifts[bar]!];
  });
}

async function fileIn(folder: string, ...names: string[]): Promise<Uint8Array | undefined> {
  for (const name of names) {
    const bytes = await Deno.readFile(join(folder, name)).catch(() => undefined);
    if (bytes) return bytes;
  }
}

const [root = "."] = Deno.args, rows: number[][] = [];
const pieces: { name: string; bytes: Uint8Array; midi: Uint8Array }[] = [];
for (const { name } of [...Deno.readDirSync(root)].sort((a, b) => a.name < b.name ? -1 : 1)) {
  const folder = join(root, name);
  const bytes = await fileIn(folder, "score.mxl", "xml_score.musicxml");
  const midi = await fileIn(folder, "score.mid", "midi_score.mid");
  if (bytes && midi) pieces.push({ name, bytes, midi });
}
const reading = () =>
  pieces.map(({ bytes }) => {
    const before = process.cpuUsage();
    midiOfScore(readScore(bytes));
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  }).sort((a, b) => a - b);
const cold = reading(), warm = reading();
for (const { name, bytes, midi } of pieces) {
  const score = readScore(bytes);
  const onsetsOf = ({ parts, ticksPerBeat }: Music): Onset[] =>
    parts.flatMap(({ notes }) => notes).map((
      { pitch, startTicks },
    ) => [pitch, startTicks / ticksPerBeat]);
  const isZip = bytes[0] === 0x50;
  const xml = new TextDecoder().decode(
    isZip
      ? zipEntries(bytes, scoreLimits).find(({ name }) => !name.startsWith("META"))!.read()
      : bytes,
  );
  const { bars, lengths } = independent(xml);
  const written = score.bars.map((_, index) => index);
  const played = playScore(score, scoreLimits),
    inOrder = playScore({ ...score, order: written }, scoreLimits);
  let start = 0;
  const reference = bars.flatMap((bar, i) => {
    const from = start;
    start += lengths[i]!;
    return bar.map(([pitch, at]): Onset => [pitch, from + at]);
  });
  const notes = inOrder.staves.flat().map(({ pitch, start }): Onset => [pitch, start]);
  const ours = played.staves.flat().map(({ pitch, start }): Onset => [pitch, start]);
  const file = readMidi(midi), theirs = onsetsOf(file);
  const placed = atBarLines(played.bars, ours, barLines(file));
  const sameBars = lengths.every((length, i) => Math.abs(length - score.bars[i]!.length) < 1 / 16);
  const row = [
    ...[agreement(reference, notes), agreement(ours, theirs), agreement(placed, theirs)],
    ...[agreement(theirs, placed), Number(sameBars), theirs.length],
  ];
  rows.push(row);
  const share = (value: number) => `${(100 * value).toFixed(1)} %`.padStart(8);
  console.log(name.padEnd(56), ...row.slice(0, 4).map(share), sameBars ? "bars" : "other bars");
}
const total = rows.reduce((sum, row) => sum + row[5]!, 0);
const pooled = (column: number) =>
  (100 * rows.reduce((sum, row) => sum + row[column]! * row[5]!, 0) / total).toFixed(1);
console.log(
  `${rows.length} scores; ${rows.filter(([own]) => own! >= 0.99).length} agree with the`,
  `independent reading in at least 99 % of their notes, ${
    rows.filter((row) => row[4]).length
  } in all bars`,
);
console.log(
  `of the notes read ${pooled(1)} % stand in the MIDI files at their own times, ${
    pooled(2)
  } % where`,
  `bars begin at the MIDI files' bar lines; then ${pooled(3)} % of the MIDI files' notes are found`,
);
console.log(
  `processor time a score, median, at the first reading and the second: ${
    [cold, warm].map((times) => `${times[times.length >> 1]!.toFixed(0)} ms`).join(", ")
  }`,
);
