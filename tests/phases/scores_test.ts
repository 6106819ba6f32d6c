import { assert, assertEquals } from "@std/assert";
import { basename, join } from "node:path";
import { readMidi } from "../../lib/midi/read.ts";
import { clean } from "../../lib/phases/clean.ts";
import { evaluate } from "../../lib/phases/evaluate.ts";
import { generate } from "../../lib/phases/generate.ts";
import { preprocess } from "../../lib/phases/preprocess.ts";
import { score } from "../../lib/phases/score.ts";
import { musicXml } from "../../lib/score/musicxml.ts";
import { writeSheet } from "../../lib/score/sheet.ts";
import { readMusicFile } from "../../lib/store/music_files.ts";
import { mxl } from "../notation/documents.ts";
import { somePieces } from "../starter/some.ts";
import { step } from "./support.ts";

const root = await Deno.makeTempDir();
Deno.test.afterAll(() => Deno.remove(root, { recursive: true }));
const data = join(root, "data"), folder = join(root, "music");
const [first, second] = await somePieces(folder, 2);
const written = async (path: string) =>
  musicXml(writeSheet(readMidi(await Deno.readFile(path)), "A piece"));
const xml = join(folder, "piece.musicxml");

step("a folder holds MIDI files and scores; a piece in both formats counts once", async () => {
  await Deno.writeTextFile(xml, await written(first!));
  await Deno.writeFile(join(folder, "second.mxl"), mxl(await written(second!)));
  await Deno.remove(second!);
  await Deno.writeTextFile(join(folder, "feed.xml"), "<rss/>");
  await Deno.writeTextFile(join(folder, "song.mscz"), "");
  const { report } = await preprocess({ midi: folder, name: "mixed", data });
  const verdicts = Object.fromEntries(report.files.map((one) => [one.file, one]));
  assertEquals(
    Object.values(verdicts).map(({ file, verdict }) => `${file} ${verdict}`),
    [
      "feed.xml skipped",
      `${basename(first!)} skipped`,
      "piece.musicxml used",
      "second.mxl used",
      "song.mscz skipped",
    ].sort(),
  );
  assertEquals(verdicts[basename(first!)]!.reason, "the same piece as piece.musicxml");
  assert(verdicts["song.mscz"]!.reason.includes("export it as MusicXML"));
  const { unchanged } = await preprocess({ midi: folder, name: "mixed", data });
  assert(unchanged);
});

step("a score says the same notes as the MIDI file that it was written from", async () => {
  const onsets = async (path: string) => {
    const { parts, ticksPerBeat } = await readMusicFile(path);
    return parts.flatMap(({ notes }) => notes)
      .map(({ pitch, startTicks }) => `${pitch} ${(startTicks / ticksPerBeat).toFixed(2)}`);
  };
  const [midi, score] = [new Set(await onsets(first!)), new Set(await onsets(xml))];
  assert(midi.intersection(score).size > 0.97 * midi.size);
});

step(
  "bars of a score are filled, and written back as MIDI and MusicXML, which clean removes",
  async () => {
    const fill = { midi: xml, bars: "3-4" };
    const { pieces: [piece] } = await generate({ fill, data, candidates: 4, threads: 2 });
    const made = `${piece!.midi.slice(0, -4)}.musicxml`;
    const [midi, again] = [await readMusicFile(piece!.midi), await readMusicFile(made)];
    const notes = ({ parts }: typeof midi) => parts.reduce((sum, one) => sum + one.notes.length, 0);
    assert(Math.abs(notes(midi) - notes(again)) < 0.05 * notes(midi));
    const before = await readMusicFile(xml);
    const opening = ({ parts, ticksPerBeat }: typeof midi) =>
      parts.map(({ name, notes }) => [
        name,
        notes.filter(({ startTicks }) => startTicks < 2 * ticksPerBeat).map(({ pitch }) => pitch),
      ]);
    assertEquals(opening(midi), opening(before));
    const { removed } = await clean({ data, models: join(root, "models"), yes: true });
    assert(removed.includes(made));
  },
);

step("a score is a primer, a form, and music to be engraved and measured", async () => {
  const settings = { model: "base", data, threads: 2, bars: 2, barCandidates: 1 } as const;
  const started = await generate({ ...settings, primerMidi: xml });
  assert(started.pieces[0]!.primerFrames > 0);
  assert((await generate({ ...settings, form: xml })).pieces[0]!.form.includes("piece.musicxml"));
  assert((await score({ midi: xml, out: join(root, "page.svg") })).notes > 0);
  const { music } = await evaluate({ model: "base", midi: xml, data, threads: 2 });
  assertEquals(music.heldOut?.pieces, 1);
});
