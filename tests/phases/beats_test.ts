import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "node:path";
import { createTempoMap } from "../../lib/midi/tempo.ts";
import { readMidi } from "../../lib/midi/read.ts";
import { writeMidi } from "../../lib/midi/write.ts";
import type { ChangeSource } from "../../lib/generate/change/source.ts";
import { changedMusic } from "../../lib/phases/generate/changes.ts";
import type { Player } from "../../lib/phases/generate/pieces.ts";
import type { ChangeWish } from "../../lib/phases/generate/wishes.ts";
import { beats } from "../../lib/phases/beats.ts";
import { preprocess } from "../../lib/phases/preprocess.ts";
import { score } from "../../lib/phases/score.ts";
import { tokenize } from "../../lib/tokens/tokenize.ts";
import { playedPiece, recordingOf } from "../beats/player.ts";

/** Bytes of a recording whose beats mean nothing. */
function recording(seed: number): Uint8Array<ArrayBuffer> {
  const { notes } = playedPiece({
    ...{ inBar: 3 + seed % 2, bars: 20, period: 0.55, freedom: 0.1, jitter: 0.008, seed },
  });
  const { parts, ticksPerBeat } = recordingOf(notes),
    timeSignature = { numerator: 4, denominator: 4 };
  return Uint8Array.from(
    writeMidi({
      notes: parts[0]!.notes,
      ticksPerBeat,
      beatsPerMinute: 120,
      timeSignature,
      name: "",
    }),
  );
}

/** Bytes of typed music. */
function typed(): Uint8Array<ArrayBuffer> {
  const notes = Array.from({ length: 96 }, (_, i) => ({
    ...{ pitch: 60 + (i * 5) % 13, velocity: 80 },
    ...{ startTicks: i * 240, endTicks: i * 240 + 200 },
  }));
  const timeSignature = { numerator: 3, denominator: 4 };
  return Uint8Array.from(
    writeMidi({ notes, ticksPerBeat: 480, beatsPerMinute: 100, timeSignature, name: "" }),
  );
}

