import type { SpessaSynthProcessor } from "spessasynth_core";
import { fetched, nearestRecorded, recordedNotes } from "./samples.ts";

type Spessasynth = typeof import("spessasynth_core");

const packages = { synthesizer: "spessasynth_core" };

/** Sample frames per second of all that is rendered. */
export const SAMPLE_RATE = 44_100;

const RELEASE_SECONDS = 0.35;
/** From F♯6 a piano has no dampers: a string goes on sounding when its key is let go. */
const FIRST_UNDAMPED = 90;
/** A little of a room; 0 to 127. */
const REVERB_SEND = 24;
const REVERB_CONTROLLER = 91;

/**
 * A synthesizer on which every channel plays the recorded piano.
 * @param pitches the pitches that will be played: only their recordings are read
 * @throws {Error} if the synthesizer or the recordings are not there and cannot be fetched
 */
export async function pianoSynthesizer(pitches: Iterable<number>): Promise<SpessaSynthProcessor> {
  const spessasynth = await fetched<Spessasynth>(packages.synthesizer);
  return start(spessasynth, await pianoBank(spessasynth, pitches));
}

/**
 * A synthesizer that plays a SoundFont of the user's own.
 * @param bytes a file in SF2, SF3 or DLS format
 * @throws {Error} if it is none
 */
export async function soundFontSynthesizer(bytes: Uint8Array): Promise<SpessaSynthProcessor> {
  const spessasynth = await fetched<Spessasynth>(packages.synthesizer);
  await spessasynth.BasicSoundBank.isSF3DecoderReady;
  return start(spessasynth, spessasynth.SoundBankLoader.fromArrayBuffer(bytes.slice().buffer));
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

/** The recordings as a sound bank: two zones (left, right) for every three keys. */
async function pianoBank(spessasynth: Spessasynth, pitches: Iterable<number>) {
  const { BasicInstrument, BasicPreset, BasicSample, BasicSoundBank } = spessasynth;
  const { GeneratorTypes, SampleTypes } = spessasynth;
  const bank = new BasicSoundBank("sf2");
  const instrument = new BasicInstrument();
  const needed = new Set([...pitches].map(nearestRecorded));
  const release = Math.round(1200 * Math.log2(RELEASE_SECONDS)); // in timecents
  for (const { pitch, sampleRate, left, right } of await recordedNotes(needed)) {
    for (const side of ["left", "right"] as const) {
      const data = side === "left" ? left : right;
      const type = SampleTypes[`${side}Sample`];
      const sample = new BasicSample(
        `${pitch} ${side}`,
        sampleRate,
        pitch,
        0,
        type,
        0,
        data.length,
      );
      sample.setAudioData(data, sampleRate);
      bank.addSamples(sample);
      const zone = instrument.createZone(sample);
      zone.keyRange = keysOf(pitch);
      zone.setGenerator(GeneratorTypes.pan, side === "left" ? -350 : 350);
      zone.setGenerator(GeneratorTypes.releaseVolEnv, pitch < FIRST_UNDAMPED ? release : 1200 * 3);
    }
  }
  bank.addInstruments(instrument);
  const preset = new BasicPreset(bank);
  preset.createZone(instrument);
  bank.addPresets(preset);
  bank.flush();
  return bank;
}

/** The keys that a recorded note plays; the outermost ones play all beyond them. */
function keysOf(recorded: number): { min: number; max: number } {
  const keys = Array.from({ length: 128 }, (_, key) => key)
    .filter((key) => nearestRecorded(key) === recorded);
  return { min: keys[0]!, max: keys.at(-1)! };
}
