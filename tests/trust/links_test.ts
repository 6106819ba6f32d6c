// Links in every place where a phase writes: nothing that they lead to is changed.
import { assertEquals, assertMatch } from "@std/assert";
import { dirname, join } from "node:path";
import { clean } from "../../lib/phases/clean.ts";
import { evaluate } from "../../lib/phases/evaluate.ts";
import { generate } from "../../lib/phases/generate.ts";
import { listen } from "../../lib/phases/listen.ts";
import { preprocess } from "../../lib/phases/preprocess.ts";
import { score } from "../../lib/phases/score.ts";
import { train } from "../../lib/phases/train.ts";
import { exists } from "../../lib/store/files.ts";
import { partOf } from "../../lib/store/write.ts";
import { everythingIn, inFolder } from "../store/support.ts";

Deno.test({
  name: "No phase writes or removes through a link, wherever one stands",
  ignore: Deno.build.os === "windows",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    inFolder(async (root) => {
      const midi = "data/starter/ode-to-joy.mid";
      const roots = { data: join(root, "data"), models: join(root, "models") };
      const settings = { ...roots, threads: 1 };
      const phases: Record<string, () => Promise<unknown>> = {
        preprocess: () => preprocess({ ...roots, midi, name: "c" }),
        train: () =>
          train({
            ...settings,
            corpus: "c",
            name: "m",
            model: "combination",
            epochs: 1,
            overwrite: true,
          }),
        generate: () => generate({ ...settings, model: "m", frames: 2, name: "g" }),
        listen: () => listen({ midi: join(settings.data, "generated", "g.mid") }),
        score: () => score({ midi: join(settings.data, "generated", "g.mid") }),
        evaluate: () => evaluate({ ...settings, model: "m", midi }),
        clean: () => clean({ ...roots, yes: true }),
      };
      // What each writes, found by letting it; then the same with a link in its place.
      const outside = join(root, "outside"), precious = join(outside, "precious");
      await Deno.mkdir(outside);
      await Deno.writeTextFile(precious, "precious");
      await Deno.writeTextFile(join(outside, "manifest.json"), "precious");
      const before = everythingIn(outside);
      const inData = (...names: string[]) => join(settings.data, ...names);
      const places: Record<string, string[]> = {
        preprocess: [inData("corpora"), inData("corpora", "c")],
        train: [join(settings.models, "m"), join(settings.models, "m", "manifest.json")],
        generate: [
          inData("generated"),
          inData("generated", "g.mid"),
          inData("generated", "g.json"),
        ],
        listen: [inData("generated", "g.wav")],
        score: [inData("generated", "g.svg"), inData("generated", "g.musicxml")],
        evaluate: [inData("evaluations"), inData("evaluations", "m.json")],
        clean: [inData("corpora"), inData("generated"), inData("evaluations")],
      };
      for (const [phase, run] of Object.entries(phases)) {
        await run(); // undisturbed
        for (const place of places[phase]!) {
          const lock = join(dirname(place), `.${place.slice(dirname(place).length + 1)}.lock`);
          for (const at of phase === "clean" ? [place] : [place, partOf(place), lock]) {
            const targets = at === place
              ? [outside, precious, join(outside, "nothing")]
              : [precious];
            for (const target of targets) {
              const aside = `${at}.aside`;
              await Deno.mkdir(dirname(at), { recursive: true });
              if (await exists(at)) await Deno.rename(at, aside);
              await Deno.symlink(target, at);
              const said = await run().then(String, ({ message }: Error) => message);
              assertEquals([phase, at, everythingIn(outside)], [phase, at, before]);
              assertMatch(said, /\S/);
              if (await exists(at) && (await Deno.lstat(at)).isSymlink) await Deno.remove(at);
              if (await exists(aside) && !await exists(at)) await Deno.rename(aside, at);
              else if (await exists(aside)) await Deno.remove(aside, { recursive: true });
            }
          }
        }
        if (phase !== "clean") await run();
      }
    }),
});
