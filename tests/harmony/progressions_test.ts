import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { parseChords } from "../../lib/harmony/chord_text.ts";
import { findChords } from "../../lib/harmony/find.ts";
import { planWithChords } from "../../lib/harmony/piece_chords.ts";
import {
  halfBars,
  learnProgressions,
  logProbabilities,
  type Progression,
  progressionOf,
} from "../../lib/harmony/progressions.ts";
import { sum } from "../../lib/numbers.ts";
import { Random } from "../../lib/random.ts";
import { transposeChord } from "../../lib/tokens/chord.ts";
import { chordSymbol, parseChord } from "../../lib/tokens/chord_symbol.ts";
import { parseKey } from "../../lib/tokens/key.ts";
import { planOf } from "../../lib/tokens/plan_of.ts";
import { GRID, played } from "./music.ts";
import { sampleProgression } from "./sample_progression.ts";

const sheet = (text: string): Progression => progressionOf(parseChords(text), true);

const FIFTHS = learnProgressions([
  sheet("C Am Dm G C F G C"),
  ...["D Bm Em A D G A D", "F Dm Gm C F Bb C F"].map(sheet), // the same in other keys
  sheet("Am Dm E Am F Dm E Am"),
]);

Deno.test("Progressions are learned relative to the key and sampled in any key", () => {
  const symbols = (name: string, seed: number) => {
    const key = parseKey(name), wish = { key, count: 8, beatsPerBar: 4, ends: true };
    return sampleProgression(FIFTHS, wish, new Random(seed))
      .map(([first]) => chordSymbol(transposeChord(first!.chord!, -key.tonic)));
  };
  for (let seed = 0; seed < 8; seed++) {
    const inC = symbols("C", seed);
    assertEquals(symbols("Eb", seed), inC);
    assertEquals([inC[0], inC.at(-1)], ["C", "C"]);
    assert(inC.every((one) => ["C", "Am", "Dm", "G", "F"].includes(one)), inC.join(" "));
  }
});

Deno.test("Usual progressions are likelier than unusual ones, by key, place and end", () => {
  const key = parseKey("C");
  const bars = (text: string) => sheet(text).bars;
  const nats = (text: string, from: number, ends = false) =>
    sum(logProbabilities(FIFTHS, { bars: bars(text), ends }, key, from));
  assert(nats("C Am Dm G", 3) > nats("C Am Dm F", 3));
  assert(nats("C Am Dm G", 3) > nats("C Am Dm F#", 3));
  assert(nats("F G C", 2, true) > nats("F G Am", 2, true));
  assertAlmostEquals(
    nats("C Am Dm G C", 1),
    nats("C Am", 1) + nats("C Am Dm", 2) + nats("C Am Dm G", 3) + nats("C Am Dm G C", 4),
  );
  const inE = sheet("E C#m F#m B").bars;
  assertAlmostEquals(
    sum(logProbabilities(FIFTHS, { bars: inE, ends: false }, parseKey("E"), 0)),
    nats("C Am Dm G", 0),
  );
});

Deno.test("Probabilities of all bars add up to one at most", () => {
  const key = parseKey("C"), before = sheet("C Am").bars;
  const kinds = new Map(
    ["C Am Dm G C F G C"].flatMap((text) =>
      sheet(text).bars.map((bar) => [`${bar[0]!.root}`, bar])
    ),
  );
  let all = 0;
  for (const bar of kinds.values()) {
    all += Math.exp(logProbabilities(FIFTHS, { bars: [...before, bar], ends: false }, key, 2)[0]!);
  }
  assert(all > 0.5 && all < 1, `${all}`);
});

Deno.test("The chords of a bar's halves are those in force there", () => {
  const [am, f] = ["Am", "F"].map(parseChord);
  const chords = [{ step: 0, chord: am! }, { step: 6, chord: f! }];
  assertEquals(halfBars(chords, 8), [am!, f!]);
  assertEquals(halfBars(chords, 4), [am!, am!]);
  assertEquals(halfBars([], 4), [null, null]);
});

Deno.test("A piece's plan takes on its chords bar by bar, those held over a bar line, too", () => {
  const piece = played("Am F F C"), plan = planOf(piece, GRID);
  const { bars } = planWithChords(plan, piece, findChords(piece, GRID), GRID);
  assertEquals(
    bars.map(({ chords }) => chords!.map(({ step, chord }) => `${step} ${chordSymbol(chord!)}`)),
    [["0 Am"], ["0 F"], ["0 F"], ["0 C"]],
  );
  assert(bars.every(({ chords }) => chords!.every(({ soft }) => soft)));
  assertEquals(planWithChords(plan, piece, [], GRID), plan);
});
