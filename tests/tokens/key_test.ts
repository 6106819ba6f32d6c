import { assertEquals } from "@std/assert";
import {
  evidenceIn,
  findKey,
  findKeys,
  halvesOf,
  keyOf,
  lastBassIn,
} from "../../lib/tokens/find_key.ts";
import { keyName, KEYS, parseKey, written } from "../../lib/tokens/key.ts";
import type { Grid } from "../../lib/tokens/piece.ts";
import { planOf } from "../../lib/tokens/plan_of.ts";
import { encodeFrames } from "../../lib/tokens/grid.ts";

/** Chords of a bar each over their roots: a cadence in a key, with the dominant's leading note. */
function cadence(tonic: number, mode: "major" | "minor", from = 0, natural = false) {
  const third = mode === "major" ? 4 : 3, seventh = natural ? 10 : 11;
  const chords = [
    [0, [0, third, 7]],
    [5, [5, mode === "major" ? 9 : 8, 12]],
    [7, [7, seventh, 14]],
    [0, [0, third, 7, 12]],
  ] as const;
  return chords.flatMap(([root, pitches], bar) => {
    const start = 16 * (from + bar), end = start + 16;
    return [36 + root, ...pitches.map((pitch) => 60 + pitch)]
      .map((pitch) => ({ pitch: pitch + tonic, start, end }));
  });
}

const bars = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    start: 16 * i,
    end: 16 * i + 16,
  }));

/** The key found by notes, and by the plan of the same bars. */
function found(notes: ReturnType<typeof cadence>, count: number) {
  const halves = halvesOf(bars(count)), grid: Grid = { unit: "beat", steps: 4, attacks: true };
  const plan = planOf({ frames: encodeFrames(notes, true), metres: [] }, grid);
  return [
    findKey(evidenceIn(notes, halves), { lastBass: lastBassIn(notes, halves) }),
    keyOf(plan.bars, true),
  ].map(keyName);
}

Deno.test("A cadence is heard in its key, in all 24, by its notes and by its plan", () => {
  for (const key of KEYS) {
    const name = keyName(key);
    assertEquals(found(cadence(key.tonic, key.mode), 4), [name, name]);
  }
});

Deno.test("A minor key without its leading note is not its relative major", () => {
  assertEquals(found(cadence(9, "minor", 0, true), 4), ["A minor", "A minor"]);
});

Deno.test("A song whose last refrain is higher is in the key of most of it, in none between", () => {
  for (const [mode, higher] of [["major", 1], ["major", 3], ["minor", 1], ["minor", 3]] as const) {
    const verses = Array.from({ length: 8 }, (_, at) => cadence(11, mode, 4 * at, mode === "minor"))
      .flat();
    const refrains = Array.from(
      { length: 7 },
      (_, at) => cadence((11 + higher) % 12, mode, 32 + 4 * at, mode === "minor"),
    ).flat();
    const name = `B ${mode}`;
    assertEquals(found([...verses, ...refrains], 60), [name, name], `${higher} higher`);
  }
});

Deno.test("A last refrain that is higher tells by its last chord which of two relative keys is home", () => {
  const triad = (root: number, third: number, bar: number) =>
    [36 + root, 60 + root, 60 + root + third, 67 + root]
      .map((pitch) => ({ pitch, start: 16 * bar, end: 16 * bar + 16 }));
  const loop = (bar: number, up: number) =>
    [[9, 3], [4, 3], [5, 4], [0, 4]].flatMap(([root, third], at) =>
      triad(root! + up, third!, bar + at)
    );
  const verses = Array.from({ length: 8 }, (_, at) => loop(4 * at, 0)).flat();
  const refrains = Array.from({ length: 6 }, (_, at) => loop(32 + 4 * at, 2)).flat();
  const heard = (root: number, third: number) => {
    const notes = [...verses, ...refrains, ...triad(root, third, 56)], halves = halvesOf(bars(57));
    return keyName(findKey(evidenceIn(notes, halves), { lastBass: lastBassIn(notes, halves) }));
  };
  assertEquals([heard(11, 3), heard(2, 4)], ["A minor", "C major"]);
});

Deno.test("Of relative keys the file's signature tells the minor one, major says little", () => {
  const vague = evidenceIn(
    [57, 60, 64, 65, 67].map((pitch) => ({ pitch, start: 0, end: 32 })),
    halvesOf(bars(2)),
  );
  const by = (fifths: number, mode: "major" | "minor") =>
    keyName(findKey(vague, { signature: { fifths, mode } }));
  assertEquals(by(0, "minor"), "A minor");
  assertEquals(by(-1, "major"), "F major");
  const clear = evidenceIn(cadence(9, "minor"), halvesOf(bars(4)));
  assertEquals(keyName(findKey(clear, { signature: { fifths: 0, mode: "major" } })), "A minor");
  assertEquals(keyName(findKey(clear, { signature: { fifths: 5, mode: "major" } })), "A minor");
});

Deno.test("Music that is elsewhere for longer than at home is in the key of its signature", () => {
  const home = (bar: number) => cadence(2, "minor", bar);
  const away = Array.from({ length: 12 }, (_, at) => cadence(1, "minor", 16 + 4 * at)).flat();
  const notes = [0, 4, 8, 12].flatMap(home).concat(away, [64, 68, 72, 76].flatMap(home));
  const halves = halvesOf(bars(80)), evidence = evidenceIn(notes, halves);
  const lastBass = lastBassIn(notes, halves);
  const by = (fifths: number) =>
    keyName(findKey(evidence, { lastBass, signature: { fifths, mode: "major" } }));
  assertEquals([by(-1), by(0), by(5)], ["D minor", "C♯ minor", "C♯ minor"]);
});

Deno.test("A modulation is found where it begins, a passing chord is none", () => {
  const notes = [
    ...cadence(0, "major"),
    ...cadence(0, "major", 4),
    ...[0, 1, 2, 3].flatMap((i) => cadence(6, "major", 8 + 4 * i)),
  ];
  const keys = findKeys(evidenceIn(notes, halvesOf(bars(24))), 20);
  assertEquals(keys.map(keyName), [
    ...new Array(16).fill("C major"),
    ...new Array(32).fill("F♯ major"),
  ]);
  assertEquals(findKeys([], 20), []);
});

Deno.test("Keys are named and signed as they are usually spelled, or nearest to a signature", () => {
  const names = ["Ebm", "F#", "Db", "G#m", "B", "Bbm", "C"];
  assertEquals(names.map((name) => written(parseKey(name)).fifths), [-6, 6, -5, 5, 5, -5, 0]);
  assertEquals(written(parseKey("F#"), -6).fifths, -6);
  assertEquals(keyName(written(parseKey("F#"), -6)), "G♭ major");
  assertEquals(keyName(written(parseKey("Ebm"), 6)), "D♯ minor");
  assertEquals(keyName({ ...parseKey("B"), fifths: -7 }), "C♭ major");
  assertEquals(keyName({ ...parseKey("Gm"), fifths: -1 }), "G minor", "with a Dorian signature");
});

Deno.test("A bar or two are in the key of their chord, whichever of its notes comes last", () => {
  const arpeggio = [72, 76, 79, 76].map((pitch, i) => ({ pitch, start: 4 * i, end: 4 * i + 4 }));
  const halves = halvesOf(bars(1));
  const lastBass = lastBassIn(arpeggio, halves), evidence = evidenceIn(arpeggio, halves);
  assertEquals(keyName(findKey(evidence, { lastBass })), "C major");
  assertEquals(findKeys(evidence, 40, { lastBass }).map(keyName), ["C major", "C major"]);
});
