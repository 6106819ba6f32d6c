import { loadModel } from "../lib/model/load.ts";
import { modelFolder } from "../lib/phases/run.ts";
import { readMidi } from "../lib/midi/read.ts";
import { writeMidi } from "../lib/midi/write.ts";
import { tokenize } from "../lib/tokens/tokenize.ts";
import { Vocabulary } from "../lib/tokens/vocabulary.ts";
import type { Frame } from "../lib/tokens/frame.ts";
import { type BenchOptions, type Row, USUAL_TOKENS } from "./table.ts";
import { VocabularyBuilder } from "../lib/tokens/vocabulary_builder.ts";

/** A scaling measurement: work at a quarter, a half and the whole of a size. */
interface Growth {
  readonly work: string;
  /** Unit of the size. */
  readonly unit: string;
  readonly size: number;
  /** Number of runs. */
  readonly runs: number;
  /** Prepares the input of a size; the returned function is measured. */
  readonly prepare: (size: number) => () => unknown;
}

/** A MIDI file of consecutive chords of three notes, on many pitches. */
function midiOf(notes: number): Uint8Array {
  return writeMidi({
    notes: Array.from({ length: notes }, (_, i) => ({
      pitch: 30 + (i * 7) % 64,
      velocity: 80,
      startTicks: 40 * i,
      endTicks: 40 * i + 120,
    })),
    ticksPerBeat: 480,
    beatsPerMinute: 120,
    timeSignature: { numerator: 4, denominator: 4 },
    name: "growth",
  });
}

/** Distinct frames of four pitches. */
function differentFrames(count: number): Frame[] {
  const frames: Frame[] = [];
  for (let a = 0; a < 124 && frames.length < count; a++) {
    for (let b = a + 1; b < 125 && frames.length < count; b++) {
      for (let c = b + 1; c < 127 && frames.length < count; c++) frames.push([a, b, c, 127]);
    }
  }
  return frames;
}

/**
 * Growth of time with the size of the input: twice the input should take twice as long (exponent
 * 1).
 */
export async function* growthRows(options: BenchOptions): AsyncGenerator<Row> {
  const { model } = await loadModel(modelFolder({}, "base"), { threads: options.threads });
  const growths: Growth[] = [
    {
      work: "reading one MIDI file and putting it on the grid",
      unit: "notes",
      size: 240_000,
      runs: 5,
      prepare: (size) => {
        const bytes = midiOf(size);
        return () => tokenize(readMidi(bytes), USUAL_TOKENS);
      },
    },
    {
      work: "a vocabulary, numbered, written and read",
      unit: "combinations",
      size: 300_000,
      runs: 3,
      prepare: (size) => {
        const frames = differentFrames(size);
        return () => {
          const builder = new VocabularyBuilder();
          builder.count(builder.numbers(frames));
          return Vocabulary.fromText(builder.finish().vocabulary.toText());
        };
      },
    },
    {
      work: "judging one piece with the base: its copy contexts are looked for over 1,024 frames",
      unit: "frames",
      size: options.quick ? 10_000 : 40_000,
      runs: 1,
      prepare: (size) => {
        const { frames: some, metres } = tokenize(readMidi(midiOf(30_000)), USUAL_TOKENS);
        const frames = Array.from({ length: size }, (_, i) => some[i % some.length]!);
        const piece = { name: "growth", frames, metres };
        return () => model.logProbabilities(piece);
      },
    },
  ];
  for (const { work, unit, size: whole, runs: most, prepare } of growths) {
    const [size, runs] = options.least ? [whole / 100, 1] : [whole, most];
    const sizes = [size / 4, size / 2, size];
    const seconds = sizes.map((each) => {
      const act = prepare(each);
      return Math.min(...Array.from({ length: runs }, () => { // the run that was disturbed least
        const started = performance.now();
        act();
        return (performance.now() - started) / 1000;
      }));
    });
    const exponents = [1, 2].map((i) => Math.log2(seconds[i]! / seconds[i - 1]!).toFixed(2));
    yield {
      work: `${work}, ${size.toLocaleString("en-US")} ${unit}`,
      measured: [{ name: "ours", seconds: [seconds[2]!] }],
      notes: [
        `${sizes.map((each, i) => `${each}: ${seconds[i]!.toFixed(2)} s`).join(", ")}; ` +
        `exponents ${exponents.join(" and ")}`,
      ],
    };
  }
  model.dispose();
}
