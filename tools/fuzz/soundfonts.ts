/**
 * Damaged SoundFonts, SF2 and DLS.
 * @module
 */
import { Random } from "../../lib/random.ts";
import { soundFontSynthesizer } from "../../lib/audio/synthesizer.ts";
import type { FuzzInput } from "./inputs.ts";
import { type FuzzTarget, isReason } from "./target.ts";

/** File extension of kept failures. */
export const ending = "sf2";

/** A small SoundFont in both formats: two instruments, looped and not. */
export async function goodFiles(): Promise<Uint8Array[]> {
  const { BasicInstrument, BasicPreset, BasicSample, BasicSoundBank, GeneratorTypes, SampleTypes } =
    await import("spessasynth_core");
  const bank = new BasicSoundBank("sf2");
  for (const [program, length] of [300, 500].entries()) {
    const wave = Float32Array.from({ length }, (_, i) => Math.sin(i / 8));
    const sample = new BasicSample(`s${program}`, 22_050, 60, 0, SampleTypes.monoSample, 10, 200);
    sample.setAudioData(wave, 22_050);
    bank.addSamples(sample);
    const instrument = new BasicInstrument();
    const zone = instrument.createZone(sample);
    zone.keyRange = { min: 0, max: 127 };
    zone.setGenerator(GeneratorTypes.sampleModes, program);
    bank.addInstruments(instrument);
    const preset = new BasicPreset(bank);
    preset.program = program;
    preset.createZone(instrument);
    bank.addPresets(preset);
  }
  bank.soundBankInfo.creationDate = new Date(0); // the same bytes every time
  bank.flush();
  return [new Uint8Array(bank.writeSF2()), new Uint8Array(bank.writeDLS())];
}

const TELLING = [0, 1, 2, 0x7f, 0x80, 0xff];

/** Makes damaged file number `index`: mostly bytes outside the samples, and lengths of chunks. */
export function makeInput(seed: number, index: number, good: readonly Uint8Array[]): FuzzInput {
  const random = new Random(seed * 2 ** 32 + index);
  const file = good[index % good.length]!, names = chunksOf(file);
  const bytes = file.slice();
  for (let left = 1 + random.below(6); left > 0; left--) {
    const chunk = names[random.below(names.length)]!;
    const within = Math.min(200, Math.max(1, bytes.length - chunk - 4));
    const at = chunk + 4 + (random.below(3) ? random.below(within) : random.below(4));
    if (at < bytes.length) {
      bytes[at] = random.below(2) ? random.below(256) : TELLING[random.below(TELLING.length)]!;
    }
  }
  const cut = random.below(10) ? bytes.length : random.below(bytes.length);
  return { kind: index % good.length ? "dls" : "sf2", bytes: bytes.slice(0, cut) };
}

/** Offsets of chunk names (four letters). */
function chunksOf(bytes: Uint8Array): number[] {
  const places = Array.from({ length: Math.max(0, bytes.length - 7) }, (_, at) => at);
  return places.filter((at) =>
    /^[A-Za-z]{4}$/.test(String.fromCharCode(...bytes.subarray(at, at + 4)))
  );
}

const KEYS = [0, 60, 127];

/**
 * Fuzz targets that read a SoundFont and play a few notes on two of its instruments; `listen`
 * handles any error while playing.
 */
export const fuzzTargets: readonly FuzzTarget[] = [{
  name: "soundfont",
  async check({ bytes }) {
    let synthesizer;
    try {
      synthesizer = await soundFontSynthesizer(bytes.slice());
    } catch (error) {
      if (isReason(error)) return "skipped";
      throw error;
    }
    try {
      play(synthesizer);
      return "used";
    } catch {
      return "skipped";
    }
  },
}];

function play(synthesizer: Awaited<ReturnType<typeof soundFontSynthesizer>>): void {
  const left = new Float32Array(128), right = new Float32Array(128);
  for (const program of [0, 1]) {
    synthesizer.programChange(0, program);
    for (const key of KEYS) synthesizer.noteOn(0, key, 100);
    for (let block = 0; block < 4; block++) synthesizer.process(left, right, 0, 128);
    for (const key of KEYS) synthesizer.noteOff(0, key);
  }
}
