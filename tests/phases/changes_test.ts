import { assert, assertEquals, assertMatch, assertNotEquals, assertRejects } from "@std/assert";
import { basename, join } from "node:path";
import { type FileNote, notesOf } from "../../lib/midi/edit.ts";
import { readMidi } from "../../lib/midi/read.ts";
import { createTempoMap } from "../../lib/midi/tempo.ts";
import { writeMidi } from "../../lib/midi/write.ts";
import { readPieces } from "../../lib/phases/evaluate/measured_music.ts";
import { generate } from "../../lib/phases/generate.ts";
import type { GenerateSettings } from "../../lib/phases/settings/generate.ts";
import { playedPiece, recordingOf } from "../beats/player.ts";
import { songOf } from "../midi/song.ts";
import { somePieces } from "../starter/some.ts";
import { step } from "./support.ts";

const root = await Deno.makeTempDir();
Deno.test.afterAll(() => Deno.remove(root, { recursive: true }));
const data = join(root, "data"), [source] = await somePieces(join(root, "midi"), 1);
const original = readMidi(await Deno.readFile(source));
const { numerator, denominator } = original.timeSignatures[0]!;
const barTicks = original.ticksPerBeat * 4 * numerator / denominator;
const quick = { data, candidates: 6, threads: 2 } as const;

const told = (n: FileNote) =>
  [n.track, n.channel, n.pitch, n.startTicks, n.endTicks, n.velocity].join(" ");

/** What a change took out of the file and put into it, and the new file's bytes. */
async function changed(settings: GenerateSettings, file = source) {
  const summary = await generate({ ...quick, ...settings });
  const [{ midi, recipe }] = summary.pieces as [typeof summary.pieces[number]];
  const bytes = await Deno.readFile(midi), is = readMidi(bytes);
  const was = readMidi(await Deno.readFile(file));
  assertEquals([is.tempos, is.timeSignatures], [was.tempos, was.timeSignatures]);
  const before = new Set(notesOf(was).map(told)), after = new Set(notesOf(is).map(told));
  return {
    gone: notesOf(was).filter((note) => !after.has(told(note))),
    come: notesOf(is).filter((note) => !before.has(told(note))),
    bytes,
    recipe,
    summary,
  };
}

const fill = { midi: source, bars: "3-4" };
const from = 2 * barTicks, end = 4 * barTicks;
const inside = ({ startTicks, endTicks }: FileNote) => startTicks >= from && endTicks <= end;

step("fill makes bars anew, and every note outside of them stays as it is", async () => {
  const { gone, come } = await changed({ fill });
  assert(gone.length > 0 && come.length > 0);
  assert([...gone, ...come].every(inside));
});

step("fill reads music that was played on the beats of the playing, and writes them", async () => {
  const { notes } = playedPiece({
    ...{ inBar: 4, bars: 16, period: 0.55, freedom: 0.1, jitter: 0.008, seed: 3 },
  });
  const { parts, ticksPerBeat } = recordingOf(notes), midi = join(root, "played.mid");
  await Deno.writeFile(
    midi,
    writeMidi({
      ...{ notes: parts[0]!.notes, ticksPerBeat, beatsPerMinute: 120, name: "" },
      timeSignature: { numerator: 4, denominator: 4 },
    }),
  );
  const messages: string[] = [];
  const made = await generate({ ...quick, fill: { midi, bars: "5-6" } }, {
    onMessage: (line) => messages.push(line),
  });
  assertMatch(messages.join(), /follow no beat of the file: found \d+ a minute in bars of/);
  const [{ midi: file, recipe }] = made.pieces as [typeof made.pieces[number]];
  const is = readMidi(await Deno.readFile(file)), { secondsAt } = createTempoMap(is);
  assert(is.tempos.length > 40, "a tempo per beat");
  const now = is.parts[0]!.notes.map(({ startTicks, pitch }) => [secondsAt(startTicks), pitch]);
  const stay = notes.filter(({ start, pitch }) =>
    now.some(([at, key]) => key === pitch && Math.abs(at! - start) < 2e-3)
  );
  assert(stay.length > 0.75 * notes.length && stay.length < notes.length);
  const again = await generate({ data, threads: 2, recipe, name: "again" });
  assertEquals(await Deno.readFile(again.pieces[0]!.midi), await Deno.readFile(file));
});

step("pieces of one count that are the same music are said to be", async () => {
  const messages: string[] = [], coldest = { ...fill, bars: "3.2-3.2" };
  const made = await generate(
    {
      ...quick,
      fill: coldest,
      name: "cold",
      count: 3,
      temperature: 0.001,
      candidates: 1,
      touch: 0,
    },
    { onMessage: (line) => messages.push(line) },
  );
  const bytes = await Promise.all(made.pieces.map(({ midi }) => Deno.readFile(midi)));
  const distinct = new Set(bytes.map(String)).size;
  assert(distinct < 3, "at so low a temperature a beat has one filling");
  assertEquals(
    messages.filter((line) => line.includes("is the same music as")).length,
    3 - distinct,
  );
});

