import type { SpessaSynthProcessor } from "spessasynth_core";
import { checkSoundFont } from "./soundfont.ts";
import { type Layer, loadSound, mixtures, nearestRecorded, recordedNote } from "./samples.ts";

type Spessasynth = typeof import("spessasynth_core");

/** A note to be played. */
export interface PlayedKey {
  /** 0 to 127. */
  readonly pitch: number;
  /** 1 to 127. */
  readonly velocity: number;
  /** Seconds from its onset until the damper falls; Infinity if that is unknown. */
  readonly seconds: number;
}

/** Sample rate of all rendered audio, in Hz. */
export const SAMPLE_RATE = 44_100;

const RELEASE_SECONDS = 0.35;
/** Longest time that a string sounds after its damper falls, rounded up. */
const AFTER_SECONDS = 2 * RELEASE_SECONDS;
/** Lowest undamped key, F♯6: from here on strings keep ringing after the key is released. */
const FIRST_UNDAMPED = 90;
/** Reverb send level for a slight room sound; 0 to 127. */
const REVERB_SEND = 24;
const REVERB_CONTROLLER = 91;

/**
 * Creates a synthesizer on which every channel plays the recorded piano.
 * @param notes all that will be played: only their recordings are read, as far as they are heard
 * @param signal aborts the reading: some dozens of recordings take seconds
 * @throws {Error} if the synthesizer or the recordings are not there and cannot be fetched
 */
export async function pianoSynthesizer(
  notes: Iterable<PlayedKey>,
  signal?: AbortSignal,
): Promise<SpessaSynthProcessor> {
  const spessasynth = await loadSound<Spessasynth>("spessasynth_core");
  return start(spessasynth, await pianoBank(spessasynth, [...notes], signal));
}

/**
 * Creates a synthesizer that plays a SoundFont supplied by the user.
 * @param bytes a file in SF2, SF3 or DLS format
 * @throws {Error} if it is not one
 */
