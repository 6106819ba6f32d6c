/**
 * Measures the duet without a browser: tempo estimation on freely played phrases, and the fit of
 * the answers. `deno run -P=bench bench/duet.ts [FOLDER] [tempo]`: phrases are the openings that the
 * base holds, which it has learned from, or two to four bars from anywhere in a folder's MIDI
 * files; `tempo` leaves out the answers.
 * @module
 */
import { join } from "node:path";
import { copyFinderOf } from "../lib/generate/judge/copies.ts";
import { framesFromText } from "../lib/generate/primer.ts";
import { baseFolder } from "../lib/model/base.ts";
import { loadModel } from "../lib/model/load.ts";
import { answer } from "../lib/page/engine.ts";
import { pageModelOf } from "../lib/page/bundle.ts";
import { loadPagePlayer } from "../lib/page/model.ts";
import { Pace } from "../lib/page/pace.ts";
import { heardPhrase } from "../lib/page/phrase.ts";
import { pulseOf } from "../lib/page/pulse.ts";
import type { PlayedNote } from "../lib/midi/music.ts";
import { Tempo } from "../lib/page/tempo.ts";
import type { Signature } from "../lib/midi/metre.ts";
import { Random } from "../lib/random.ts";
import { readMusicFile } from "../lib/store/music_files.ts";
import { barsOf } from "../lib/tokens/bars.ts";
import { countClasses, type Frame } from "../lib/tokens/frame.ts";
import { decodeFrames } from "../lib/tokens/grid.ts";
import { keyOf } from "../lib/tokens/find_key.ts";
import { planOf } from "../lib/tokens/plan_of.ts";
import { tokenize } from "../lib/tokens/tokenize.ts";
import { sum } from "../lib/numbers.ts";

/** Effort of answers that are sampled ahead on an idle machine. */
const EFFORT = new Pace().effortWithin(Infinity);

const JITTER = 0.03, TEMPOS = 3, LEAST_ONSETS = 5;
const folder = join(baseFolder(), "beats-4");
const loaded = await loadModel(folder, { threads: 1 });
const player = await loadPagePlayer(
  await pageModelOf({ name: "base", hash: "" }, loaded),
);
const { model: { grid, byPitch } } = player, random = new Random(3);
const normal = () =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());

/** A phrase on the grid. */
interface Phrase {
  readonly name: string;
  readonly frames: readonly Frame[];
  readonly stepsPerBar: number;
  /** Quarter notes in a beat. */
  readonly beat: number;
}

/** Quarter notes in a beat of a metre: one, or those of three eighths or sixteenths. */
function beatOf([count, unit]: Signature): number {
  return unit >= 8 && count % 3 === 0 ? 12 / unit : 1;
}

const phrases = [undefined, "", "tempo"].includes(Deno.args[0])
  ? loaded.openings.map(({ frames, metres }, at): Phrase => ({
    name: `opening ${at + 1}`,
    frames: framesFromText(frames),
    stepsPerBar: metres.at(-1)!.stepsPerBar,
    beat: beatOf(metres.at(-1)!.signature ?? [4, 4]),
  }))
  : await phrasesIn(Deno.args[0]!);
await measureTempo();
if (!Deno.args.includes("tempo")) await measureAnswers();

async function phrasesIn(folder: string): Promise<Phrase[]> {
  const found: Phrase[] = [], chosen = new Random(11);
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  for (const name of names.filter((name) => /\.midi?$/i.test(name))) {
    const { frames, metres } = tokenize(
      await readMusicFile(join(folder, name)),
      player.style.tokenize,
    );
    const bars = barsOf(metres, frames.length, grid);
    const first = chosen.below(Math.max(1, bars.length - 5)), last = first + 2 + chosen.below(3);
    const from = bars[first]!.start, end = bars[last]?.start ?? frames.length;
    const own = frames.slice(from, end);
    own[0] = own[0]?.map((code) => code & 127) ?? [];
    const { steps: stepsPerBar, signature } = bars[first]!;
    if (own[0].length > 0) {
      found.push({ name, frames: own, stepsPerBar, beat: beatOf(signature) });
    }
  }
  return found;
}

/** A phrase as a player performs it. */
function played(frames: readonly Frame[], step: number): PlayedNote[] {
  const notes = decodeFrames(frames, grid.attacks);
  const late = new Map<number, number>();
  for (const { start } of notes) if (!late.has(start)) late.set(start, JITTER * normal());
  return notes.map(({ pitch, start, end }) => ({
    pitch,
    start: 5 + start * step + late.get(start)!,
    end: 5 + end * step,
    velocity: 80,
  }));
}

