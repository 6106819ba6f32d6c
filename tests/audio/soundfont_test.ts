import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { join } from "node:path";
import { checkSoundFont } from "../../lib/audio/soundfont.ts";
import { soundFontSynthesizer } from "../../lib/audio/synthesizer.ts";
import { listen } from "../../lib/phases/listen.ts";
import { file, off, on, program, track } from "../midi/bytes.ts";
import { inFolder, namesOf } from "../store/support.ts";
import { workOf } from "../work.ts";
import { goodFiles } from "../../tools/fuzz/soundfonts.ts";

const [sf2, dls] = await goodFiles() as [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>];

/** A copy with bytes changed, so many after the first or last time that four letters stand in it. */
function changed(bytes: Uint8Array, letters: string, after: number, ...to: number[]) {
  const copy = bytes.slice();
  copy.set(to, find(bytes, letters) + after);
  return copy;
}

function find(bytes: Uint8Array, letters: string): number {
  for (let at = bytes.length - 4; at >= 0; at--) {
    if (String.fromCharCode(...bytes.subarray(at, at + 4)) === letters) return at;
  }
  throw new Error(`no ${letters}`);
}

function chunk(name: string, ...content: Uint8Array[]): Uint8Array {
  const length = content.reduce((sum, { length }) => sum + length, 0);
  const bytes = new Uint8Array(8 + length);
  bytes.set(new TextEncoder().encode(name));
  new DataView(bytes.buffer).setUint32(4, length, true);
  let at = 8;
  for (const part of content) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** A SoundFont whose samples, so many, all are the whole of what is recorded; and one with so many records. */
function hostile({ samples = 1, recorded = 0, generators = 1 }): Uint8Array<ArrayBuffer> {
  const text = (letters: string) => new TextEncoder().encode(letters);
  const headers = new Uint8Array(46 * (samples + 1)), view = new DataView(headers.buffer);
  for (let sample = 0; sample < samples; sample++) view.setUint32(46 * sample + 24, recorded, true);
  const records = (bytes: number) => new Uint8Array(bytes);
  const pdta = chunk(
    "LIST",
    text("pdta"),
    ...[chunk("phdr", records(38)), chunk("pbag", records(4)), chunk("pmod", records(10))],
    ...[chunk("pgen", records(4)), chunk("inst", records(22)), chunk("ibag", records(4))],
    ...[chunk("imod", records(10)), chunk("igen", records(4 * generators)), chunk("shdr", headers)],
  );
  const sdta = chunk("LIST", text("sdta"), chunk("smpl", records(2 * recorded)));
  return Uint8Array.from(chunk("RIFF", text("sfbk"), sdta, pdta));
}

function refused(bytes: Uint8Array, why: string) {
  assertThrows(() => checkSoundFont(bytes), Error, why);
}

Deno.test("checkSoundFont lets good files pass, and names what is damaged", () => {
  for (const good of [sf2, dls, hostile({})]) checkSoundFont(good);
  refused(new TextEncoder().encode("RIFF\0\0\0\0WAVE"), "it is not a SoundFont");
  refused(new Uint8Array(), "it is not a SoundFont");
  refused(changed(sf2, "smpl", 6, 1), 'its chunk "smpl" is longer than the chunk that contains it');
  refused(changed(sf2, "igen", 0, 0x78), 'it has no chunk "igen"');
  refused(
    changed(sf2, "inst", 8 + 20, 255),
    'its chunk "inst" refers to a missing entry of "ibag"',
  );
  refused(changed(sf2, "shdr", 8 + 26, 255), "a sample lies outside the recorded data");
  refused(changed(dls, "art2", 8 + 6, 1), 'its chunk "art2" has fewer entries than it says');
});

Deno.test("A small SoundFont cannot ask for much memory or time", async () => {
  // 6 MB, of which a thousand samples are each the whole: 12 GB of numbers.
  refused(hostile({ samples: 1000, recorded: 3_000_000 }), "4 times the recorded data");
  refused(hostile({ generators: 1_000_000 }), "it asks for more than 1,000,000 records");
  // The synthesizer looks for an instrument's name without end, and never comes round a short loop.
  const instruments = dls.slice();
  for (let at = 0; at < find(dls, "wvpl"); at++) {
    if (String.fromCharCode(...dls.subarray(at, at + 4)) === "INAM") instruments[at + 3] = 0;
  }
  refused(instruments, "an instrument of it has no name");
  const fast = changed(sf2, "shdr", 8 + 46 + 36, 255, 255, 255, 255); // samples per second
  const header = new DataView(fast.buffer, find(fast, "shdr") + 8 + 46);
  const start = header.getUint32(20, true);
  header.setUint32(28, start + 10, true); // a loop of one sample
  header.setUint32(32, start + 11, true);
  const synthesizer = await soundFontSynthesizer(fast);
  synthesizer.programChange(0, 1);
  synthesizer.noteOn(0, 127, 100);
  const left = new Float32Array(128), right = left.slice();
  const work = await workOf(() => {
    for (let block = 0; block < 100; block++) synthesizer.process(left, right, 0, 128);
  }, "spessasynth");
  assert(work > 12_800 && work < 2000 * 12_800, `${work} steps for 12,800 samples`);
  assert(left.every(Number.isFinite) && right.every(Number.isFinite));
});

Deno.test("listen names the SoundFont whose samples turn out to be damaged when they are played", () =>
  inFolder(async (folder) => {
    const midi = join(folder, "a.mid"), soundFont = join(folder, "damaged.dls");
    const keys = [0, 60, 127].flatMap((key) => [on(0, key), off(480, key)]);
    await Deno.writeFile(midi, file({}, track(program(0, 1), ...keys)));
    await Deno.copyFile("tests/trust/regressions/soundfont-dls-11-18255.sf2", soundFont);
    const { message } = await assertRejects(() => listen({ midi, soundFont }), Error);
    assertMatch(message, /^Cannot use the SoundFont .*damaged.dls: it is damaged/);
    assertEquals(namesOf(folder), ["a.mid", "damaged.dls"]);
  }));