step("fill makes beats anew", async () => {
  const { gone, come } = await changed({ fill: { ...fill, bars: "3.2-3.3" } });
  const beat = original.ticksPerBeat;
  const isWithin = ({ startTicks }: FileNote) =>
    startTicks >= from + beat && startTicks < from + 3 * beat;
  assert(gone.length > 0 && [...gone, ...come].every(isWithin));
});

step("a recipe and a seed give the same bytes again, another seed others", async () => {
  const [first, second, other] = [
    await changed({ fill, name: "a" }),
    await changed({ fill, name: "b" }),
    await changed({ fill, name: "c", seed: 2 }),
  ];
  assertEquals(first.bytes, second.bytes);
  assertNotEquals(first.bytes, other.bytes);
  const messages: string[] = [];
  const again = await generate(
    { data, recipe: other.recipe, name: "again", threads: 2 },
    { onMessage: (line) => messages.push(line) },
  );
  assertEquals(await Deno.readFile(again.pieces[0]!.midi), other.bytes);
  assertEquals(messages, []);
  const { pieces } = await generate({ ...quick, fill, name: "two", count: 2 });
  assertEquals(await Deno.readFile(pieces[0]!.midi), first.bytes);
  assertEquals(await Deno.readFile(pieces[1]!.midi), other.bytes);
});

step("fill keeps to one hand: from a pitch on, below it, or one track", async () => {
  const above = await changed({ fill: { ...fill, above: "C4" } });
  assert([...above.gone, ...above.come].every((note) => inside(note) && note.pitch >= 60));
  const below = await changed({ fill: { ...fill, below: 60 } });
  assert([...below.gone, ...below.come].every((note) => inside(note) && note.pitch < 60));
  assert(above.come.length > 0 && below.come.length > 0);
  const track = Math.max(...original.parts.map((part) => part.track));
  const one = await changed({ fill: { ...fill, track } });
  assert([...one.gone, ...one.come].every((note) => inside(note) && note.track === track));
});

step("what sounds into the bars, or out of them, stays and is not struck meanwhile", async () => {
  const note = (pitch: number, startTicks: number, endTicks: number) => ({
    pitch,
    startTicks,
    endTicks,
    velocity: 33,
  });
  const beat = 480, bar = 4 * beat;
  const scale = Array.from(
    { length: 32 },
    (_, i) => note(72 + [0, 2, 4, 5, 7, 5, 4, 2][i % 8]!, i * beat, (i + 1) * beat),
  );
  const held = [note(48, bar + 2 * beat, 3 * bar), note(55, 3 * bar, 5 * bar)];
  const file = join(root, "held.mid");
  await Deno.writeFile(file, songOf([...scale, ...held], { ticksPerBeat: beat }));
  const { gone, come } = await changed({ fill: { midi: file, bars: "3-4" } }, file);
  assertEquals(gone.map(told).filter((text) => text.includes(" 48 ") || text.includes(" 55 ")), []);
  assert(gone.length > 0 && gone.length <= 8);
  for (const { pitch, startTicks, endTicks, velocity } of come) {
    const clash = held.find((one) =>
      one.pitch === pitch && startTicks < one.endTicks && endTicks > one.startTicks
    );
    assertEquals([clash, velocity], [undefined, 33]);
  }
});

step("fill says what is wrong with bars, tracks, files and flags", async () => {
  const fails = (settings: GenerateSettings, message: string) =>
    assertRejects(() => generate({ ...quick, ...settings }), Error, message);
  await fails({ fill: { midi: source, bars: "300-301" } }, "it has bars 1 to ");
  await fails({ fill: { midi: source, bars: "0-3" } }, "it has bars 1 to ");
  await fails({ fill: { midi: source, bars: "8-5" } }, "such as 5-8");
  await fails({ fill: { ...fill, track: 40 } }, "its piano is in track");
  await fails({ fill: { ...fill, above: "H4" } }, "needed a note such as C4");
  await fails({ fill: { ...fill, above: "C4", below: "C5" } }, "two hands at once");
  await fails({ fill: { midi: join(root, "none.mid"), bars: "1-2" } }, "it does not exist");
  await fails({ fill, vary: { midi: source, distance: 0.5 } }, "two things at once");
  await fails({ fill, key: "A minor" }, "Cannot use --key with --fill");
  await fails(
    { vary: { midi: source, distance: 2 } },
    "Cannot generate with distance 2: needed a number from 0 to 1",
  );
  await fails({ melody: source, candidates: 100 }, "needed a whole number from 1 to 64");
});

