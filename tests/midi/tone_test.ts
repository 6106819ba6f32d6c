import { assert, assertEquals, assertRejects } from "@std/assert";
import tone from "@tonejs/midi";
import { readMidi } from "../../lib/midi/read.ts";
import { musicOf, toTone } from "../../lib/midi/tone.ts";
import { generate } from "../../lib/phases/generate.ts";
import { listen } from "../../lib/phases/listen.ts";
import { midiRoll } from "../../lib/show/midi_roll.ts";
import { starterFolder } from "../../lib/starter/build.ts";
import { tokenize } from "../../lib/tokens/tokenize.ts";

const pieces = [...Deno.readDirSync(starterFolder)].map(({ name }) => name)
  .filter((name) => name.endsWith(".mid")).sort();
const bytesOf = (name: string) => Deno.readFileSync(`${starterFolder}/${name}`);
const settings = {
  grid: { unit: "beat", steps: 4, attacks: true },
  tracks: "piano",
  melody: false,
  pedal: true,
} as const;

Deno.test("Music as a Midi object and back is the same music, and writes files that say the same", async () => {
  for (const name of pieces) {
    const music = readMidi(bytesOf(name)), midi = await toTone(music, name);
    assert(midi instanceof tone.Midi && midi.name === name);
    assertEquals(musicOf(midi).parts.map(({ notes }) => notes), music.parts.map((p) => p.notes));
    const { frames, metres, beatsPerMinute } = tokenize(midi, settings);
    const expected = tokenize(music, settings);
    assertEquals([frames, metres], [expected.frames, expected.metres]);
    assert(Math.abs(beatsPerMinute - expected.beatsPerMinute) < 0.01);
    const read = tokenize(readMidi(midi.toArray()), settings);
    assertEquals(read.frames, expected.frames);
  }
});

Deno.test("What tonejs read itself is taken as it is: tempo, metre, pedal and drums", () => {
  const midi = new tone.Midi();
  midi.header.setTempo(90);
  midi.header.timeSignatures.push({ ticks: 960, timeSignature: [3, 4] });
  midi.header.keySignatures.push({ ticks: 0, key: "Eb", scale: "minor" });
  midi.header.keySignatures.push({ ticks: 9, key: "none", scale: "major" });
  const piano = midi.addTrack(), drums = midi.addTrack();
  piano.addNote({ name: "E4", time: 0, duration: 0.5, velocity: 0.002 });
  piano.addNote({ name: "C4", time: 0, duration: 0.5, velocity: 1 });
  for (const value of [1, 0.9, 0]) piano.addCC({ number: 64, ticks: 100, value });
  drums.channel = 9;
  drums.addNote({ midi: 36, ticks: 0, durationTicks: 1 });
  const { ticksPerBeat, tempos, timeSignatures, keySignatures, parts } = musicOf(midi);
  assertEquals(keySignatures, [{ ticks: 0, fifths: -3, mode: "minor" }]);
  assertEquals(ticksPerBeat, 480);
  assertEquals(tempos, [{ ticks: 0, microsecondsPerBeat: 666_667 }]);
  assertEquals(timeSignatures.map(({ ticks, numerator }) => [ticks, numerator]), [[0, 4], [
    960,
    3,
  ]]);
  assertEquals(parts.map(({ drum }) => drum), [false, true]);
  assertEquals(parts[0]!.notes, [
    { pitch: 60, velocity: 127, startTicks: 0, endTicks: 360 },
    { pitch: 64, velocity: 1, startTicks: 0, endTicks: 360 },
  ]);
  assertEquals(parts[0]!.pedal.map(({ down }) => down), [true, false]);
});

Deno.test("A Midi object is drawn, gone on from and played like a file", async () => {
  const path = `${starterFolder}/${pieces[0]}`, midi = await toTone(path, "mine");
  const [ours, theirs] = await Promise.all([path, midi].map(drawn));
  assertEquals(theirs, ours);
  assert(ours!.length > 1000);
  await assertRejects(() => listen({ midi }), TypeError, "Cannot play mine, which has no file");
  const folder = await Deno.makeTempDir(), out = `${folder}/mine.wav`;
  const how = {
    model: "base",
    data: folder,
    form: "none",
    frames: 4,
    touch: 0,
    threads: 1,
  } as const;
  const made = await generate({ ...how, primerMidi: midi });
  const again = await generate({ ...how, primerMidi: path });
  assertEquals(made.pieces[0]!.piece.frames, again.pieces[0]!.piece.frames);
  midi.tracks.splice(1);
  midi.tracks[0]!.notes.splice(3);
  const { notes, file } = await listen({ midi, out });
  assertEquals([notes, file], [3, out]);
  await Deno.remove(folder, { recursive: true });
});

/** What a roll draws, without the piece's name. */
async function drawn(file: Parameters<typeof midiRoll>[0]): Promise<string> {
  return JSON.stringify((await midiRoll(file, { title: "" })).spec.data);
}
