import { assert, assertEquals, assertRejects } from "@std/assert";
import { basename, dirname, join } from "node:path";
import { audition } from "../../lib/notebook/audition.ts";
import { chooseMusic, takeMusic } from "../../lib/notebook/own_music.ts";
import { settingsFor } from "../../lib/notebook/presses.ts";
import { keepShort, soundFor } from "../../lib/notebook/sound.ts";
import { JUPYTER_DISPLAY } from "../../lib/show/summary.ts";
import { inFolder } from "../store/support.ts";

const given = (folder: string, names: readonly string[]) => ({
  what: "music",
  choice: "",
  kernel: "",
  folder,
  files: names.map((name, at) => ({ name, data: Uint8Array.of(at).toBase64() })),
  first: true,
  last: true,
  others: 0,
} as const);

Deno.test("Files of a page lie in one folder, under plain names, and replace nothing", () =>
  inFolder(async (data) => {
    const take = (folder: string, names: readonly string[]) =>
      takeMusic(given(folder, names), join(data, "midi"));
    const first = await take("Für Klavier", [
      "a.MID",
      "a.mid",
      "../../evil.mid",
      "C:\\b\u0007.mid",
    ]);
    assertEquals(basename(first), "Für Klavier");
    const names = (await Array.fromAsync(Deno.readDir(first))).map(({ name }) => name).sort();
    assertEquals(names, ["C b.mid", "a-2.mid", "a.mid", "evil.mid"]);
    assertEquals(await Deno.readFile(join(first, "a-2.mid")), Uint8Array.of(1));
    assertEquals(basename(await take("Für Klavier", ["a.mid"])), "Für Klavier-2");
    for (const name of ["../x", "..", "", "-rf", "a/b/c"]) {
      assertEquals(dirname(await take(name, ["a.mid"])), join(data, "midi"), name);
    }
  }));

Deno.test("Without a choice in the page the music is the starter", async () => {
  const { midi, name, minutes } = await chooseMusic({ data: "data" });
  assertEquals([midi, name, minutes], [join("data", "midi", "starter"), "starter", 0.5]);
});

Deno.test("Sliders ask for what their position says, those in the middle for nothing", () =>
  inFolder(async (data) => {
    const few = { candidates: 1, barCandidates: 1, count: 1 } as const;
    const settings = { data, model: "base", bars: 2, ...few, seed: 3 } as const;
    const { variants: [variant] } = await audition(settings);
    assertEquals(await settingsFor({}, variant!), {});
    assertEquals(await settingsFor({ density: -1, register: 1, style: 1 }, variant!), {
      density: "sparse",
      register: "high",
      style: 1.25,
    });
    assertEquals(await settingsFor({ style: -2 }, variant!), { style: 0 });
    const { temperature } = await settingsFor({ boldness: -2 }, variant!);
    assert(temperature! < 0.8, `${temperature}`);
    // Asked as a setting it does not know, an audition refuses.
    await assertRejects(() => audition({ ...settings, densty: "full" } as never), Error, "density");
  }));

Deno.test("A piece is heard whole unless its output is for keeping, and then it says so", () =>
  inFolder(async (data) => {
    const few = { candidates: 1, barCandidates: 1, count: 1 } as const;
    const settings = { data, model: "base", bars: 3, ...few } as const;
    const html = async (of: Promise<{ [JUPYTER_DISPLAY](): unknown }>) =>
      ((await of)[JUPYTER_DISPLAY]() as Record<string, string>)["text/html"]!;
    const whole = await html(audition(settings));
    assert(!whole.includes("data-cut"));
    assertEquals(soundFor({}).seconds, Infinity);
    keepShort({ seconds: 2, kilobits: 32 });
    try {
      const kept = await html(audition(settings));
      assert(/data-cut[^>]*>the first 2 s of \d+ s</.test(kept));
      assert(kept.length < whole.length / 1.5);
      assert(!kept.includes("data-kernel="), "a kept card speaks to no kernel");
    } finally {
      keepShort({});
    }
  }));

Deno.test("Variants differ, with more freedom where one solution is best for every seed", () =>
  inFolder(async (data) => {
    const settings = { data, model: "base", candidates: 1 } as const;
    const midi = "data/starter/nothing.mid";
    await assertRejects(() => audition({ ...settings, fill: { midi, bars: 1 } }), Error);
    const [piece] = (await audition({ ...settings, bars: 4, count: 1, barCandidates: 1 })).variants;
    const fill = { midi: piece!.piece.midi, bars: 3 };
    const { variants } = await audition({ ...settings, fill, count: 3 });
    const music = await Promise.all(
      variants.map(async ({ piece: { midi } }) => (await Deno.readFile(midi)).toBase64()),
    );
    assertEquals(new Set(music).size, variants.length);
  }));
