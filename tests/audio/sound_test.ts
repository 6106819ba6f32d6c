import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { fromDecibels, gainFor, loudnessMeter, toDecibels } from "../../lib/audio/loudness.ts";
import { excerpt } from "../../lib/audio/player.ts";
import { playedKeys, render, type TimedEvent, timedEvents } from "../../lib/audio/render.ts";
import { LAYERS, mixtures, nearestRecorded } from "../../lib/audio/samples.ts";
import { pianoSynthesizer, type PlayedKey } from "../../lib/audio/synthesizer.ts";
import { readWav } from "../../lib/audio/wav.ts";
import type { Music, Part } from "../../lib/midi/music.ts";
import { waveOf } from "./wave.ts";

function sine(seconds: number, amplitude: number): Float32Array {
  return Float32Array.from(
    { length: Math.round(seconds * 44_100) },
    (_, i) => amplitude * Math.sin(2 * Math.PI * 441 * i / 44_100),
  );
}

Deno.test("A WAV file reads back as it was written", () => {
  const wav = readWav(waveOf([1, -2, 32767, -32768], 2));
  assertEquals(wav, {
    sampleRate: 44_100,
    channels: 2,
    frames: 2,
    samples: Int16Array.of(1, -2, 32767, -32768),
  });
});

Deno.test("A WAV file that is cut or none is refused or read as far as it goes", () => {
  const whole = waveOf([1, 2, 3, 4], 2);
  assertEquals(readWav(whole.subarray(0, whole.length - 3)).frames, 1);
  for (const length of [0, 11, 20, 40]) {
    assertThrows(() => readWav(whole.subarray(0, length)), Error, "Cannot read WAV");
  }
  assertThrows(() => readWav(new Uint8Array(100)), Error, "not a RIFF WAVE file");
});

Deno.test("Loudness of a sine is its amplitude over the square root of two, rests left out", () => {
  const meter = loudnessMeter(44_100);
  const tone = sine(4, 0.25);
  const rest = new Float32Array(44_100 * 8);
  meter.add(tone, tone, tone.length);
  meter.add(rest, rest, rest.length);
  assertAlmostEquals(meter.rms(), 0.25 / Math.SQRT2, 1e-4);
  assertAlmostEquals(meter.peak(), 0.25, 1e-4);
});

Deno.test("Loudness of nothing, of silence and of less than a block is a number", () => {
  const meter = loudnessMeter(44_100);
  assertEquals([meter.rms(), meter.peak()], [0, 0]);
  const tone = sine(0.1, 0.5);
  meter.add(tone, tone, tone.length);
  assertAlmostEquals(meter.rms(), 0.5 / Math.SQRT2, 1e-3);
});

Deno.test("The gain reaches the wanted level unless a peak forbids it", () => {
  assertAlmostEquals(toDecibels(0.01 * gainFor(0.01, 0.02)), -20, 1e-9);
  assertAlmostEquals(toDecibels(0.9 * gainFor(0.01, 0.9)), -1, 1e-9);
  assertEquals(gainFor(0, 0), 1);
  assertAlmostEquals(fromDecibels(-6.0206), 0.5, 1e-5);
});

Deno.test("Every key has a recording at most a semitone away", () => {
  for (let pitch = 21; pitch <= 108; pitch++) {
    const recorded = nearestRecorded(pitch);
    assert(Math.abs(recorded - pitch) <= 1 && (recorded - 21) % 3 === 0, `${pitch}: ${recorded}`);
  }
  assertEquals([0, 127].map(nearestRecorded), [21, 108]);
});

Deno.test("Every velocity is played by one mixture of layers, which changes little from one to the next", () => {
  const bands = mixtures();
  assertEquals(bands[0]!.least, 0);
  assertEquals(bands.at(-1)!.most, 127);
  const shareOf = (band: (typeof bands)[number], layer: (typeof LAYERS)[number]) =>
    band.shares.find((each) => each.layer === layer)?.share ?? 0;
  for (const [index, band] of bands.entries()) {
    const power = band.shares.reduce((sum, { share }) => sum + share ** 2, 0);
    assertAlmostEquals(power, 1, 1e-9, "equal power");
    const before = bands[index - 1];
    if (!before) continue;
    assertEquals(band.least, before.most + 1);
    for (const layer of LAYERS) {
      const change = Math.abs(shareOf(band, layer) - shareOf(before, layer));
      assert(change < 0.26, `${layer.name} at ${band.least}: ${change}`);
    }
  }
});

