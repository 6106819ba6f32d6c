import { assert, assertEquals } from "@std/assert";
import { activationsOf, KEYS, WINDOW } from "../../lib/transcribe/network.ts";
import { clarityOf, decodeNotes } from "../../lib/transcribe/notes.ts";
import { listenTo, startEar } from "../../lib/transcribe/transcribe.ts";

/** Place, note and onset as the published graph gives them for {@linkcode tones} (tfjs, CPU backend). */
const PUBLISHED: readonly (readonly [at: number, note: number, onset: number])[] = [
  [3735, 0.3917, 0.6666],
  [39, 0.3284, 0.4094],
  [3824, 0.1214, 0.3382],
  [6822, 0.33, 0.6529],
  [7526, 0.5208, 0.5297],
  [10682, 0.1739, 0.3263],
  [11222, 0.4786, 0.3203],
  [11398, 0.4756, 0.3871],
  [215, 0.4715, 0.1984],
  [4615, 0.5933, 0.1339],
  [8135, 0.5469, 0.1557],
  [10254, 0.4655, 0.1085],
  [12447, 0.4089, 0.1586],
  [14654, 0.4322, 0.0811],
  [7, 0.1288, 0.0869],
  [2531, 0.1001, 0.1081],
  [9000, 0.098, 0.0964],
];

function tones(): Float32Array {
  const sound = new Float32Array(WINDOW),
    tone = (hertz: number, i: number) => Math.sin(2 * Math.PI * hertz * i / 22_050);
  let noise = 1;
  return sound.map((_, i) => {
    noise = (noise * 1_103_515_245 + 12_345) % 2_147_483_648;
    return 0.3 * tone(261.63, i) * Math.exp(-(i % 11_025) / 8000) +
      (i > 20_000 ? 0.2 * tone(392, i) : 0) +
      0.01 * (noise / 2_147_483_648 - 0.5);
  });
}

Deno.test("the network gives what the published graph gives, on any number of threads", async () => {
  const { heap, weights } = await startEar({ threads: 2 });
  const { frames, notes, onsets } = activationsOf(heap, tones(), weights);
  assertEquals([frames, notes.length], [172, 172 * KEYS]);
  for (const [at, note, onset] of PUBLISHED) {
    assert(Math.abs(notes[at]! - note) < 1e-3, `note ${at}: ${notes[at]} for ${note}`);
    assert(Math.abs(onsets[at]! - onset) < 1e-3, `onset ${at}: ${onsets[at]} for ${onset}`);
  }
});

Deno.test("frames of a long recording lie at their times, over the edges of windows", async () => {
  const ear = await startEar({ threads: 2 });
  const samples = new Int16Array(22_050 * 4); // a tone that begins at 1.5 s, across two windows
  for (let i = 33_075; i < samples.length; i++) {
    samples[i] = 9000 * Math.sin(2 * Math.PI * 440 * i / 22_050) * Math.exp(-(i - 33_075) / 30_000);
  }
  const heard: number[] = [];
  const all = await listenTo(ear, { samples, seconds: 4, level: 0.1 }, (seconds) => {
    heard.push(seconds);
    return Promise.resolve();
  });
  assertEquals(heard.at(-1), 4);
  const frames = Array.from({ length: all.frames }, (_, frame) => frame);
  assert(frames.every((frame) => frame === 0 || all.secondsAt(frame) > all.secondsAt(frame - 1)));
  const onset = frames.reduce((best, frame) =>
    all.onsets[frame * KEYS + 48]! > all.onsets[best * KEYS + 48]! ? frame : best
  );
  assert(Math.abs(all.secondsAt(onset) - 1.5) < 0.05, `${all.secondsAt(onset)}`);
});

/** Activations of one key (A4): frames at which it begins, and at which it sounds, a hundred a second. */
function activations(
  frames: number,
  onsets: readonly number[],
  sounding: (frame: number) => boolean,
) {
  const empty = () => new Uint8Array(frames * KEYS);
  const all = {
    frames,
    notes: empty(),
    onsets: empty(),
    secondsAt: (frame: number) => frame / 100,
  };
  for (const frame of onsets) all.onsets[frame * KEYS + 48] = 230;
  for (let frame = 0; frame < frames; frame++) {
    if (sounding(frame)) all.notes[frame * KEYS + 48] = 200;
  }
  return all;
}

Deno.test("a note begins at its onset and ends when it has been silent for a while", () => {
  const gap = (frame: number) => frame < 50 && frame !== 20 && frame !== 21;
  assertEquals(decodeNotes(activations(100, [10], gap)), [{ pitch: 69, start: 0.1, end: 0.5 }]);
});

Deno.test("a note struck again ends the one before; what is too short is none", () => {
  const all = decodeNotes(activations(100, [10, 30, 80], (frame) => frame < 60));
  assertEquals(all, [{ pitch: 69, start: 0.1, end: 0.3 }, { pitch: 69, start: 0.3, end: 0.6 }]);
});

Deno.test("clarity is the share of onsets that are sure", () => {
  const all = activations(100, [10, 30], () => true);
  for (const frame of [50, 70]) all.onsets[frame * KEYS + 48] = 100;
  assertEquals(clarityOf(all), 0.5);
  assertEquals(clarityOf(activations(100, [], () => false)), 0);
});
