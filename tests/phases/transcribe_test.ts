import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { listen } from "../../lib/phases/listen.ts";
import { transcribe } from "../../lib/phases/transcribe.ts";
import { secondsAt } from "../../lib/midi/tempo.ts";
import { readMusicFile } from "../../lib/store/music_files.ts";
import { noteAt, songOf } from "../midi/song.ts";
import { waveOf } from "../audio/wave.ts";
import { step } from "./support.ts";

const root = await Deno.makeTempDir();
Deno.test.afterAll(() => Deno.remove(root, { recursive: true }));
const audio = join(root, "audio"), out = join(root, "out"), midi = join(root, "song.mid");

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
  await Deno.writeTextFile(join(audio, "song.m4a"), "\0\0\0 ftypM4A ");
  const shares: number[] = [];
  const { files, page } = await transcribe({ audio, out, threads: 2 }, {
    onProgress: ({ done, total }) => shares.push(done / total),
  });
  assertEquals(files.map(({ file, midi }) => [file, midi]), [
    ["noise.wav", undefined],
    ["silence.wav", undefined],
    ["song.m4a", undefined],
    ["sub/song.wav", join(out, "sub", "song.mid")],
  ]);
  assertEquals(files[1]!.reason, "it is silent");
  assertEquals([shares.at(-1), shares.toSorted((a, b) => a - b)], [1, shares]);

  const heard = await readMusicFile(files[3]!.midi!), played = await readMusicFile(midi);
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

step("the same recordings give the same files again, and nothing else is replaced", async () => {
  const before = await Deno.readFile(join(out, "sub", "song.mid"));
  const again = await transcribe({ audio, out, threads: 1 });
  assertEquals(again.files[3]!.midi, join(out, "sub", "song.mid"));
  assertEquals(await Deno.readFile(join(out, "sub", "song.mid")), before);
  await Deno.writeTextFile(join(out, "sub", "song.mid"), "mine");
  const third = await transcribe({ audio, out, threads: 2 });
  assertEquals(third.files[3]!.midi, join(out, "sub", "song-2.mid"));
  assertEquals(await Deno.readTextFile(join(out, "sub", "song.mid")), "mine");
});

step("a folder without recordings, or with none that can be used, is an error", async () => {
  await assertRejects(() => transcribe({ audio: out, out }), Error, "No recordings (.mp3");
  await Deno.remove(join(audio, "sub"), { recursive: true });
  await assertRejects(() => transcribe({ audio, out }), Error, "None of the 3 recordings");
});
