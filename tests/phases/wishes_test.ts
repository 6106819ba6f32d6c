import { assert, assertEquals } from "@std/assert";
import { changeOf, checkAgain, piecesOf } from "../../lib/phases/generate/wishes.ts";
import type { GenerateSettings } from "../../lib/phases/settings/generate.ts";
import { generateTable } from "../../lib/phases/settings/generate_table.ts";

/** Settings that the phase itself reads, in every mode. */
const OF_THE_RUN = ["model", "models", "data", "name", "overwrite", "threads", "style", "recipe"];

/** Settings of which each mode has its own form, tried beside the others. */
const OF_A_CHANGE = ["fill", "vary", "melody", "accompaniment", "above", "below", "track"];

/** An unusual value of each setting. */
const UNUSUAL: GenerateSettings = {
  ...{ form: "a.mid", between: ["a.mid", "b.mid"], share: 0.7, take: "harmony", chords: "Am F" },
  ...{ key: "A minor", density: "full", register: "high", metre: "3/4", end: true, frames: 99 },
  ...{ bars: 7, seconds: 11, primerNote: "C4", primerMidi: "a.mid", primerRandom: true },
  ...{ primerPiece: { frames: [[60]], metres: [] }, dropPrimer: true, stuckAfter: 3 },
  ...{ candidates: 5, barCandidates: 3, mostCopied: 9, discriminator: 2, velocity: 33, touch: 0 },
  ...{ seed: 42, count: 3, temperature: 0.3, topK: 3, topP: 0.4 },
};

const MODES: Readonly<Record<string, GenerateSettings>> = {
  "a new piece": {},
  "a piece between two": { between: ["c.mid", "d.mid"] },
  fill: { fill: { midi: "c.mid", bars: "3-4" } },
  vary: { vary: { midi: "c.mid", distance: 0.5 } },
  melody: { melody: "c.mid" },
  accompaniment: { accompaniment: "c.mid" },
};

function askedOf(settings: GenerateSettings): string {
  return JSON.stringify(changeOf(settings) ?? piecesOf(settings));
}

Deno.test("each setting of generate acts in each mode, or is refused", () => {
  const names = [...Object.keys(generateTable), "primerPiece"]
    .filter((name) => ![...OF_THE_RUN, ...OF_A_CHANGE, "distance"].includes(name));
  const silent: string[] = [], acting = new Set<string>();
  for (const [mode, own] of Object.entries(MODES)) {
    const plain = askedOf(own);
    for (const name of names) {
      const value = name === "without" ? ["all"] : UNUSUAL[name as keyof GenerateSettings];
      if (value === undefined) {
        silent.push(`${name} has no unusual value here`);
        continue;
      }
      try {
        if (askedOf({ ...own, [name]: value }) === plain) silent.push(`${name} in ${mode}`);
        else acting.add(name);
      } catch (error) {
        assert(error instanceof Error && error.message.startsWith("Cannot "), `${error}`);
      }
    }
  }
  assertEquals(silent, []);
  assertEquals(names.filter((name) => !acting.has(name)), [], "refused in every mode");
});

Deno.test("a recipe determines everything but names, folders and threads", () => {
  const beside = { recipe: "a.json", model: "mine", data: "data", name: "b", threads: 1 };
  checkAgain(beside, "mine");
  checkAgain({ ...beside, count: 1, dropPrimer: false }, "mine"); // as without them
  const refused = (more: GenerateSettings) => {
    try {
      checkAgain({ ...beside, ...more }, "mine");
    } catch (error) {
      return (error as Error).message;
    }
  };
  assertEquals(
    refused({ temperature: 0.9 }),
    "Cannot use --temperature with --recipe: the recipe determines that",
  );
  assertEquals(
    refused({ model: "other" }),
    "Cannot use --model with --recipe: the recipe determines that",
  );
});

Deno.test("switches that are off anyway may be given with a change of a file", () => {
  const off = { primerRandom: false, dropPrimer: false };
  assertEquals(askedOf({ ...off, melody: "c.mid" }), askedOf({ melody: "c.mid" }));
});
