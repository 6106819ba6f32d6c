import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "node:path";
import { underTheGlass } from "../../lib/notebook/glass.ts";
import { listen } from "../../lib/phases/listen.ts";
import { preprocess } from "../../lib/phases/preprocess.ts";
import { transcribe } from "../../lib/phases/transcribe.ts";
import { secondsAt } from "../../lib/midi/tempo.ts";
import { readMusicFile } from "../../lib/store/music_files.ts";
import { noteAt, songOf } from "../midi/song.ts";
import { waveOf } from "../audio/wave.ts";
import { step } from "./support.ts";

const root = await Deno.makeTempDir();
Deno.test.afterAll(() => Deno.remove(root, { recursive: true }));
const audio = join(root, "audio"), out = join(root, "out"), midi = join(root, "song.mid");

/** Syllables of a voiced sound: harmonics of a gliding pitch under two wandering formants. */
function speechLike(seconds: number): Int16Array {
  let phase = 0;
  return Int16Array.from({ length: 44_100 * seconds }, (_, i) => {
    const at = i / 44_100, pitch = 130 + 30 * Math.sin(4.1 * at) + 12 * Math.sin(11 * at);
    phase += 2 * Math.PI * pitch / 44_100;
    const formants = [500 + 250 * Math.sin(7 * at), 1600 + 600 * Math.sin(5.3 * at + 1)];
    let sum = 0;
    for (let harmonic = 1; harmonic <= 25; harmonic++) {
      const hertz = harmonic * pitch;
      const gain = formants.reduce((all, one) => all + 1 / (1 + ((hertz - one) / 120) ** 2), 0.02);
      sum += gain * Math.sin(harmonic * phase);
    }
    return 4000 * sum * Math.max(0, Math.sin(2 * Math.PI * 2.3 * at));
  });
}

step("recordings become MIDI files, and what is no piano is skipped with the reason", async () => {
  const pitches = [60, 64, 67, 72, 67, 64, 62, 65, 69, 74, 69, 65, 59, 62, 67, 71];
  await Deno.writeFile(
    midi,
    songOf(pitches.map((pitch, i) => noteAt(pitch, i / 2, 1 / 2))),
  );
  await Deno.mkdir(join(audio, "sub"), { recursive: true });
  await listen({ midi, out: join(audio, "sub", "song.wav") });
  await Deno.writeFile(join(audio, "silence.wav"), waveOf(new Int16Array(44_100), 1));
  const noise = Int16Array.from({ length: 88_200 }, (_, i) => (i * 7919 % 1009 - 504) * 20);
  await Deno.writeFile(join(audio, "noise.wav"), waveOf(noise, 1));
  await Deno.writeFile(join(audio, "speech.wav"), waveOf(speechLike(4), 1));
  await Deno.writeTextFile(join(audio, "song.m4a"), "\0\0\0 ftypM4A ");
  const shares: number[] = [];
  const { files, page } = await transcribe({ audio, out, threads: 2 }, {
    onProgress: ({ done, total }) => shares.push(done / total),
  });
  assertEquals(files.map(({ file, midi }) => [file, midi]), [
    ["noise.wav", undefined],
    ["silence.wav", undefined],
    ["song.m4a", undefined],
    ["speech.wav", undefined],
    ["sub/song.wav", join(out, "sub", "song.mid")],
  ]);
  assertEquals(files[1]!.reason, "it is silent");
  assertMatch(files[3]!.reason!, /does not sound like a piano alone|no piano was detected/);
  assertEquals([shares.at(-1), shares.toSorted((a, b) => a - b)], [1, shares]);

  const heard = await readMusicFile(files[4]!.midi!), played = await readMusicFile(midi);
  const onsets = (music: typeof heard) =>
    music.parts.flatMap(({ notes }) => notes)
      .map(({ pitch, startTicks }) => ({ pitch, at: secondsAt(music, startTicks) }));
  const found = onsets(played).filter((note) =>
    onsets(heard).some(({ pitch, at }) => pitch === note.pitch && Math.abs(at - note.at) < 0.05)
  );
  assert(found.length >= 14 && onsets(heard).length <= 20, `${found.length} of ${pitches.length}`);
  const html = await Deno.readTextFile(page!);
  assert(html.includes('src="../audio/sub/song.wav"'));
});

step("under the glass a transcribed bar shows the spectrum of its recording", async () => {
  const data = join(root, "data");
  await preprocess({ midi: out, name: "heard", data });
  const said: unknown[] = [], { log } = console;
  console.log = (line: unknown) => said.push(line);
  try {
    await underTheGlass({
      ...{ midi: join(out, "sub", "song.mid"), recording: join(audio, "sub", "song.wav") },
      ...{ corpus: "heard", bar: 1, data },
    });
  } finally {
    console.log = log;
  }
  assertMatch(`${said[0]}`, /^Spectrum of bar 1 .* [1-9]\d* notes transcribed from it$/);
  assertMatch(`${said[1]}`, /^Bar 1 of /);
});

step("the same recordings give the same files again, and nothing else is replaced", async () => {
  const before = await Deno.readFile(join(out, "sub", "song.mid"));
  const again = await transcribe({ audio, out, threads: 1 });
  assertEquals(again.files[4]!.midi, join(out, "sub", "song.mid"));
  assertEquals(await Deno.readFile(join(out, "sub", "song.mid")), before);
  await Deno.writeTextFile(join(out, "sub", "song.mid"), "mine");
  const third = await transcribe({ audio, out, threads: 2 });
  assertEquals(third.files[4]!.midi, join(out, "sub", "song-2.mid"));
  assertEquals(await Deno.readTextFile(join(out, "sub", "song.mid")), "mine");
});

step("a folder without recordings, or with none that can be used, is an error", async () => {
  await assertRejects(() => transcribe({ audio: out, out }), Error, "No recordings (.mp3");
  await Deno.remove(join(audio, "sub"), { recursive: true });
  await assertRejects(() => transcribe({ audio, out }), Error, "None of the 4 recordings");
  for (const { name } of [...Deno.readDirSync(audio)].slice(1)) {
    await Deno.remove(join(audio, name));
  }
  await assertRejects(() => transcribe({ audio, out }), Error, "No recording in ");
});
