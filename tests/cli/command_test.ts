import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { join } from "node:path";
import { type Command, headOf, helpText, parseFlags } from "../../lib/cli/command.ts";
import { commands } from "../../lib/cli/commands.ts";
import { optionsPage } from "../../lib/cli/options.ts";
import { clean } from "../../lib/phases/clean.ts";
import { evaluate } from "../../lib/phases/evaluate.ts";
import { generate } from "../../lib/phases/generate.ts";
import { listen } from "../../lib/phases/listen.ts";
import { preprocess } from "../../lib/phases/preprocess.ts";
import { quickstart } from "../../lib/phases/quickstart.ts";
import { score } from "../../lib/phases/score.ts";
import { train } from "../../lib/phases/train.ts";
import { checkSettings } from "../../lib/phases/settings/declare.ts";
import { trainTable } from "../../lib/phases/settings/train.ts";
import { runDeno, TASK } from "./program.ts";

const command: Command = {
  name: "play",
  summary: "Plays.",
  positional: { name: "FILE", help: "What to play" },
  flags: [
    {
      name: "loudness",
      type: "number",
      value: "L",
      help: "How loud",
      least: -1,
      most: 9,
      default: 3,
    },
    { name: "times", type: "integer", value: "N", help: "How often", required: true },
    { name: "on", type: "text", value: "WHAT", choices: ["piano", "organ"], help: "Instrument" },
    { name: "pedal", type: "switch", default: true, help: "Without pedal" },
    { name: "fast", type: "switch", help: "Faster" },
    { name: "two", type: "pair", value: "A B", help: "Two pieces" },
  ],
  example: "deno task play",
  needs: () => ({ read: [], write: [] }),
  run: () => Promise.resolve(),
};
const parse = (text: string) => parseFlags(command, text === "" ? [] : text.split(" "));
const refused = (text: string, problem: string) =>
  assertThrows(() => parse(text), TypeError, problem);

Deno.test("parseFlags gives typed values of the flags that were given and no others", () => {
  assertEquals(parse("--times 3"), { times: 3 });
  assertEquals(parse("--times 3 --pedal"), { times: 3, pedal: true });
  assertEquals(parse("--times=3 --loudness 0.5 --on organ --no-pedal --fast 007"), {
    times: 3,
    loudness: 0.5,
    on: "organ",
    pedal: false,
    fast: true,
    _: "007",
  });
});

Deno.test("parseFlags reads the two paths of a pair, and no other number of them", () => {
  assertEquals(parse("--times 1 --two a.mid b.mid"), { times: 1, two: ["a.mid", "b.mid"] });
  assertEquals(parse("--two a b c --times 1"), { times: 1, two: ["a", "b"], _: "c" });
  refused("--times 1 --two a.mid", '--two needs two paths, not "a.mid"');
  refused("--two a.mid --times 1", '--two needs two paths, not "a.mid"');
  refused("--times 1 --two", "--two needs a value: A");
});

Deno.test("parseFlags reads a negative number as a number, wherever one may stand", () => {
  assertEquals(parse("--times -1 --loudness -.5"), { times: -1, loudness: -0.5 });
  refused("--times 1 -3", "Unknown flag -3");
});

Deno.test("parseFlags refuses unknown flags and names the nearest one", () => {
  refused("--times 1 --laudness 3", "Unknown flag --laudness; did you mean --loudness?");
  refused("--tmies 1", "Unknown flag --tmies; did you mean --times?");
  refused("--times 1 --nose", "Unknown flag --nose (see"); // three edits from --on
  refused("--times 1 --zzzzzzzzzz", "Unknown flag --zzzzzzzzzz");
  refused("--times 1 -x", "Unknown flag -x");
  refused("--times 1 --no-fast", "Unknown flag --no-fast");
});

Deno.test("parseFlags refuses missing, doubled and ill-typed values", () => {
  refused("", "--times N is missing");
  refused("--times", "--times needs a value: N");
  refused("--times 1.5", '--times needs a whole number, not "1.5"');
  refused("--times one", '--times needs a whole number, not "one"');
  refused("--times 1 --on drums", '--on needs one of piano, organ, not "drums"');
  refused("--times 1 --loudness 10", '--loudness needs a number from -1 to 9, not "10"');
  refused("--times 1 --times 2", "--times is given twice");
  refused("--times 1 --times=1", "--times is given twice");
  refused("--times 1 --fast --fast", "--fast is given twice");
  refused("--times 1 --pedal --no-pedal", "--no-pedal is given twice");
  refused("--times=", "--times needs a value: N");
  refused("--times 1 a b", 'Do not know what to do with "b"');
});

Deno.test("Every task's help lists its flags with their defaults", () => {
  for (const command of commands) {
    const help = helpText(command);
    for (const flag of command.flags) {
      assertStringIncludes(help, headOf(flag));
    }
    assertStringIncludes(help, "--help");
    assertStringIncludes(help, command.example);
  }
  assertStringIncludes(helpText(command), "--loudness L  How loud, -1 to 9 [3]");
});

