import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { createMp3Encoder } from "wasm-media-encoders";
import { resampler } from "../../lib/transcribe/resample.ts";
import { decodeSound, readSound } from "../../lib/transcribe/sound.ts";
import { FLAC, FLAC_ENDINGS, OGG_VORBIS } from "./tones.ts";

const root = await Deno.makeTempDir();
Deno.test.afterAll(() => Deno.remove(root, { recursive: true }));

const tone = (hertz: number, rate: number, seconds: number) =>
  Float32Array.from(
    { length: Math.round(rate * seconds) },
    (_, i) => 0.5 * Math.sin(2 * Math.PI * hertz * i / rate),
  );

/** A WAV file of one tone in all channels; `write` puts a sample into its bytes. */
function wav(
  { tag = 1, bits = 16, channels = 1, rate = 44_100, size }: {
    tag?: number;
    bits?: number;
    channels?: number;
    rate?: number;
    size?: number;
  },
  write: (view: DataView, at: number, value: number) => void,
): Uint8Array {
  const samples = tone(440, rate, 0.5), bytes = samples.length * channels * bits / 8;
  const view = new DataView(new ArrayBuffer(44 + bytes));
  const text = (at: number, letters: string) =>
    [...letters].forEach((letter, i) => view.setUint8(at + i, letter.charCodeAt(0)));
  text(0, "RIFF");
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, tag, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rate, true);
  view.setUint16(34, bits, true);
  text(36, "data");
  view.setUint32(40, size ?? bytes, true);
  samples.forEach((value, i) => {
    for (let channel = 0; channel < channels; channel++) {
      write(view, 44 + (i * channels + channel) * bits / 8, value);
    }
  });
  return new Uint8Array(view.buffer);
}

async function heard(bytes: Uint8Array, most?: number) {
  const path = join(root, "file");
  await Deno.writeFile(path, bytes);
  return await readSound(path, undefined, most);
}

/** Hertz of a sound by its zero crossings, its edges left out. */
function hertzOf({ samples }: { samples: Int16Array }): number {
  const middle = samples.subarray(samples.length >> 3, -(samples.length >> 3));
  let crossings = 0;
  middle.forEach((value, i) =>
    crossings += Number(i > 0 && (value >= 0) !== (middle[i - 1]! >= 0))
  );
  return crossings / 2 / (middle.length / 22_050);
}

const int16 = (view: DataView, at: number, value: number) =>
  view.setInt16(at, Math.round(32_767 * value), true);

Deno.test("WAV files of all codings and rates sound alike", async () => {
  const files = [
    wav({}, int16),
    wav({ channels: 2, rate: 48_000 }, int16),
    wav(
      { bits: 8, rate: 22_050 },
      (view, at, value) => view.setUint8(at, Math.round(128 + 127 * value)),
    ),
    wav({ bits: 24, rate: 96_000 }, (view, at, value) => {
      const whole = Math.round(8_388_607 * value) & 0xffffff;
      view.setUint8(at, whole & 255);
      view.setUint16(at + 1, whole >> 8, true);
    }),
    wav({ tag: 3, bits: 32, rate: 8000 }, (view, at, value) => view.setFloat32(at, value, true)),
    wav({ size: 0xffffffff }, int16), // a recorder that never filled its header in
  ];
  for (const file of files) {
    const sound = await heard(file);
    assert(Math.abs(sound.seconds - 0.5) < 0.001);
    assert(Math.abs(hertzOf(sound) - 440) < 6, `${hertzOf(sound)} Hz`);
    assert(Math.abs(sound.level - 0.5 / Math.SQRT2) < 0.01, `${sound.level}`);
  }
});

Deno.test("FLAC, Ogg Vorbis and MP3 are decoded", async () => {
  const encoder = await createMp3Encoder();
  encoder.configure({ sampleRate: 44_100, channels: 1, bitrate: 128 });
  const body = encoder.encode([tone(440, 44_100, 0.5)]).slice(), end = encoder.finalize().slice();
  for (
    const [bytes, seconds] of [[FLAC, 0.25], [OGG_VORBIS, 0.25], [
      new Uint8Array([...body, ...end]),
      0.5,
    ]] as const
  ) {
    const sound = await heard(bytes);
    assert(Math.abs(sound.seconds - seconds) < 0.1, `${sound.seconds} s`);
    assert(Math.abs(hertzOf(sound) - 440) < 20, `${hertzOf(sound)} Hz`);
  }
});

Deno.test("the last frame of a FLAC file is heard, whatever the file ends with", async () => {
  const sounds = await Promise.all(FLAC_ENDINGS.map((bytes) => decodeSound([bytes], bytes.length)));
  assertEquals(sounds.map(({ samples }) => 2 * samples.length), [4096 + 1000, 4096 + 50]);
});