async function measureTempo(): Promise<void> {
  const counts = { right: 0, "half or double": 0, other: 0 };
  let corrected = 0, metres = 0, all = 0, milliseconds = 0;
  for (const { frames, stepsPerBar, beat } of phrases) {
    const onsets = new Set(decodeFrames(frames, grid.attacks).map(({ start }) => start));
    if (onsets.size < LEAST_ONSETS) continue;
    for (let tempo = 0; tempo < TEMPOS; tempo++) {
      const bpm = 70 * 2 ** (1.1 * random.next()), step = 60 / bpm / grid.steps;
      const notes = played(frames, step), started = performance.now();
      const tempo = new Tempo(player.style.beatsPerMinute);
      const pulse = await pulseOf(notes, tempo.prior, { model: byPitch, grid });
      milliseconds += performance.now() - started;
      all++;
      const isRight = (ratio: number) => Math.abs(step / pulse.step * ratio - 1) < 0.03;
      if (isRight(1)) counts.right++;
      else if (isRight(2) || isRight(0.5)) counts["half or double"]++;
      else counts.other++;
      if (isRight(1) && pulse.stepsPerBar === stepsPerBar) metres++;
      // A person taps along with the beat, not quite in time.
      tempo.correct({ beatsPerMinute: bpm / beat * Math.exp(0.03 * normal()) });
      const again = await pulseOf(notes, tempo.prior, { model: byPitch, grid });
      if (Math.abs(step / again.step - 1) < 0.03) corrected++;
    }
  }
  const share = (count: number) => `${(100 * count / all).toFixed(0)} %`;
  console.log(
    `tempo of ${all} phrases, ${1000 * JITTER} ms: ` +
      Object.entries(counts).map(([what, count]) => `${what} ${share(count)}`).join(", ") +
      `; right after a tap ${share(corrected)}; tempo and bar ${share(metres)}; ` +
      `${(milliseconds / all).toFixed(0)} ms each`,
  );
}

async function measureAnswers(): Promise<void> {
  let keys = 0, common = 0, copied = 0, all = 0, first = 0, fuller = 0;
  const copies = copyFinderOf(
    [...loaded.files].filter(([name]) => name.startsWith("passages")).map(([, bytes]) => bytes),
    grid,
  );
  for (const [index, { frames: own, stepsPerBar }] of phrases.entries()) {
    // In other keys than the base has them.
    const frames = own.map((frame) => frame.map((code) => code + (index * 5) % 11 - 5)).map((
      frame,
    ) => frame.filter((code) => (code & 127) > 20 && (code & 127) < 107));
    const step = 0.15, notes = played(frames, step);
    if (notes.length < LEAST_ONSETS || stepsPerBar < 12) continue;
    const pulse = {
      step,
      origin: 5,
      stepsPerBar,
      stepsPerBeat: grid.steps,
      stepsPerQuarter: grid.steps,
    };
    const earliest = 5 + frames.length * step - 0.05;
    const before = { frames: [], metres: [] };
    const prior = { beatsPerMinute: 100, spread: 0.3 };
    const { past, phraseBars } = await heardPhrase(
      { notes, pulse, prior, earliest, onBar: false, before },
      byPitch,
      grid,
    );
    const started = performance.now();
    let bar = 0;
    const made = await answer(
      { ...past, phraseBars, metre: { steps: stepsPerBar }, beatsPerMinute: 100 },
      { boldness: 0, follow: 0.5, chords: "", ends: false, effort: EFFORT, seed: index },
      player,
      { onBar: () => void (bar ||= performance.now() - started), onFrame: async () => {} },
    );
    all++;
    first += bar;
    const metres = [{ frame: 0, stepsPerBar, phase: 0 }];
    const [asked, answered] = [past.frames, made.frames].map((frames) =>
      keyOf(planOf({ frames, metres }, grid).bars)
    );
    if (asked!.tonic === answered!.tonic && asked!.mode === answered!.mode) keys++;
    common += inCommon(countClasses(past.frames), countClasses(made.frames));
    fuller += meanNotes(made.frames) / meanNotes(past.frames);
    if ((copies?.longest(made.frames)?.beats ?? 0) > 6) copied++;
  }
  console.log(
    `${all} answers: in the phrase's key ${(100 * keys / all).toFixed(0)} %, pitch classes in ` +
      `common ${(100 * common / all).toFixed(0)} %, ${copied} copy more than 6 beats, ` +
      `${(fuller / all).toFixed(2)} times as full; first bar after ${(first / all).toFixed(0)} ms`,
  );
}

function inCommon(a: readonly number[], b: readonly number[]): number {
  const [ofA, ofB] = [sum(a) || 1, sum(b) || 1];
  return sum(a.map((count, one) => Math.min(count / ofA, b[one]! / ofB)));
}

function meanNotes(frames: readonly Frame[]): number {
  return sum(frames.map(({ length }) => length)) / frames.length;
}