step(
  "a recipe that a person has changed makes other bars, or says what is wrong with it",
  async () => {
    const { recipe, bytes } = await changed({ fill, name: "mine" });
    const text = await Deno.readTextFile(recipe);
    const make = async (name: string, change: (recipe: Record<string, unknown>) => object) => {
      const path = join(root, `${name}.json`);
      await Deno.writeTextFile(
        path,
        JSON.stringify({ ...JSON.parse(text), ...change(JSON.parse(text)) }),
      );
      return await generate({ data, recipe: path, name, threads: 2 });
    };
    const silent = {
      bars: [1, 2].map(() => ({ frames: 16, steps: 16, notes: 0, onsets: Array(16).fill(0) })),
    };
    const { pieces } = await make("silent", () => ({ plans: [silent] }));
    assertNotEquals(await Deno.readFile(pieces[0]!.midi), bytes);
    const fails = (change: object, message: string) =>
      assertRejects(() => make("wrong", () => change), Error, message);
    await fails({ plans: [] }, "plans is [], needed a list of 1");
    await fails({ scope: { kind: "track" } }, "scope.track is missing");
    await fails({ range: { first: 200, last: 201 } }, "it has bars 1 to");
    await fails({ source: { name: "x.mid", midi: "AAAA" } }, "Cannot change x.mid");
    await fails({ source: { name: "x.mid", midi: "?" } }, "Cannot change x.mid");
    await fails(
      { plans: [{ bars: [{ frames: 16, steps: 16, like: { bar: -1 } }] }] },
      "like.bar is -1",
    );
  },
);

step("vary at distance 0 gives the same bytes, and the further the more other notes", async () => {
  const at = async (distance: number) =>
    await changed({ vary: { midi: source, distance, bars: "1-8" }, candidates: 2 });
  const [none, some, all] = [await at(0), await at(0.4), await at(1)];
  assertEquals(none.bytes, await Deno.readFile(source));
  assert(some.gone.length > 0 && some.gone.length < all.gone.length);
  assert(some.gone.every((note) => note.startTicks < 8 * barTicks));
});

step(
  "below a melody, and above an accompaniment, the given notes stay and none crosses them",
  async () => {
    const { come, gone } = await changed({ melody: source, candidates: 2 });
    assert(come.length > 0 && gone.length > 0);
    const out = new Set(gone.map(told));
    const stays = notesOf(original).filter((note) => !out.has(told(note)));
    const top = (notes: readonly FileNote[], tick: number) =>
      notes.filter((n) => n.startTicks <= tick && n.endTicks > tick)
        .reduce((most, { pitch }) => Math.max(most, pitch), -1);
    const given = stays.filter(({ startTicks }) => top(stays, startTicks) >= 0);
    for (const { pitch, startTicks } of come) {
      const highest = top(given, startTicks);
      if (highest >= 0) assert(pitch < highest, `${pitch} at ${startTicks} is above ${highest}`);
    }
    const tracks = new Set(come.map(({ track }) => track));
    assertEquals(tracks.size, 1);
    assert(
      !original.parts.some(({ track }) => tracks.has(track)),
      "they are in a track of their own",
    );

    const left = join(root, "left.mid");
    const low = original.parts.flatMap(({ notes }) => notes).filter(({ pitch }) => pitch < 57);
    const free = new Float64Array(128);
    const alone = low.toSorted((a, b) => a.startTicks - b.startTicks).filter((note) => {
      if (note.startTicks < free[note.pitch]!) return false;
      free[note.pitch] = note.endTicks;
      return true;
    });
    const { ticksPerBeat } = original, timeSignature = { numerator, denominator };
    await Deno.writeFile(left, songOf(alone, { ticksPerBeat, timeSignature }));
    const above = await changed({ accompaniment: left, candidates: 2 }, left);
    assertEquals(above.gone, []);
    const all = notesOf(readMidi(await Deno.readFile(left)));
    for (const { pitch, startTicks } of above.come) {
      assert(pitch > top(all, startTicks), `${pitch} at ${startTicks} is not above`);
    }
    assert(above.come.length > 0);
  },
);

step("of a changed file, evaluation counts the new bars only", async () => {
  const { summary } = await changed({ fill, name: "counted" });
  const folder = join(root, "counted");
  await Deno.mkdir(folder);
  const [{ midi, recipe }] = summary.pieces as [typeof summary.pieces[number]];
  for (const path of [midi, recipe]) await Deno.copyFile(path, join(folder, basename(path)));
  const how = { tracks: "piano", melody: false, pedal: false } as const;
  const grid = { unit: "beat", steps: 4, attacks: true } as const;
  const { pieces, read } = await readPieces(folder, { ...how, grid }, {});
  const frames = 2 * 16 * numerator / denominator;
  assertEquals(pieces.map((piece) => piece.frames.length), [frames]);
  assert(read.primerFrames > frames, `${read.primerFrames} frames left out`);
});
