import { assert, assertEquals } from "@std/assert";
import { basename, join } from "node:path";
import { output } from "../../lib/cli/kernel.ts";
import { notebooksIn, PROJECT } from "../../lib/cli/notebook.ts";
import { joined, type Lines, type Notebook, type Output } from "../../tools/notebooks/format.ts";
import { inCopy, runNotebook } from "../../tools/notebooks/run.ts";
import { shipped } from "./shipped.ts";
import { shortened, starterModel } from "./seconds.ts";
import { assertWellFormed } from "../show/xml.ts";

const notebooks = await notebooksIn(join(PROJECT, "notebooks"));
const versions = (await output("jupyter", ["--version"]))?.stdout ?? "";
const jupyter = /^nbconvert *: *\d/m.test(versions) && /^nbclient *: *\d/m.test(versions);
if (!jupyter) console.log("Notebooks are not run: there is no jupyter nbconvert with nbclient");

/** How many plots and tables a notebook has at least, how many players, and their seconds at most. */
const EXPECTED: Record<
  string,
  { plots: number; tables: number; players: number; seconds: number }
> = {
  "0-tour.ipynb": { plots: 2, tables: 3, players: 3, seconds: 15 },
  "1-preprocess.ipynb": { plots: 6, tables: 6, players: 1, seconds: 30 },
  "2-train.ipynb": { plots: 1, tables: 3, players: 2, seconds: 15 },
  "3-generate.ipynb": { plots: 3, tables: 2, players: 13, seconds: 4 },
  "4-listen.ipynb": { plots: 1, tables: 1, players: 1, seconds: 30 },
  "5-evaluate.ipynb": { plots: 7, tables: 8, players: 2, seconds: 8 }, // more if music is told apart
  "6-change.ipynb": { plots: 0, tables: 0, players: 8, seconds: 7 },
};

function outputsOf(notebook: Notebook): Output[] {
  return notebook.cells.flatMap(({ outputs }) => outputs ?? []);
}

function assertOutputs(notebook: Notebook, name: string): void {
  const outputs = outputsOf(notebook);
  const errors = outputs.filter(({ output_type }) => output_type === "error");
  assertEquals(errors.map(({ evalue }) => evalue), []);
  const having = (type: string) => outputs.filter(({ data }) => data?.[type] !== undefined);
  const html = having("text/html").map(({ data }) => joined(data?.["text/html"] as Lines));
  const expected = EXPECTED[name]!;
  const plots = having("image/svg+xml");
  assert(plots.length >= expected.plots, `${plots.length} plots`);
  for (const { data = {} } of having("image/svg+xml")) {
    assertWellFormed(joined(data["image/svg+xml"] as Lines));
    assert(joined(data["text/plain"] as Lines).length > 20);
  }
  const tables = html.filter((text) => text.includes("<table"));
  assert(tables.length >= expected.tables, `${tables.length} tables`);
  const sounds = html.flatMap((text) => text.match(/data:audio\/mpeg;base64,[^"]+/g) ?? []);
  assertEquals(sounds.length, expected.players);
  for (const sound of sounds) {
    const seconds = mp3Seconds(sound);
    assert(seconds > 3 && seconds < expected.seconds + 0.5, `${seconds} s of sound`);
  }
}

const KILOBITS = {
  mpeg1: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  mpeg2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};

/** Length of an MP3 (MPEG 1 or 2, layer III), from the headers of its frames. */
function mp3Seconds(dataUri: string): number {
  const bytes = Uint8Array.fromBase64(dataUri.slice(dataUri.indexOf(",") + 1));
  let seconds = 0;
  for (let at = 0; at + 4 <= bytes.length;) {
    const [sync, kind, rates] = [bytes[at]!, bytes[at + 1]!, bytes[at + 2]!];
    assertEquals([sync, kind & 0xf6], [0xff, 0xf2], `no MP3 frame at ${at}`);
    const first = (kind & 8) !== 0;
    const sampleRate = [44_100, 48_000, 32_000][rates >> 2 & 3]! / (first ? 1 : 2);
    const samples = first ? 1152 : 576;
    const bits = 1000 * KILOBITS[first ? "mpeg1" : "mpeg2"][rates >> 4]!;
    at += Math.floor(samples / 8 * bits / sampleRate) + (rates >> 1 & 1);
    seconds += samples / sampleRate;
  }
  return seconds;
}

/** The notebook that only plays: what a model is made of is tested by the others. */
const PLAYS = "3-generate.ipynb";

/** Runs a notebook in a fresh copy of the project, with seconds to learn and short pieces to judge. */
function run(name: string): Promise<Notebook> {
  return inCopy(async (folder) => {
    if (name === PLAYS) {
      await starterModel(folder, "starter");
    }
    const path = join(folder, "notebooks", name), text = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, shortened(text));
    return await runNotebook(folder, name);
  });
}

for (const path of notebooks) {
  const name = basename(path);
  Deno.test({
    name: `The notebook ${name} runs from top to bottom in a fresh copy of the project`,
    ignore: !jupyter,
    fn: async () => assertOutputs(await run(name), name),
  });

  Deno.test(`The notebook ${name} is kept with its outputs, small, without noise`, async () => {
    const text = await shipped(path);
    assertOutputs(JSON.parse(text), name);
    assert(text.length < 500_000, `${text.length} characters`);
    assert(!/"(\/tmp|\/home|\/root|C:\\\\)/.test(text), "a path of the machine it ran on");
    assert(!text.includes("iopub"), "times of its run");
  });
}