export async function soundFontSynthesizer(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<SpessaSynthProcessor> {
  checkSoundFont(bytes);
  const spessasynth = await loadSound<Spessasynth>("spessasynth_core");
  const { BasicSoundBank, SoundBankLoader, SpessaLog } = spessasynth;
  SpessaLog.setLogLevel(false, false, false); // it logs text from the file on the terminal
  await BasicSoundBank.isSF3DecoderReady;
  const whole = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
  try {
    const synthesizer = await start(spessasynth, SoundBankLoader.fromArrayBuffer(whole.buffer));
    boundSpeed(synthesizer);
    return synthesizer;
  } catch (cause) {
    throw new Error("it is damaged, so that it cannot be played", { cause });
  }
}

/** Maximum playback step in samples of a recording per output sample: ten octaves up. */
const MOST_STEP = 1024;

/** The synthesizer's oscillator, which plays a recording. */
interface Oscillator {
  readonly playbackStep: number;
  process(count: number, tuningRatio: number, buffer: Float32Array): boolean;
}

/**
 * Limits the playback speed to the audible range: the synthesizer leaves a loop by subtracting its
 * length repeatedly, which would never end at the speeds that a SoundFont can specify.
 */
function boundSpeed(synthesizer: SpessaSynthProcessor): void {
  const { synthCore: { voices } } = synthesizer as unknown as {
    synthCore: { voices: readonly { oscillators: readonly Oscillator[] }[] };
  };
  for (const { oscillators } of voices) {
    for (const oscillator of oscillators) {
      const process = oscillator.process.bind(oscillator);
      oscillator.process = (count, ratio, buffer) =>
        process(count, Math.min(ratio, MOST_STEP / oscillator.playbackStep), buffer);
    }
  }
}

async function start(
  { SpessaSynthProcessor }: Spessasynth,
  bank: InstanceType<Spessasynth["BasicSoundBank"]>,
): Promise<SpessaSynthProcessor> {
  const synthesizer = new SpessaSynthProcessor(SAMPLE_RATE, { eventsEnabled: false });
  await synthesizer.processorInitialized;
  synthesizer.soundBankManager.addSoundBank(bank, "bank");
  for (const channel of synthesizer.midiChannels.keys()) {
    synthesizer.controllerChange(channel, REVERB_CONTROLLER, REVERB_SEND);
  }
  return synthesizer;
}

/**
 * Scale of a SoundFont's attenuation in centibels: since the first synthesizers it has been applied
 * at 0.4 of its nominal value, and this one does the same.
 */
const CENTIBELS = 10 / 0.4;

/** Sound bank of the recordings: two zones (left, right) for every three keys and each mixture. */
async function pianoBank(
  spessasynth: Spessasynth,
  notes: readonly PlayedKey[],
  signal?: AbortSignal,
) {
  const { BasicInstrument, BasicPreset, BasicSoundBank, GeneratorTypes } = spessasynth;
  const bank = new BasicSoundBank("sf2");
  const instrument = new BasicInstrument();
  const release = Math.round(1200 * Math.log2(RELEASE_SECONDS)); // in timecents
  const samplesOf = sampleReader(spessasynth, bank, (pitch) => secondsOf(notes, pitch));
  for (const { least, most, shares } of mixtures()) {
    const inside = notes.filter(({ velocity }) => velocity >= least && velocity <= most);
    for (const pitch of new Set(inside.map((note) => nearestRecorded(note.pitch)))) {
      for (const { layer, share } of shares) {
        signal?.throwIfAborted();
        for (const [side, sample] of (await samplesOf(layer, pitch)).entries()) {
          const zone = instrument.createZone(sample);
          zone.keyRange = keysOf(pitch);
          zone.velRange = { min: least, max: most };
          zone.setGenerator(GeneratorTypes.pan, side === 0 ? -350 : 350);
          const attenuation = Math.round(-20 * Math.log10(share) * CENTIBELS);
          zone.setGenerator(GeneratorTypes.initialAttenuation, attenuation);
          zone.setGenerator(
            GeneratorTypes.releaseVolEnv,
            pitch < FIRST_UNDAMPED ? release : 1200 * 3,
          );
        }
      }
    }
  }
  bank.addInstruments(instrument);
  const preset = new BasicPreset(bank);
  preset.createZone(instrument);
  bank.addPresets(preset);
  bank.flush();
  return bank;
}

/** Seconds of a recorded note that are heard at most: it is played faster for higher keys. */
function secondsOf(notes: readonly PlayedKey[], recorded: number): number {
  if (recorded >= FIRST_UNDAMPED - 1) return Infinity;
  const heard = notes.filter(({ pitch }) => nearestRecorded(pitch) === recorded);
  const each = heard.map(({ pitch, seconds }) =>
    (seconds + AFTER_SECONDS) * 2 ** ((pitch - recorded) / 12)
  );
  return each.reduce((most, seconds) => Math.max(most, seconds), 0);
}

/** Creates a cached reader of recorded notes, which gives the left and the right sample. */
function sampleReader(
  { BasicSample, SampleTypes }: Spessasynth,
  bank: InstanceType<Spessasynth["BasicSoundBank"]>,
  secondsOf: (pitch: number) => number,
) {
  type Sample = InstanceType<Spessasynth["BasicSample"]>;
  const samples = new Map<string, readonly [left: Sample, right: Sample]>();
  return async (layer: Layer, pitch: number): Promise<readonly [left: Sample, right: Sample]> => {
    const key = `${layer.name} ${pitch}`, known = samples.get(key);
    if (known) return known;
    const note = await recordedNote(layer, pitch, secondsOf(pitch));
    const [left, right] = (["left", "right"] as const).map((side) => {
      const data = note[side], { sampleRate } = note;
      const type = SampleTypes[`${side}Sample`];
      const name = `${pitch}${layer.ending} ${side}`;
      const sample = new BasicSample(name, sampleRate, pitch, 0, type, 0, data.length);
      sample.setAudioData(data, sampleRate);
      bank.addSamples(sample);
      return sample;
    });
    const pair = [left!, right!] as const;
    samples.set(key, pair);
    return pair;
  };
}

/** Key range of a recorded note; the outermost notes also cover all keys beyond them. */
function keysOf(recorded: number): { min: number; max: number } {
  const keys = Array.from({ length: 128 }, (_, key) => key)
    .filter((key) => nearestRecorded(key) === recorded);
  return { min: keys[0]!, max: keys.at(-1)! };
}