Deno.test("docs/options.md is what the settings of the phases say", async () => {
  const page = await Deno.readTextFile(new URL("../../docs/options.md", import.meta.url));
  assertEquals(page, optionsPage(commands), 'run "deno task options"');
});

Deno.test("A phase refuses settings of a program as it refuses flags", () => {
  const train = (settings: object) =>
    checkSettings("train", trainTable, { corpus: "c", name: "n", ...settings });
  train({ window: 40, learningRate: 1, minutes: 0.5, resume: false });
  assertThrows(() => train({ name: undefined }), TypeError, "Cannot train without name");
  const wrong: [settings: object, problem: string][] = [
    [{ window: 3 }, "Cannot train with window 3: needed a whole number from 4 to 1,000"],
    [{ batchSize: 1.5 }, "batch size 1.5: needed a whole number from 1 to 65,536"],
    [{ learningRate: 0 }, "learning rate 0: needed a number above 0, at most 1"],
    [{ model: "lstm" }, 'model "lstm": needed one of combination, pitchwise'],
    [{ resume: "yes" }, 'resume "yes": needed true or false'],
    [{ epochs: "10" }, 'epochs "10": needed a whole number from 1'],
    [{ seed: NaN }, "seed NaN: needed a whole number"],
    [{ minuts: 3 }, 'unknown setting "minuts"; did you mean "minutes"?'],
    [{ colour: "red" }, 'unknown setting "colour"'],
  ];
  for (const [settings, problem] of wrong) assertThrows(() => train(settings), Error, problem);
});

Deno.test("Every phase refuses names and types of settings that it does not know", async () => {
  const asPerson = (settings: object) => settings as never; // as a cell passes them, unchecked
  const refusals: [phase: string, run: () => Promise<unknown>, problem: string][] = [
    [
      "preprocess",
      () => preprocess(asPerson({ midi: "x", name: "n", stepPerBeat: 2 })),
      "stepsPerBeat",
    ],
    ["train", () => train(asPerson({ corpus: "c", name: "n", minuts: 3 })), "minutes"],
    ["generate", () => generate(asPerson({ model: "m", temprature: 1 })), "temperature"],
    ["generate", () => generate(asPerson({ model: "m", bars: "8" })), "bars"],
    ["generate", () => generate(asPerson({ fill: { midi: "x", bar: "3-4" } })), '"bars"'],
    ["listen", () => listen(asPerson({ midi: "x.mid", soundfont: "y" })), "soundFont"],
    ["score", () => score(asPerson({ midi: "x.mid", titel: "y" })), "title"],
    ["evaluate", () => evaluate(asPerson({ modle: "x" })), "model"],
    ["clean", () => clean(asPerson({ yess: true })), "yes"],
    ["quickstart", () => quickstart(asPerson({ sead: 2 })), "seed"],
  ];
  for (const [phase, run, problem] of refusals) {
    const { message } = await assertRejects(run, TypeError, undefined, phase);
    assertStringIncludes(message, problem);
  }
});

Deno.test("What files say of themselves reaches the terminal without escape sequences and not without end", async () => {
  const folder = await Deno.makeTempDir();
  const models = join(folder, "models"), model = join(models, "m");
  await Deno.mkdir(model, { recursive: true });
  const kind = `\x1b]0;title\x07\x9b2J${"x".repeat(1e6)}\u202e`;
  const manifest = { kind, formatVersion: 1, files: {} };
  await Deno.writeTextFile(join(model, "manifest.json"), JSON.stringify(manifest));
  const args = [...TASK, "generate", "--model", "m", "--models", models, "--data", folder];
  const { code, errors: text } = await runDeno(args, { env: { NO_COLOR: "1" } }); // of Deno's own
  assertEquals(code, 1);
  assertStringIncludes(text, "holds no model but");
  // deno-lint-ignore no-control-regex -- these must not be there
  assertEquals(text.match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/g), null);
  assert(text.length < 3000);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("Tasks for developers have help, too, and refuse flags that they do not know", async () => {
  const all = [
    "bench",
    "bench-frames",
    "fuzz",
    "kills",
    "base",
    "kernels",
    "notebooks",
    "starter",
    "options",
    "release",
  ];
  const deno = (...args: string[]) => runDeno(["task", ...args], { env: { NO_COLOR: "1" } });
  for (const task of [...all, "licences"]) {
    const { code, out } = await deno(task, "--help");
    assertEquals([code, out.split("\n")[0]], [0, `deno task ${task} [flags]`]);
  }
  // All but kernels refuse flags by the same function.
  for (const task of ["fuzz", "kernels"]) {
    const { code, errors } = await deno(task, "--halp");
    assertEquals(code, 1, task);
    assertStringIncludes(errors, "Error: Unknown flag --halp");
    assert(!errors.includes("\n    at "), errors);
  }
  const { out } = await deno("fuzz", "--inputs", "20", "--minutes", "1");
  assertStringIncludes(out, "inputs    20\n"); // flags that are not given hide no defaults
});
