import { assertEquals, assertThrows } from "@std/assert";
import { passageSpectrum } from "../../lib/transcribe/passage.ts";
import { startEar } from "../../lib/transcribe/transcribe.ts";

const RATE = 22_050, KEYS = 88, LOWEST = 21;

Deno.test("the spectrum of a passage is loudest at the keys that sound, while they sound", async () => {
  const hertz = [440, 261.63, 880];
  const samples = Int16Array.from(
    { length: 3 * RATE },
    (_, i) => 8000 * Math.sin(2 * Math.PI * hertz[Math.floor(i / RATE)]! * i / RATE),
  );
  const sound = { samples, seconds: 3, level: 0.2 };
  const ear = await startEar({ threads: 1 });
  const levels = passageSpectrum(ear, sound, [0.2, 0.8, 1.2, 1.8, 2.2, 2.8]);
  assertEquals(levels.length, 5 * KEYS);
  const loudest = [0, 2, 4].map((interval) => {
    const row = levels.subarray(interval * KEYS, (interval + 1) * KEYS);
    return LOWEST + row.indexOf(row.reduce((most, value) => Math.max(most, value)));
  });
  assertEquals(loudest, [69, 60, 81]);
  assertEquals([Math.min(...levels), Math.max(...levels)], [0, 1]);
  for (const times of [[3.1, 3.2], [-1, 1], [1, 1], [0, 61]]) {
    assertThrows(() => passageSpectrum(ear, sound, times), Error, "no passage of a sound of 3.0 s");
  }
});
