import { assert, assertEquals } from "@std/assert";
import { chordConstraints, withChordsHeld } from "../../lib/generate/chord_constraints.ts";
import { judge } from "../../lib/generate/judge/judge.ts";
import { planInMode, transposePlan } from "../../lib/generate/plan/content.ts";
import { chordsFrom, withChords } from "../../lib/generate/plan/chords.ts";
import { chordDistance } from "../../lib/harmony/fit.ts";
import { parseChords } from "../../lib/harmony/chord_text.ts";
import { FREE, OFF, STAYS, STRUCK } from "../../lib/model/model.ts";
import { chordSymbol, parseChord } from "../../lib/tokens/chord_symbol.ts";
import { barsOf } from "../../lib/tokens/bars.ts";
import type { Plan, PlannedChord } from "../../lib/tokens/plan.ts";
import { decodePlan, encodePlan } from "../../lib/tokens/plan_text.ts";
import { planOf } from "../../lib/tokens/plan_of.ts";
import { GRID, played } from "../harmony/music.ts";

/** A plan of four bars of C, with chords. */
function planWith(chords: string, beatsPerBar = 4) {
  const plan = planOf(played("C C C C"), GRID);
  const { bars } = parseChords(chords, { beatsPerBar });
  return withChords(plan, chordsFrom(bars, 0), beatsPerBar, GRID);
}

/** A plan whose chords only describe it. */
function softened({ bars, ends }: Plan): Plan {
  const soft = (chord: PlannedChord): PlannedChord => ({ ...chord, soft: true });
  return { ends, bars: bars.map((bar) => ({ ...bar, chords: bar.chords!.map(soft) })) };
}

function symbols(plan: ReturnType<typeof planWith>): string[] {
  return plan.bars.map(({ chords }) =>
    chords!.map(({ step, chord }) => `${chord ? chordSymbol(chord) : "N"}${step ? `@${step}` : ""}`)
      .join(" ")
  );
}

Deno.test("a plan takes on chords by step, and plays too few of them again", () => {
  assertEquals(symbols(planWith("Am . F G | C/E")), ["Am F@8 G@12", "C/E", "Am F@8 G@12", "C/E"]);
  assertEquals(symbols(planWith("Am Am F x2")), ["Am", "Am", "F", "Am"]);
});

Deno.test("the bars of a plan have the pitch classes, onsets and basses of its chords", () => {
  const { bars } = planWith("| Am . G7 . | C/E | F | C |");
  assertEquals(bars[0]!.classes, [[0, 4, 9], [2, 5, 7, 11]]);
  assertEquals(bars[1]!.classes, [[0, 4, 7], [0, 4, 7]]);
  assert(bars[0]!.onsets![0]! >= 3 && bars[0]!.onsets![8]! >= 4);
  assert(Math.abs(bars[1]!.bottom![0]! - 40) <= 1, "about E2");
});

Deno.test("a bar is no longer like an earlier one whose chords it does not share", () => {
  const plan = planOf(played("C C C C"), GRID);
  assert(plan.bars[1]!.like);
  const changed = withChords(plan, chordsFrom(parseChords("C F#m C F#m").bars, 0), 4, GRID);
  assertEquals(changed.bars[1]!.like, null);
});

Deno.test("a plan's chords survive its text, and damaged ones are refused", () => {
  const plan = planWith("| Am . F/A G7sus4 | N.C. | Bbmaj7 | F#m7b5 |");
  const text = encodePlan(plan);
  assertEquals(
    decodePlan(text).bars.map(({ chords }) => chords),
    plan.bars.map(({ chords }) => chords),
  );
  for (const damage of ['"Xm"', '"Am","Am"', "7"]) {
    let message = "";
    try {
      decodePlan(text.replace('[0,"Am"]', `[0,${damage}]`).replace('"Am","Am"', '"Am"],[0,"Am"'));
    } catch (error) {
      message = (error as Error).message;
    }
    assert(message.includes("chords that are"), `${damage}: ${message}`);
  }
});

Deno.test("constraints strike the bass, keep all below it silent, and let pass only above and between beats", () => {
  const constraints = chordConstraints(planWith("C/E Am7 G N.C."), GRID)!;
  const first = constraints(0)!, between = constraints(1)!, later = constraints(6)!;
  assertEquals(Array.from(first.keys()).filter((pitch) => first[pitch] === STRUCK), [40, 60]);
  assert(first.slice(0, 40).every((given) => given === OFF));
  assertEquals([first[62], between[62], between[50], later[62]], [OFF, FREE, OFF, FREE]);
  assertEquals([between[40], later[40]], [STAYS, FREE]);
  const seventh = constraints(16)!;
  assertEquals(Array.from(seventh.keys()).filter((pitch) => seventh[pitch] === STRUCK), [
    33,
    55,
    60,
  ]);
  assertEquals(constraints(48), undefined); // no chord, no constraint
  assertEquals(chordConstraints(planOf(played("C F"), GRID), GRID), undefined);
});

