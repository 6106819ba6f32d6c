import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { look } from "../../lib/notebook/look.ts";
import { preprocess } from "../../lib/phases/preprocess.ts";
import { somePieces } from "../starter/some.ts";

Deno.test("a piece of a corpus is shown by its number or its file's name", async () => {
  const data = await Deno.makeTempDir();
  try {
    await somePieces(join(data, "music"), 2);
    const { report } = await preprocess({ midi: join(data, "music"), name: "two", data }, {});
    const [, { file }] = report.files as [unknown, { file: string }];
    const shown = async (piece: string | number) =>
      `${(await look({ corpus: "two", data, piece }))[0]}`;
    assertEquals(await shown(file), await shown(2));
    await assertRejects(() => look({ corpus: "two", data, piece: 3 }), RangeError, `2 (${file})`);
    await assertRejects(() => look({ corpus: "two", data, piece: "x" }), RangeError, "piece x");
  } finally {
    await Deno.remove(data, { recursive: true });
  }
});
