import { assert, assertEquals } from "@std/assert";
import { chordsIn, findChords } from "../../lib/harmony/find.ts";
import { transposeChord } from "../../lib/tokens/chord.ts";
import { chordSymbol } from "../../lib/tokens/chord_symbol.ts";
import { GRID, played } from "./music.ts";

function symbolsOf(spans: ReturnType<typeof findChords>): string {
  return spans.map(({ chord }) => chord ? chordSymbol(chord) : "N").join(" ");
}

Deno.test("chords are found as they were played, bar by bar", () => {
  for (
    const symbols of [
      "C Am F G7 C",
      "Dm7 G7 Cmaj7 Am7 Dm7 G7 C",
      "Am Dm E7 Am F Bdim E7 Am",
      "C C/E F Fm C/G G7 C",
      "Eb Cm Ab Bb7 Eb Bb/D Cm Ab/C Bb7 Eb",
      "G D/F# Em C Am7 D7sus4 D7 G".replace("D7sus4", "Dsus4"),
    ]
  ) {
    const spans = findChords(played(symbols), GRID);
    assertEquals(symbolsOf(spans), symbols);
    assert(spans.every(({ start, end }, bar) => start === 16 * bar && end === 16 * bar + 16));
  }
});

Deno.test("broken chords are heard as chords", () => {
  assertEquals(symbolsOf(findChords(played("C Am F G C", "broken"), GRID)), "C Am F G C");
});

Deno.test("transposed music has its chords transposed", () => {
  const symbols = "C Am7 Dm G7 Em Am F C/G G7 C";
  const untransposed = findChords(played(symbols), GRID);
  for (let by = 1; by < 12; by++) {
    assertEquals(
      findChords(played(symbols, "block", by), GRID),
      untransposed.map((span) => ({ ...span, chord: transposeChord(span.chord!, by) })),
    );
  }
});

Deno.test("a passing note in the melody makes no chord of its own", () => {
  const notes = [48, 55, 60].map((pitch) => ({ pitch, start: 0, end: 4 })).concat(
    [76, 77, 79, 77, 76, 74, 76, 72].map((pitch, at) => ({
      pitch,
      start: at / 2,
      end: at / 2 + 0.5,
    })),
  ).sort((a, b) => a.start - b.start || a.pitch - b.pitch);
  const beats = [3, 1, 2, 1].map((weight, at) => ({
    start: at,
    end: at + 1,
    weight: weight as 1 | 2 | 3,
  }));
  assertEquals(symbolsOf(chordsIn(notes, beats)), "C");
});

Deno.test("long silence has no chord, and neither has music without notes", () => {
  const { frames, metres } = played("C G");
  const silent = new Array(64).fill([]);
  const spans = findChords({ frames: [...silent, ...frames], metres }, GRID);
  assertEquals(symbolsOf(spans), "N C G");
  assertEquals(spans[0]!.end, 64);
  assertEquals(findChords({ frames: [], metres: [] }, GRID), []);
  assertEquals(symbolsOf(findChords({ frames: silent, metres }, GRID)), "N");
});

Deno.test("an upbeat and bars of no whole number of beats are covered without gaps", () => {
  const { frames } = played("C F G C");
  const metres = [{ frame: 0, stepsPerBar: 14, phase: 11 }];
  const spans = findChords({ frames, metres }, GRID);
  assertEquals(spans[0]!.start, 0);
  assertEquals(spans.at(-1)!.end, frames.length);
  spans.forEach(({ start }, at) => assertEquals(start, spans[at - 1]?.end ?? 0));
});

Deno.test("a diminished seventh chord is named by the root that leads on", () => {
  assertEquals(symbolsOf(findChords(played("Am Am G#dim7 Am"), GRID)), "Am G#dim7 Am");
  assertEquals(symbolsOf(findChords(played("Cm Cm G#dim7 Cm"), GRID)), "Cm Bdim7/Ab Cm");
});

Deno.test("a triad over a bass outside it is named by the bass where both are one chord", () => {
  const named = { "F/D": "Dm7", "Dm/B": "Bm7b5", "Am/F": "Fmaj7" };
  for (const [symbols, name] of Object.entries(named)) {
    assertEquals(symbolsOf(findChords(played(`${symbols} ${symbols}`), GRID)), name);
  }
});
