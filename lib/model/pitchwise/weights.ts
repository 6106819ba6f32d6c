import { fields, list, number, oneOf, optional, whole } from "../../store/shape.ts";
import { gaussian, type Random } from "../../random.ts";
import type { NamedArray } from "../../train/trainer.ts";
import { ECHO_WINDOW } from "./kernels/fields.ts";
import { type Keyboard, type Layout, layOut, type NetworkShape } from "./layout.ts";
import type { NoteStatistics } from "./note_statistics.ts";

/** Network record of a bundle's manifest: structure and note statistics. */
interface NetworkRecord extends Keyboard, Omit<NetworkShape, "chords"> {
  /** Whether it sees a plan's chords; networks of earlier versions do not. */
  readonly chords?: boolean;
  /** Statistics of the corpus; without them, the sampling rules that need them have no effect. */
  readonly noteStatistics?: NoteStatistics;
}

const networkShape = (lowest: number) =>
  fields({
    lowest: whole(0, 127),
    pitches: whole(1, 128 - lowest),
    states: whole(1, 2),
    width: whole(24, 2400),
    layers: whole(0, 16),
    radius: list(whole(0, 127), 2),
    lags: list(whole(1, ECHO_WINDOW), 128),
    chords: optional(oneOf(true, false)),
    noteStatistics: optional(fields({
      notesPerFrame: number(0, 128),
      onsetsPerFrame: number(0, 128),
      longestNote: whole(1),
      longestSilence: whole(1),
    })),
  });

/**
 * Reads a network's layout and note statistics from a manifest.
 * @throws {Error} if the record is inconsistent
 */
export function readNetwork(
  network: unknown,
): { layout: Layout; statistics: NoteStatistics | undefined } {
  const record = network as NetworkRecord;
  const wrong = networkShape(Math.min(127, record?.lowest))(network, "network") ??
    (record.radius.length === 2 ? undefined : "network.radius is not two numbers");
  if (wrong !== undefined) {
    throw new Error(`Cannot read a pitchwise model: ${wrong}; train it again`);
  }
  return {
    layout: layOut({ ...record, chords: record.chords ?? false }, record),
    statistics: record.noteStatistics,
  };
}

/** Writes the record that {@linkcode readNetwork} reads. */
export function networkRecord(layout: Layout, noteStatistics: NoteStatistics): NetworkRecord {
  const { lowest, pitches, states, width, layers, radius, lags, chords } = layout;
  return { lowest, pitches, states, width, layers, radius, lags, chords, noteStatistics };
}

/** Parts of a network's parameters in order: name, shape, and offset. */
export function partsOf({ tables, width, layers, states, pitches }: Layout) {
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

/** Named copies of a network's parameters. */
export function nameWeights(layout: Layout, numbers: Float32Array): NamedArray[] {
  return partsOf(layout).map(({ name, shape, offset, length }) => ({
    name,
    shape,
    values: numbers.slice(offset, offset + length),
  }));
}

/**
 * Reads the arrays of {@linkcode nameWeights} into padded parameters.
 * @throws {Error} if an array is missing or has another shape
 */
export function readWeights(layout: Layout, arrays: readonly NamedArray[]): Float32Array {
  // All arrays are validated before anything is allocated.
  const found = partsOf(layout).map(({ name, offset, length }) => {
    const values = arrays.find((array) => array.name === name)?.values;
    if (values?.length !== length) {
      throw new Error(
        `Cannot read a pitchwise model: its array "${name}" has ` +
          `${values ? values.length : "no"} numbers, needed ${length}; train it again`,
      );
    }
    return [values, offset] as const;
  });
  const numbers = new Float32Array(layout.padded);
  for (const [values, offset] of found) numbers.set(values, offset);
  return numbers;
}

/**
 * Initial random parameters: the head's biases are the log odds of each pitch's frequency, so that
 * the network starts as independent pitch frequencies.
 *
 * @param frequencies share of frames in which each pitch is in each state
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
        : 0.04; // about one over the root of the number of simultaneous inputs
      for (let i = 0; i < length; i++) numbers[offset + i] = deviation * gaussian(random);
    }
  }
  return numbers;
}
