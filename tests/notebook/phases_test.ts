import { assert, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { preprocess } from "../../lib/notebook/phases.ts";
import { somePieces } from "../starter/some.ts";
import { inFolder } from "../store/support.ts";

/** Texts of all outputs that are displayed while something is done as in a cell. */
async function displayedBy(work: () => Promise<unknown>): Promise<string> {
  const texts: unknown[] = [], before = Object.getOwnPropertyDescriptor(globalThis, "Deno")!;
  const display = (bundle: Record<string, unknown>) => {
    texts.push(bundle["text/plain"]);
    return Promise.resolve();
  };
  const value = Object.create(Deno, { jupyter: { value: { display } } });
  Object.defineProperty(globalThis, "Deno", { value, configurable: true });
  try {
    await work();
  } finally {
    Object.defineProperty(globalThis, "Deno", before);
  }
  return texts.join("\n");
}

Deno.test("a verdict on a file speaks of code in a cell", () =>
  inFolder(async (data) => {
    const midi = join(data, "midi");
    await somePieces(midi, 1);
    await Deno.writeTextFile(join(midi, "song.mp3"), "");
    const text = await displayedBy(() => preprocess({ midi, name: "mine", data }));
    assertStringIncludes(text, 'it is a recording: await transcribe({ audio: "FOLDER"');
    assert(!text.includes("deno task"), text);
  }));
