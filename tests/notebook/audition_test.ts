import { assert, assertEquals, assertRejects } from "@std/assert";
import { dirname, join } from "node:path";
import { again, audition, bolder, fromBar, keep } from "../../lib/notebook/audition.ts";
import { beforeBar } from "../../lib/notebook/cut.ts";
import { readMidi } from "../../lib/midi/read.ts";
import { preprocess } from "../../lib/phases/preprocess.ts";
import { train } from "../../lib/phases/train.ts";
import { heardOf } from "../../lib/show/sounding.ts";
import { JUPYTER_DISPLAY } from "../../lib/show/summary.ts";
import { buildStarter } from "../../lib/starter/build.ts";
import { exists } from "../../lib/store/files.ts";

Deno.test("Variants are heard, kept with their recipes where nothing is replaced, and gone on from", async () => {
  const folder = await Deno.makeTempDir();
  const roots = { data: join(folder, "data"), models: join(folder, "models") };
  const midi = join(folder, "midi");
  await buildStarter({ out: midi });
  for (const name of [...Deno.readDirSync(midi)].map(({ name }) => name).sort().slice(1)) {
    await Deno.remove(join(midi, name));
  }
  await preprocess({ ...roots, midi, name: "small" });
  const name = { corpus: "small", name: "small", model: "combination", epochs: 1 } as const;
  await train({ ...roots, ...name });

  await assertRejects(() => keep(9, "x"), Error, "variant");
  const settings = { ...roots, model: "small", bars: 2, hear: 2, kilobits: 32 } as const;
  const each = [{ temperature: 0.8 }, {}];
  const two = await audition({ ...settings, count: 1, each });
  assertEquals(two.variants.map(({ settings }) => settings.temperature), [0.8, undefined]);
  const bundle = await two[JUPYTER_DISPLAY]();
  assertEquals((bundle["text/html"] as string).match(/<audio /g)?.length, 2);

  const [first] = two.variants;
  const kept = await keep(1, "evening");
  assertEquals(dirname(kept.midi), join(roots.data, "favourites"));
  for (const ending of ["json", "mid", "wav"]) {
    assert(await exists(join(roots.data, "favourites", `evening.${ending}`)));
    assert(!await exists(first!.piece.midi.replace(/mid$/, ending)), "moved, not copied");
  }
  const second = await keep(two.variants[1]!, "evening");
  assert(second.midi !== kept.midi, "the name was taken");
  await assertRejects(() => keep(1, "again"), Error, "no longer there");

  const more = await again();
  assertEquals(more.variants.map(({ settings }) => settings.seed), [2, 2]);
  const bold = await bolder(1);
  assertEquals(bold.variants[0]!.settings.temperature, 0.92);
  assertEquals(bold.variants[0]!.settings.seed, 3);
  assertEquals([bold.variants.length, bold.settings.hear], [1, 2]); // as before
  const anew = await fromBar(2, bold.variants[0]!);
  assert(anew.variants[0]!.piece.primerFrames > 0);
  await assertRejects(() => fromBar(99, bold.variants[0]!), RangeError, "bar 99");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("The music before a bar is what stood there, cut at the bar line", async () => {
  const folder = await Deno.makeTempDir();
  await buildStarter({ out: folder });
  const bytes = await Deno.readFile(join(folder, "bach-prelude-c-major.mid"));
  const cut = heardOf(beforeBar(bytes, 3));
  const whole = heardOf(bytes);
  assertEquals(
    cut.notes.map(({ pitch }) => pitch),
    whole.notes.filter(({ start }) => start < whole.bars[2]! - 1e-6).map(({ pitch }) => pitch),
  );
  assert(Math.abs(cut.seconds - whole.bars[2]!) < 0.01);
  assertEquals(readMidi(beforeBar(bytes, 3)).repairs, []);
  await Deno.remove(folder, { recursive: true });
});
