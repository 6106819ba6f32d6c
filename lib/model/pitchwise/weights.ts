import type { Random } from "../../random.ts";
import type { NamedArray } from "../../train/trainer.ts";
import { fields, list, whole } from "../../store/shape.ts";
import type { NoteStatistics } from "./note_statistics.ts";
import { layOut } from "./layout.ts";
import type { Layout } from "./layout.ts";

/** The array that says how a network is built; the others are its numbers. */
const BUILD = "build";

/** The array of the corpus's {@linkcode NoteStatistics}; without, the rules that need them do nothing. */
const STATISTICS = "note_statistics";

/** The parts of a network's numbers in their order: name, shape, and where they begin. */
export function partsOf(
  layout: Layout,
): { name: string; shape: readonly number[]; offset: number; length: number }[] {
  const { tables, width, layers, states, pitches } = layout;
  const parts: { name: string; shape: readonly number[]; offset: number; length: number }[] = [];
  let offset = 0;
  const add = (name: string, ...shape: number[]) => {
    const length = shape.reduce((product, side) => product * side);
    parts.push({ name, shape, offset, length });
    offset += length;
  };
  for (const table of tables) add(table.name, table.rows, width);
  for (let i = 1; i <= layers; i++) {
    add(`dense_${i}/kernel`, width, width);
    add(`dense_${i}/bias`, width);
  }
  add("head/kernel", states, width);
  add("head/bias", states, pitches);
  return parts;
}

/** A network's numbers under their names, copied, and how it is built. */
export function nameWeights(
  layout: Layout,
  numbers: Float32Array,
  { notesPerFrame, onsetsPerFrame, longestNote, longestSilence }: NoteStatistics,
): NamedArray[] {
  const { lowest, pitches, states, width, layers, radius, lags } = layout;
  const build = [lowest, pitches, states, width, layers, ...radius, ...lags];
  return [
    { name: BUILD, shape: [build.length], values: Float32Array.from(build) },
    {
      name: STATISTICS,
      shape: [4],
      values: Float32Array.of(notesPerFrame, onsetsPerFrame, longestNote, longestSilence),
    },
    ...partsOf(layout).map(({ name, shape, offset, length }) => ({
      name,
      shape,
      values: numbers.slice(offset, offset + length),
    })),
  ];
}

/** What the array that says how a network is built may hold. */
function buildShape(build: readonly number[]): string | undefined {
  const [lowest = 0, pitches = 0, states, width = 0, layers, near, far, ...lags] = build;
  return fields({
    lowest: whole(0, 127),
    pitches: whole(1, 128 - lowest),
    states: whole(1, 2),
    width: whole(24, 2400),
    layers: whole(0, 16),
    near: whole(0, 127),
    far: whole(0, 127),
    lags: list(whole(1, MOST_LAG), 128),
  })({ lowest, pitches, states, width, layers, near, far, lags }, "");
}

/** Frames back that any lag reaches; the kernels look no further. */
const MOST_LAG = 1024;

/**
 * What {@linkcode nameWeights} named: the network's layout and its numbers, padded.
 * @throws {Error} if an array is missing or has another shape
 */
export function readWeights(
  arrays: readonly NamedArray[],
): { layout: Layout; numbers: Float32Array; statistics?: NoteStatistics } {
  const find = (name: string, length?: number): Float32Array => {
    const values = arrays.find((array) => array.name === name)?.values;
    if (!values || (length !== undefined && values.length !== length)) {
      throw new Error(
        `Cannot read a pitchwise model: its array "${name}" has ` +
          `${values ? values.length : "no"} numbers, needed ${length ?? "some"}; train it again`,
      );
    }
    return values;
  };
  const build = find(BUILD);
  const wrong = buildShape([...build]);
  if (wrong !== undefined) {
    throw new Error(`Cannot read a pitchwise model: in its array "${BUILD}" ${wrong}`);
  }
  const [lowest, pitches, states, width, layers, near, far, ...lags] = build;
  const layout = layOut(
    { width: width!, layers: layers!, radius: [near!, far!], lags },
    { lowest: lowest!, pitches: pitches!, states: states! },
  );
  // Everything is found before anything is allocated for it.
  const found = partsOf(layout).map(({ name, offset, length }) =>
    [find(name, length), offset] as const
  );
  const numbers = new Float32Array(layout.padded);
  for (const [values, offset] of found) numbers.set(values, offset);
  const statistics = arrays.find(({ name }) => name === STATISTICS)?.values;
  if (!statistics) return { layout, numbers };
  const [notesPerFrame = 0, onsetsPerFrame = 0, longestNote = 1, longestSilence = 1] = statistics;
  return {
    layout,
    numbers,
    statistics: { notesPerFrame, onsetsPerFrame, longestNote, longestSilence },
  };
}

/**
 * Random numbers to start learning from: the head's biases are the log odds of how often each pitch
 * sounds, so that the network starts as independent pitch frequencies.
 *
 * @param frequencies per state and pitch, the share of frames in which it sounds so
 */
export function initialise(
  layout: Layout,
  frequencies: Float32Array,
  random: Random,
): Float32Array {
  const numbers = new Float32Array(layout.padded);
  for (const { name, offset, length } of partsOf(layout)) {
    if (name === "head/bias") {
      for (let i = 0; i < length; i++) {
        const share = Math.min(0.99, Math.max(1e-5, frequencies[i]!));
        numbers[offset + i] = Math.log(share / (1 - share));
      }
    } else if (!name.endsWith("/bias")) {
      const deviation = name === "head/kernel"
        ? 0.1
        : name.endsWith("/kernel")
        ? Math.sqrt(2 / layout.width) // He et al. 2015
        : 0.04; // of the order of one over the root of the inputs that are there at a time
      for (let i = 0; i < length; i++) numbers[offset + i] = deviation * gaussian(random);
    }
  }
  return numbers;
}

/** A normally distributed number (Box and Muller 1958). */
function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}
