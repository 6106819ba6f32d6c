import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { readMidi } from "../../lib/midi/read.ts";
import { buildStarter, starterFolder } from "../../lib/starter/build.ts";
import { midiOf, readScores } from "../../tools/starter/compile.ts";
import { parseScore } from "../../tools/starter/parse.ts";
import { performScore } from "../../tools/starter/perform.ts";
import { barTicks } from "../../tools/starter/score.ts";
import { inFolder } from "../store/support.ts";

const scores = await readScores(starterFolder);

Deno.test("Starter music has ten pieces and 4,000 notes when every section is counted once", () => {
  assert(scores.length >= 10, `${scores.length} pieces`);
  const notes = scores.map(({ score }) => performScore(score, { repeats: false }).notes.length);
  const total = notes.reduce((sum, count) => sum + count, 0);
  assert(total >= 4000, `${total} notes`);
});

Deno.test("Starter music names composer, work and source when it is read", () => {
  for (const { score } of scores) {
    assert(/\(.*\d{4}|\(.*century/.test(score.composer), `${score.file}: ${score.composer}`);
    assert(score.work.length > 5 && /knowledge/.test(score.source), score.file);
  }
});

Deno.test("Starter music has five metres when all pieces are taken together", () => {
  const metres = new Set(scores.map(({ score }) => {
    const { numerator, denominator } = performScore(score).metres[0]!;
    return `${numerator}/${denominator}`;
  }));
  for (const metre of ["2/4", "3/4", "4/4", "3/8", "6/8"]) assert(metres.has(metre), metre);
});

Deno.test("data/starter/README.md tells the truth when its table and example are checked", async () => {
  const readme = await Deno.readTextFile(`${starterFolder}/README.md`);
  for (const { name, score } of scores) {
    const { notes, bars, metres } = performScore(score);
    const written = performScore(score, { repeats: false }).notes.length;
    const { numerator, denominator } = metres[0]!;
    assertStringIncludes(
      readme,
      `| ${name} | ${score.composer} | ${score.title}: ${score.work} | ` +
        `${numerator}/${denominator} | ${bars.length} | ${written} | ${notes.length} |`,
    );
  }
  assertEquals(readme.match(/^\| [a-z0-9-]+ \| [A-Z].*\d \|$/gm)?.length, scores.length);
  const example = /```\n([^`]+)```/.exec(readme)![1]!;
  assertEquals(performScore(parseScore(example, "README.md")).notes.length, 2 * 13);
});

for (const { name, score } of scores) {
  Deno.test(`${name} fills every bar in every voice when it is read`, () => {
    for (const { bars } of score.sections) {
      for (const bar of bars) {
        assert(bar.ticks <= barTicks(bar.metre), `bar ${bar.number}`);
        for (const [voice, events] of Object.entries(bar.voices)) {
          const ticks = events.reduce((sum, event) => sum + event.ticks, 0);
          assertEquals(ticks, bar.ticks, `bar ${bar.number}, ${voice}`);
        }
      }
    }
  });

  Deno.test(`${name} is playable and has both hands and repeated notes when it is played`, () => {
    const { notes, ticksPerBeat } = performScore(score);
    const left = notes.filter(({ voice }) => voice.startsWith("L"));
    const right = notes.filter(({ voice }) => voice.startsWith("R"));
    for (const hand of [left, right]) {
      assert(hand.length > notes.length / 6, `${hand.length} of ${notes.length} in one hand`);
    }
    for (const { pitch, startTicks, endTicks } of notes) {
      assert(pitch >= 24 && pitch <= 96, `pitch ${pitch}`);
      assert(endTicks - startTicks >= ticksPerBeat / 8, `a note of ${endTicks - startTicks} ticks`);
    }
    const struck = new Set(notes.map(({ pitch, startTicks }) => `${pitch} ${startTicks}`));
    const repeated = notes.filter((note) => struck.has(`${note.pitch} ${note.endTicks}`));
    assert(repeated.length >= 5, `${repeated.length} notes struck again as they end`);
  });

  Deno.test(`${name} spans no more than a hand can reach when a chord is struck`, () => {
    for (const { name: section, bars } of score.sections) {
      for (const bar of bars) {
        for (const [voice, events] of Object.entries(bar.voices)) {
          for (const { pitches } of events) {
            const keys = pitches.map(({ pitch }) => pitch);
            const span = Math.max(...keys) - Math.min(...keys);
            assert(keys.length < 2 || span <= 16, `${section} ${bar.number} ${voice}: ${span}`);
          }
        }
      }
    }
  });

  Deno.test(`${name} is the same when it is read back from MIDI`, () => {
    const performance = performScore(score);
    const music = readMidi(midiOf(score, performance));
    assertEquals(music.repairs, []);
    assertEquals(music.ticksPerBeat, performance.ticksPerBeat);
    assertEquals(music.parts.length, 1);
    const expected = performance.notes.map(({ pitch, velocity, startTicks, endTicks }) => ({
      pitch,
      velocity,
      startTicks,
      endTicks,
    }));
    assertEquals(music.parts[0]!.notes.map((note) => ({ ...note })), expected);
    assertEquals(music.timeSignatures.length, 1);
    const { numerator, denominator } = performance.metres[0]!;
    assertEquals(music.timeSignatures[0]!.numerator, numerator);
    assertEquals(music.timeSignatures[0]!.denominator, denominator);
    const beatsPerMinute = 60e6 / music.tempos[0]!.microsecondsPerBeat;
    assertEquals(Math.round(beatsPerMinute * 100) / 100, score.beatsPerMinute);
  });
}

Deno.test("the MIDI files of the starter music are what its scores say", async () => {
  for (const { name, score } of scores) {
    const kept = await Deno.readFile(`${starterFolder}/${name}.mid`);
    assertEquals(kept, midiOf(score, performScore(score)), `compile it: "deno task starter"`);
  }
});

Deno.test("buildStarter puts one MIDI file per score into a folder, and leaves other music alone", () =>
  inFolder(async (out) => {
    const { files } = await buildStarter({ out });
    assertEquals(files, scores.map(({ name }) => `${out}/${name}.mid`));
    assertEquals(await buildStarter({ out }), { files });
    assertEquals([...Deno.readDirSync(out)].length, scores.length);
    await Deno.writeTextFile(files[0]!, "mine");
    await assertRejects(() => buildStarter({ out }), Error, "it stays as it is");
    assertEquals(await Deno.readTextFile(files[0]!), "mine");
  }));
