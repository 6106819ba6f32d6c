/**
 * Measures chord estimation: the share of time in which found chords agree with annotated ones in
 * root, in MIREX's `majmin` and `sevenths`, in bass and in the whole symbol, beside template
 * matching per beat.
 *
 *     deno run -A bench/chords.ts [--songs MIDI --annotations FOLDER] [--movements FOLDER] [--part dev|test|all]
 *
 * Songs are annotated as POP909 is, movements as the Annotated Mozart Sonatas are. Every third piece
 * is for development.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { chordsIn, type ChordSpan } from "../lib/harmony/find.ts";
import { heardIn } from "../lib/harmony/evidence.ts";
import { chordOf, type ChordQuality, chordTones } from "../lib/tokens/chord.ts";
import { type Agreement, compare, COMPARISONS, noAgreement } from "./chords/compare.ts";
import { type Annotation, readMovements, readSongs } from "./chords/read.ts";

const flags = parseArgs(Deno.args, { string: ["songs", "annotations", "movements", "part"] });
const part = flags.part ?? "test";

const TEMPLATES =
  (["maj", "min", "dim", "aug", "7", "maj7", "m7", "m7b5", "dim7"] as ChordQuality[])
    .flatMap((quality) => Array.from({ length: 12 }, (_, root) => chordOf(root, quality)));

/**
 * Chord templates: the one with the highest cosine similarity to the pitch classes of a beat
 * (Fujishima 1999).
 */
function templates({ notes, beats }: Annotation): ChordSpan[] {
  return heardIn(notes, beats).map(({ classes }, at) => {
    const { start, end } = beats[at]!;
    let best = 0, chord = null;
    for (const each of TEMPLATES) {
      const tones = chordTones(each);
      const fit = tones.reduce((sum, one) => sum + classes[one]!, 0) /
        Math.sqrt(tones.length) / (Math.hypot(...classes) || 1);
      if (fit > best + 1e-9) [best, chord] = [fit, each];
    }
    return { start, end, chord };
  });
}

const WAYS = [
  { name: "found", find: ({ notes, beats }: Annotation) => chordsIn(notes, beats) },
  { name: "templates", find: templates },
];

const sets: { name: string; pieces: Annotation[] }[] = [];
if (flags.songs) {
  sets.push({ name: "songs", pieces: await readSongs(`${flags.songs}`, `${flags.annotations}`) });
}
if (flags.movements) {
  sets.push({ name: "movements", pieces: await readMovements(`${flags.movements}`) });
}
if (sets.length === 0) {
  throw new Error("Cannot measure: say where annotated music lies, with --songs or --movements");
}

console.log(`${"".padEnd(24)}${COMPARISONS.map((name) => name.padStart(10)).join("")}`);
for (const { name, pieces } of sets) {
  const own = pieces.filter((_, at) => part === "all" || (at % 3 === 0) === (part === "dev"));
  for (const way of WAYS) {
    const agreement: Agreement = noAgreement(), from = performance.now();
    for (const piece of own) compare(piece.truth, way.find(piece), agreement);
    const shares = COMPARISONS.map((each) =>
      `${(100 * agreement[each].same / agreement[each].all).toFixed(1)} %`.padStart(10)
    );
    const beats = own.reduce((sum, piece) => sum + piece.beats.length, 0);
    console.log(
      `${`${name} (${own.length}), ${way.name}`.padEnd(24)}${shares.join("")}` +
        `   ${((performance.now() - from) / beats * 400).toFixed(1)} ms per 100 bars`,
    );
  }
}