Deno.test("beside a melody chords keep below it, and strike what tells them from others", () => {
  const plan = planWith("C Cmaj7 F N.C.");
  const constraints = Array.from({ length: 64 }, (_, frame) => {
    const given = new Uint8Array(128).fill(FREE), top = frame < 16 ? 57 : 79;
    given.fill(OFF, top);
    given[top] = frame % 16 === 0 ? STRUCK : STAYS;
    return given;
  });
  const made = withChordsHeld(constraints, plan, 0, GRID);
  const struckAt = (frame: number) =>
    Array.from(made[frame]!.keys()).filter((pitch) => made[frame]![pitch] === STRUCK);
  assertEquals(struckAt(0), [36, 48, 52, 55, 57], "A, C and E are A minor, but not with G");
  assertEquals(
    struckAt(16).map((pitch) => pitch % 12),
    [0, 4, 11, 0, 7],
    "G, B and E alone are E minor",
  );
  assertEquals(struckAt(32).map((pitch) => pitch % 12), [5, 5, 9, 0, 7]);
  assertEquals(made.slice(48), constraints.slice(48), "no chord leaves all as it was");
  assert([1, 5, 17].every((frame) => made[frame]![frame < 16 ? 57 : 79] === STAYS));
});

Deno.test("a bass lies less than a fifth above the one before it in its bar", () => {
  const plan = planOf(played("C"), GRID);
  const high = { ...plan, bars: plan.bars.map((bar) => ({ ...bar, bottom: [36, 36, 57, 57] })) };
  const { bars } = parseChords("C . G/B .");
  const constraints = chordConstraints(withChords(high, chordsFrom(bars, 0), 4, GRID), GRID)!;
  const lowest = (frame: number) => constraints(frame)!.indexOf(STRUCK);
  assertEquals([lowest(0), lowest(8)], [36, 35]);
});

Deno.test("the distance from a chord grows with foreign and missing notes and a wrong bass", () => {
  const distance = (symbol: string, of: string) =>
    chordDistance(played(symbol).frames, [{ step: 0, chord: parseChord(of) }]);
  assertEquals(distance("C", "C"), 0);
  assert(distance("C", "C7") > 0 && distance("C", "C7") < distance("C", "F"));
  assert(distance("C/E", "C") > distance("C", "C"));
  assertEquals(chordDistance([[], []], [{ step: 0, chord: parseChord("C") }]), 1);
  assertEquals(chordDistance([[60]], [{ step: 0, chord: null }]), 0);
});

Deno.test("soft chords constrain no notes, and keep their softness in text, key and mode", () => {
  const asked = planWith("Am F C G"), soft = softened(asked);
  assertEquals(chordConstraints(soft, GRID), undefined);
  assertEquals(decodePlan(encodePlan(soft)).bars[0]!.chords, soft.bars[0]!.chords);
  const mixed = { ...soft, bars: soft.bars.with(1, asked.bars[1]!) };
  const constraints = chordConstraints(mixed, GRID)!;
  assertEquals([constraints(0), constraints(32)], [undefined, undefined]);
  assert(constraints(16));
  const moved = planInMode(transposePlan(soft, 2), { tonic: 2, mode: "major" }, "minor");
  assertEquals(symbols(moved), ["Bb", "Gm", "Dm", "A"]);
  assert(moved.bars.every(({ chords }) => chords!.every(({ soft }) => soft)));
});

Deno.test("music is judged by the chords that were asked for, not by those that describe its plan", () => {
  const frames = played("Am F C G").frames, metres = [{ frame: 0, stepsPerBar: 16, phase: 0 }];
  const bars = barsOf(metres, frames.length, GRID);
  const judged = { frames, metres, from: 0, bars, first: 0, last: 3 };
  const value = (plan: Plan) =>
    judge(judged, { grid: GRID, plan, mostCopied: Infinity }).values.chord;
  const far = planWith("C# Eb F# Bb");
  assertEquals(value(planWith("Am F C G")), 0);
  assert(value(far)! > 1);
  assertEquals(value(softened(far)), undefined);
});
