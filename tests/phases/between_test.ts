import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { generate } from "../../lib/phases/generate.ts";
import { somePieces } from "../starter/some.ts";

Deno.test("a piece between two files is made again by its recipe, without them", async () => {
  const root = await Deno.makeTempDir();
  try {
    const [one, other] = await somePieces(join(root, "midi"), 2);
    const wish = {
      model: "base",
      data: join(root, "data"),
      bars: 4,
      candidates: 1,
      barCandidates: 2,
      threads: 2,
    };
    const between = [one, other!] as const;
    const { pieces: [made] } = await generate({ ...wish, between, share: 0.5, take: "harmony" });
    assertStringIncludes(
      made!.form,
      `that of ${one}, 50 % of its bars with the harmony of ${other}`,
    );
    await Deno.remove(join(root, "midi"), { recursive: true });
    const again = await generate({ recipe: made!.recipe, data: wish.data, threads: 2 });
    assertEquals(await Deno.readFile(again.pieces[0]!.midi), await Deno.readFile(made!.midi));

    const refused = (settings: Parameters<typeof generate>[0], why: string) =>
      assertRejects(() => generate({ ...wish, ...settings }), Error, why);
    await refused({ between }, `Cannot take the form of ${one}`);
    await refused({ between, form: "auto" }, "give one of --form, --between");
    await refused({ take: "texture" }, "Cannot use --take without --between");
    await refused({ between: [one] as unknown as typeof between }, "needed two paths");
    await refused({ between, share: 1.5 }, "from 0 to 1");
    await refused({ between, melody: one }, "Cannot use --between with --melody");
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
