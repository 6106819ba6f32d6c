import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { player } from "../../lib/audio/player.ts";
import { pianoSynthesizer } from "../../lib/audio/synthesizer.ts";
import { readWav } from "../../lib/audio/wav.ts";
import { listen } from "../../lib/phases/listen.ts";
import { JUPYTER_DISPLAY } from "../../lib/show/summary.ts";
import { noteAt, songOf as midi } from "../midi/song.ts";
import { inFolder } from "../store/support.ts";

const note = (pitch: number, beat: number, beats: number, velocity = 100) =>
  noteAt(pitch, beat, beats, velocity);

/** Samples of the left channel from -1 to 1. */
async function left(file: string): Promise<Float32Array> {
  const { samples, frames } = readWav(await Deno.readFile(file));
  return Float32Array.from({ length: frames }, (_, i) => samples[2 * i]! / 32768);
}

function peak(samples: Float32Array): number {
  return samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** Strength of a frequency in a piece of sound (Goertzel, Hann window). */
function strength(samples: Float32Array, hertz: number): number {
  let real = 0;
  let imaginary = 0;
  samples.forEach((value, i) => {
    const window = 0.5 - 0.5 * Math.cos(2 * Math.PI * i / samples.length);
    real += window * value * Math.cos(2 * Math.PI * hertz * i / 44_100);
    imaginary += window * value * Math.sin(2 * Math.PI * hertz * i / 44_100);
  });
  return Math.hypot(real, imaginary);
}

Deno.test("Listen plays each note at its time and its pitch, and nothing before or after", () =>
  inFolder(async (folder) => {
    const pitches = [45, 57, 60, 69, 76, 81]; // on, above and below recorded keys
    const notes = pitches.map((pitch, i) => note(pitch, 4 * i + 1, 1));
    const switches = [note(14, 0, 1), note(119, 0, 1)]; // beyond a piano's keys
    await Deno.writeFile(`${folder}/scale.mid`, midi([...switches, ...notes]));
    const summary = await listen({ midi: `${folder}/scale.mid` });
    assertEquals(summary.file, `${folder}/scale.wav`);
    assertEquals([summary.notes, summary.notesLeftOut], [pitches.length, 2]);
    const samples = await left(summary.file);
    assertEquals(samples.length / 44_100, summary.seconds);
    assertEquals(peak(samples.subarray(0, 22_050)), 0, "sound before the first note");
    for (const [i, pitch] of pitches.entries()) {
      const start = Math.round((4 * i + 1) * 0.5 * 44_100);
      const attack = samples.subarray(start, start + 1323); // 30 ms
      assert(peak(attack) > 0.01, `${pitch} starts late`);
      const sound = samples.subarray(start + 2000, start + 2000 + 16_384);
      const hertz = 440 * 2 ** ((pitch - 69) / 12);
      // Of all semitones around it, the note's own fundamental is the strongest by far.
      const own = strength(sound, hertz);
      for (const semitones of [-2, -1, 1, 2]) {
        const other = strength(sound, hertz * 2 ** (semitones / 12));
        assert(own > 3 * other, `${pitch} beside ${semitones}: ${own}, ${other}`);
      }
      // Stretched tuning included, within 15 cents.
      const cents = [-30, -15, 0, 15, 30].map((c) => strength(sound, hertz * 2 ** (c / 1200)));
      assert(cents[2]! > cents[0]! && cents[2]! > cents[4]!, `${pitch} is out of tune: ${cents}`);
    }
  }));

Deno.test("Listen plays a key that is struck harder louder and brighter", () =>
  inFolder(async (folder) => {
    const velocities = [24, 44, 64, 84, 104, 124];
    const notes = velocities.map((velocity, i) => note(60, 8 * i, 2, velocity));
    await Deno.writeFile(`${folder}/a.mid`, midi(notes));
    const { file } = await listen({ midi: `${folder}/a.mid` });
    const samples = await left(file);
    const heard = velocities.map((_, i) => {
      const sound = samples.subarray(4 * i * 44_100 + 2000, 4 * i * 44_100 + 2000 + 16_384);
      const fundamental = 440 * 2 ** (-9 / 12);
      const high = Array.from({ length: 12 }, (_, n) => (8 + n) * fundamental);
      const overtones = high.reduce((sum, hertz) => sum + strength(sound, hertz), 0);
      return { level: peak(sound), colour: overtones / strength(sound, fundamental) };
    });
    for (const [i, { level }] of heard.entries()) {
      if (i === 0) continue;
      assert(level > heard[i - 1]!.level, `velocity ${velocities[i]} is no louder`);
    }
    assert(
      heard.at(-1)!.colour > 2 * heard[0]!.colour,
      "loud notes are no brighter than soft ones",
    );
  }));

Deno.test("Listen lets the pedal hold what the hand has let go", () =>
  inFolder(async (folder) => {
    const levels: number[] = [];
    for (const pedal of [[], [{ ticks: 60, down: true }, { ticks: 1920, down: false }]]) {
      await Deno.writeFile(`${folder}/a.mid`, midi([note(60, 0, 0.5)], { pedal }));
      const { file } = await listen({ midi: `${folder}/a.mid` });
      levels.push(peak((await left(file)).subarray(44_100, 66_150)));
    }
    assert(levels[1]! > 20 * levels[0]!, `${levels}`);
  }));

Deno.test("Listen normalises loudness, does not clip, and lets the last note die away", () =>
  inFolder(async (folder) => {
    for (const [name, velocity, voices] of [["soft", 20, 1], ["loud", 127, 10]] as const) {
      const chord = Array.from({ length: voices }, (_, voice) => 40 + 4 * voice);
      const notes = Array.from(
        { length: 6 },
        (_, i) => chord.map((pitch) => note(pitch, 2 * i, 1.9, velocity)),
      ).flat();
      await Deno.writeFile(`${folder}/${name}.mid`, midi(notes));
      const { file, rmsDecibels, peakDecibels, seconds } = await listen({
        midi: `${folder}/${name}.mid`,
      });
      const samples = await left(file);
      const { samples: both } = readWav(await Deno.readFile(file));
      const largest = both.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 32767;
      assertAlmostEquals(20 * Math.log10(largest), peakDecibels, 0.01);
      assert(peakDecibels <= -0.99 && rmsDecibels <= -19.99, name);
      assert(peakDecibels > -1.01 || rmsDecibels > -20.01, name);
      assert(seconds > 6 && seconds < 6 + 12.01, `${seconds} s`);
      const end = samples.subarray(samples.length - 2205);
      assert(peak(end) < 0.001 * largest + 1 / 32768, "the tail is cut off");
    }
  }));

Deno.test("Listen makes the same bytes from the same music", () =>
  inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/a.mid`, midi([note(60, 0, 1), note(67, 0.5, 1)]));
    const first = await listen({ midi: `${folder}/a.mid`, out: `${folder}/1.wav` });
    const second = await listen({ midi: `${folder}/a.mid`, out: `${folder}/2.wav` });
    assertEquals(await Deno.readFile(first.file), await Deno.readFile(second.file));
  }));

Deno.test("Listen that is stopped leaves the old file and nothing else", () =>
  inFolder(async (folder) => {
    const notes = Array.from({ length: 4000 }, (_, i) => note(30 + i % 60, i / 2, 2));
    await Deno.writeFile(`${folder}/long.mid`, midi(notes));
    await Deno.writeTextFile(`${folder}/long.wav`, "old");
    const stop = new AbortController();
    const onProgress = () => stop.abort(new DOMException("stopped", "AbortError"));
    await assertRejects(
      () =>
        listen({ midi: `${folder}/long.mid`, overwrite: true }, {
          onProgress,
          signal: stop.signal,
        }),
      DOMException,
      "stopped",
    );
    assertEquals(await Deno.readTextFile(`${folder}/long.wav`), "old");
    assertEquals(Array.from(Deno.readDirSync(folder), ({ name }) => name).sort(), [
      "long.mid",
      "long.wav",
    ]);
  }));

Deno.test("Listen says what is wrong with a file that it cannot play", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/bad.mid`, "no MIDI file");
    await Deno.writeFile(`${folder}/empty.mid`, midi([]));
    await assertRejects(() => listen({ midi: `${folder}/bad.mid` }), Error, "Cannot play");
    await assertRejects(() => listen({ midi: `${folder}/none.mid` }), Error, "none.mid");
    await assertRejects(() => listen({ midi: `${folder}/none/a.mid` }), Error, "does not exist");
    assertEquals(Array.from(Deno.readDirSync(folder), ({ name }) => name).sort(), [
      "bad.mid",
      "empty.mid",
    ]);
    await assertRejects(() => listen({ midi: `${folder}/empty.mid` }), Error, "no notes");
    await Deno.writeFile(`${folder}/a.mid`, midi([note(60, 0, 1)]));
    await assertRejects(
      () => listen({ midi: `${folder}/a.mid`, soundFont: `${folder}/bad.mid` }),
      Error,
      "Cannot use the SoundFont",
    );
  }));