Deno.test("preprocess finds beats where a file has none, says so, and keeps those that it has", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const midi = join(folder, "midi"), roots = { data: folder, models: folder };
    await Deno.mkdir(midi);
    await Deno.writeFile(join(midi, "played.mid"), recording(1));
    await Deno.writeFile(join(midi, "typed.mid"), typed());
    const shiftOf = async (name: string, how: object) => {
      const summary = await preprocess({ midi, name, ...roots, ...how });
      const [played, own] = summary.report.files;
      assertEquals([own!.beats, own!.found], ["grid", undefined]);
      assertEquals(own!.meanShift, 0);
      return { played: played!, text: `${summary}` };
    };
    const auto = await shiftOf("auto", {});
    assertEquals(auto.played.beats, "none");
    assert(auto.played.found);
    assertMatch(auto.played.reason, /follow no beat of the file: found \d+ a minute in bars of/);
    assertMatch(auto.text, /beats +found from the playing in 1 of 2 files/);
    assertMatch(auto.text, /touch +learned from \d+ notes of 1 pieces, timing from 1;/);
    assertMatch(auto.text, /by rules: pedal, which takes 25 pieces/);
    const file = await shiftOf("file", { beats: "file" });
    assertEquals([file.played.beats, file.played.found], ["none", undefined]);
    assertMatch(file.text, /1 of 2 files follow none/);
    assert(auto.played.meanShift < 0.6 * file.played.meanShift);
    const three = await shiftOf("three", { bar: "3/4" });
    assertMatch(three.played.reason, /in bars of 3\/4/);
    await assertRejects(
      () => preprocess({ midi, name: "x", ...roots, bar: "4" }),
      RangeError,
      "4/4",
    );
    await assertRejects(
      () => preprocess({ midi, name: "x", ...roots, beats: "track", framesPerSecond: 24 }),
      TypeError,
      "in seconds",
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("beats writes a file that sounds the same and follows its beats, and replaces nothing", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const midi = join(folder, "played.mid"), bytes = recording(2);
    await Deno.writeFile(midi, bytes);
    await Deno.writeTextFile(join(folder, "played-beats.mid"), "mine");
    const { file, perMinute, bar } = await beats({ midi });
    assertEquals(file, join(folder, "played-beats-2.mid"));
    assertEquals(await Deno.readTextFile(join(folder, "played-beats.mid")), "mine");
    assertMatch(bar, /^\d\/[48]$/);
    assert(perMinute > 30 && perMinute < 300);
    const before = readMidi(bytes), after = readMidi(await Deno.readFile(file));
    const secondsOf = (music: typeof before) => {
      const { secondsAt } = createTempoMap(music);
      return music.parts[0]!.notes.map(({ startTicks }) => secondsAt(startTicks));
    };
    const was = secondsOf(before);
    secondsOf(after).forEach((seconds, i) => assert(Math.abs(seconds - was[i]!) < 2e-3));
    assert(after.tempos.length > 40);
    const clicking = await beats({ midi, click: true, out: join(folder, "click.mid") });
    const clicks = readMidi(await Deno.readFile(clicking.file)).parts[0]!.notes
      .filter(({ pitch }) => pitch >= 107);
    assertEquals(clicks.length, after.tempos.length);
    assert(clicks.filter(({ pitch }) => pitch === 108).length >= 15);
    assertEquals((await beats({ midi, bar: "4/4", out: join(folder, "b.mid") })).bar, "4/4");
    const slow = await beats({ midi, tempo: perMinute / 2, out: join(folder, "slow.mid") });
    assert(slow.perMinute < perMinute / Math.SQRT2);
    const twice = await beats({ midi, tempo: 2 * perMinute, out: join(folder, "twice.mid") });
    assert(twice.perMinute > perMinute * Math.SQRT2);
    await assertRejects(() => beats({ midi, tempo: 5 }), RangeError, "tempo");
    // what was written follows its own beats: nothing is found anew
    const read = tokenize(after, {
      grid: { unit: "beat", steps: 4, attacks: true },
      tracks: "piano",
      melody: false,
      pedal: false,
    });
    assertEquals([read.beats.verdict, read.beats.found], ["grid", undefined]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("score writes played music on the beats of the playing, and says so", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const midi = join(folder, "played.mid"), messages: string[] = [];
    await Deno.writeFile(midi, recording(1));
    const onMessage = (line: string) => messages.push(line);
    const { metres, offGrid } = await score({ midi, bar: "3/4" }, { onMessage });
    assert(metres.some(({ metre }) => metre === "3/4"), JSON.stringify(metres));
    assertEquals(offGrid, 0);
    assertMatch(messages.join(), /follow no beat of the file: found \d+ a minute in bars of 3\/4/);
    const asFile = await score({ midi, beats: "file", out: join(folder, "file.svg") }, {
      onMessage,
    });
    assert(asFile.offGrid > offGrid);
    assertMatch(messages.at(-1)!, /bars and note values of this score mean little/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("beats says what is wrong with a file without enough notes", async () => {
  const midi = await Deno.makeTempFile({ suffix: ".mid" });
  try {
    const notes = [{ pitch: 60, velocity: 64, startTicks: 0, endTicks: 96 }];
    const timeSignature = { numerator: 4, denominator: 4 };
    const bytes = writeMidi({
      notes,
      ticksPerBeat: 96,
      beatsPerMinute: 90,
      timeSignature,
      name: "",
    });
    await Deno.writeFile(midi, Uint8Array.from(bytes));
    await assertRejects(() => beats({ midi }), Error, "too few notes");
  } finally {
    await Deno.remove(midi);
  }
});

Deno.test("score lists the first changes of metre only, if there are many", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const midi = join(folder, "changing.mid"),
      metres = Array.from({ length: 16 }, (_, i) => 2 + i % 2);
    let at = 0;
    const signatures = metres.map((numerator) => {
      const ticks = at;
      at += 96 * numerator;
      return { ticks, numerator, denominator: 4 };
    });
    const notes = signatures.map(({ ticks }) => ({
      ...{ pitch: 60, velocity: 64, startTicks: ticks, endTicks: ticks + 96 },
    }));
    const bytes = writeMidi({
      ...{ notes, ticksPerBeat: 96, beatsPerMinute: 90, name: "" },
      ...{ timeSignature: signatures[0]!, timeSignatureChanges: signatures.slice(1) },
    });
    await Deno.writeFile(midi, Uint8Array.from(bytes));
    assertMatch(
      `${await score({ midi })}`,
      /metre +2\/4, 3\/4 from bar 2, [^…]+, … \(15 changes\)/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a change of played music does not claim to read its swing as even", async () => {
  const found = { sureness: 2, beats: 64, perMinute: 160, bar: "4/4", quarters: 1, swing: 0.6 };
  const source = { name: "solo.mid", found } as ChangeSource;
  const player = { loaded: { model: {}, manifest: { style: {} } }, model: {} } as unknown as Player;
  const say = (line: string) => {
    throw new Error(line);
  };
  await assertRejects(
    () => changedMusic({} as ChangeWish, source, player, { onMessage: say }),
    Error,
    "found 160 a minute in bars of 4/4 (sure). Its bars are counted on these beats",
  );
});