Deno.test("resampling keeps what can be heard, removes what cannot, and goes block by block", () => {
  const level = (hertz: number) => {
    const out = resampler(44_100)(tone(hertz, 44_100, 0.2)).subarray(200, -200);
    return Math.sqrt(out.reduce((sum, value) => sum + value * value, 0) / out.length) * Math.SQRT2;
  };
  assert(Math.abs(level(5000) - 0.5) < 0.005, `${level(5000)}`);
  assert(level(15_000) < 0.005, `${level(15_000)}`);
  const sound = tone(1000, 48_000, 0.1), whole = resampler(48_000), parts = resampler(48_000);
  const atOnce = [...whole(sound), ...whole()], piecewise: number[] = [];
  for (let at = 0; at < sound.length; at += 700) {
    piecewise.push(...parts(sound.subarray(at, at + 700)));
  }
  piecewise.push(...parts());
  assertEquals(piecewise, atOnce);
  assertEquals(atOnce.length, 2205);
});

Deno.test("what is no recording, or too long, is refused with the reason", async () => {
  const text = (letters: string) => new TextEncoder().encode(letters.padEnd(100, "\0"));
  const refused = (bytes: Uint8Array, reason: string, most?: number) =>
    assertRejects(() => heard(bytes, most), Error, reason);
  await refused(wav({}, int16), "it lasts more than 0 minutes, the limit", 0.49);
  await heard(wav({}, int16), 0.5);
  await refused(
    text("\0\0\0 ftypM4A "),
    "M4A (AAC or Apple Lossless), for which no decoder is free to ship",
  );
  await refused(text("OggS        OpusHead"), "not Ogg Vorbis");
  await refused(text("hello"), "not a recording in a format that can be read");
  await refused(new Uint8Array(0), "not a recording in a format that can be read");
  await refused(wav({ tag: 2 }, int16), "coding 2 with 16 bits");
  await refused(wav({ rate: 1000 }, int16), "1000 samples per second");
  assertEquals((await heard(wav({}, int16).subarray(0, 30))).seconds, 0); // cut off in its header
});

Deno.test("a header that states too long a duration is enough to refuse a file", async () => {
  const most = 3600, tooLong = "it lasts more than 60 minutes, the limit";
  const refused = (head: Uint8Array, size: number, reason = tooLong) =>
    assertRejects(() => decodeSound(partsOf(head), size, most), Error, reason);
  // nothing is read after the first part
  function* partsOf(head: Uint8Array) {
    yield head;
    throw new TypeError("read on");
  }
  const second = 2 * 8000,
    head = (seconds: number) =>
      wav({ rate: 8000, size: Math.min(0xfffffffe, seconds * second) }, int16).slice(0, 100);
  await refused(head(10 * most), 44 + 10 * most * second);
  await refused(head(most + 1), 44 + (most + 1) * second);
  const allowed = () => decodeSound([head(most)], 44 + most * second, most);
  assert((await allowed()).seconds < 1);
  assert((await decodeSound([head(10 * most)], 100, most)).seconds < 1); // cut off

  const flac = (seconds: number) => {
    const bytes = FLAC.slice(), view = new DataView(bytes.buffer);
    view.setUint32(22, 8000 * seconds); // samples, of which the file has a quarter second
    return bytes;
  };
  await refused(flac(most + 1), FLAC.length);
  assert((await decodeSound([flac(most)], FLAC.length, most)).seconds < 1);

  const encoder = await createMp3Encoder();
  encoder.configure({ sampleRate: 44_100, channels: 1, bitrate: 128 });
  const mp3 = encoder.encode([tone(440, 44_100, 0.5)]).slice();
  await refused(mp3, 40_000 * most + 1);
  assert((await decodeSound([mp3], 40_000 * most, most)).seconds > 0.3);
});

Deno.test("the last page of an Ogg file that states too long a duration is enough to refuse it", async () => {
  const last = OGG_VORBIS.findLastIndex((_, at) =>
    String.fromCharCode(...OGG_VORBIS.subarray(at, at + 4)) === "OggS"
  );
  const lasting = (samples: number, from = 1) => {
    const page = OGG_VORBIS.slice(last), first = page.slice();
    new DataView(page.buffer).setBigInt64(6, BigInt(from + samples), true);
    new DataView(first.buffer).setBigInt64(6, BigInt(from), true);
    return new Uint8Array([...OGG_VORBIS.subarray(0, last), ...first, ...page]);
  };
  const rate = new DataView(OGG_VORBIS.buffer, OGG_VORBIS.byteOffset).getUint32(40, true);
  const reason = "it lasts more than 60 minutes, the limit";
  await assertRejects(() => heard(lasting(3600 * rate + 1), 3600), Error, reason);
  for (const bytes of [lasting(3600 * rate), lasting(rate, 9000 * rate)]) {
    assert((await heard(bytes, 3600)).seconds < 1);
  }
});

Deno.test("thirty-two channels are mixed, a thirty-third is refused", async () => {
  assert(Math.abs(hertzOf(await heard(wav({ channels: 32, rate: 8000 }, int16))) - 440) < 6);
  await assertRejects(
    () => heard(wav({ channels: 33, rate: 8000 }, int16)),
    Error,
    "33 channels, more than 32",
  );
});