Deno.test("Listen says which file a full disk kept it from writing, and leaves no part of it", () =>
  inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/a.mid`, midi([note(60, 0, 1)]));
    const { write } = Deno.FsFile.prototype;
    Deno.FsFile.prototype.write = () =>
      Promise.reject(new Error("No space left on device (os error 28)"));
    try {
      await assertRejects(
        () => listen({ midi: `${folder}/a.mid` }),
        Error,
        `Cannot write ${folder}/a.wav: the disk is full`,
      );
    } finally {
      Deno.FsFile.prototype.write = write;
    }
    assertEquals(Array.from(Deno.readDirSync(folder), ({ name }) => name), ["a.mid"]);
  }));

Deno.test("A player holds the sound as MP3 and names from outside as text", () =>
  inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/a.mid`, midi([note(60, 0, 4)]));
    const { file } = await listen({ midi: `${folder}/a.mid` });
    const shown = await player(file, { seconds: 1, title: "<img src=x>" });
    const html = (await shown[JUPYTER_DISPLAY]())["text/html"] as string;
    assert(!html.includes("<img"));
    const base64 = html.match(/src="data:audio\/mpeg;base64,([^"]+)"/)?.[1] ?? "";
    const mp3 = Uint8Array.fromBase64(base64);
    assertEquals([mp3[0], mp3[1]! & 0xe0], [0xff, 0xe0]); // the sync word of an MPEG audio frame
    assert(mp3.length > 7_000 && mp3.length < 10_000, `${mp3.length} bytes for a second`);
  }));

Deno.test("A stop is heeded while the piano's recordings are read, too", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  await assertRejects(
    () => pianoSynthesizer([{ pitch: 60, velocity: 64, seconds: 1 }], signal),
    Error,
    "enough",
  );
});