Deno.test("Events let go before they strike, and no note ends where it begins", () => {
  const part: Part = {
    track: 0,
    channel: 0,
    program: 0,
    programSet: true,
    name: "",
    drum: false,
    notes: [
      { pitch: 60, velocity: 90, startTicks: 0, endTicks: 48 },
      { pitch: 60, velocity: 91, startTicks: 48, endTicks: 49 },
    ],
    pedal: [{ ticks: 48, down: true }],
  };
  const music: Music = {
    ticksPerBeat: 96_000,
    tempos: [{ ticks: 0, microsecondsPerBeat: 1_000_000 }],
    timeSignatures: [{ ticks: 0, numerator: 4, denominator: 4 }],
    keySignatures: [],
    parts: [part],
    repairs: [],
  };
  const events = timedEvents(music, music.parts);
  assertEquals(events.map(({ frame, kind }) => [frame, kind]), [
    [0, "note on"],
    [22, "note off"],
    [22, "pedal down"],
    [22, "note on"],
    [23, "note off"],
  ]);
});

Deno.test("An excerpt is the mean of both channels and fades out only where it breaks off", () => {
  const samples = Array.from({ length: 2 * 44_100 }, (_, i) => i % 2 === 0 ? 16384 : 0);
  const wav = readWav(waveOf(samples, 2));
  assertEquals(excerpt(wav, 5).length, 44_100);
  assertAlmostEquals(excerpt(wav, 5).at(-1) ?? 0, 0.25, 1e-6);
  assertEquals(excerpt(wav, 0.5).length, 22_050);
  assert((excerpt(wav, 0.5).at(-1) ?? 1) < 0.001);
});

const at = (seconds: number, kind: TimedEvent["kind"], pitch = 0, part = 0): TimedEvent => ({
  ...{ frame: 44_100 * seconds, kind, part, pitch, velocity: 60 + pitch % 7 },
});

/** Keys released, pedalled, struck again while they ring, and held to the end. */
const touched: readonly TimedEvent[] = [
  at(0, "note on", 50),
  at(0.5, "pedal down"),
  at(0.5, "note on", 62),
  at(0.75, "note off", 62),
  at(1, "note off", 50),
  at(1, "pedal down", 0, 1),
  at(1.5, "pedal up"),
  at(1.5, "note on", 62),
  at(2, "pedal up", 0, 1),
  at(2.25, "note off", 62),
  at(2.5, "note on", 50),
];

Deno.test("A key sounds until it is released and no part holds a pedal", () => {
  const keys = playedKeys(touched).map(({ pitch, seconds }) => [pitch, seconds]);
  assertEquals(keys, [[62, 1.5], [50, 2], [62, 0.75], [50, Infinity]]);
});

Deno.test("Recordings are decoded only as far as they are heard, and sound the same", async () => {
  const events = touched.slice(0, -1), keys = playedKeys(events);
  const sound = async (keys: readonly PlayedKey[]) => {
    const piano = await pianoSynthesizer(keys), samples = new Float32Array(44_100 * 4);
    let frame = 0;
    for (const { left, count } of render(events, piano, (part) => part)) {
      samples.set(left.subarray(0, Math.min(count, samples.length - frame)), frame);
      if ((frame += count) >= samples.length) break;
    }
    return samples;
  };
  const whole = await sound(keys.map((key) => ({ ...key, seconds: Infinity })));
  assertEquals(await sound(keys), whole);
  const cut = await sound(keys.map((key) => ({ ...key, seconds: 0 })));
  assert(cut.some((value, i) => value !== whole[i]), "no recording ends within its note");
});
