/** The tour from its first cell to its last, live, in a folder that has nothing to do with the project. */
import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { copyNotebooks, PROJECT } from "../../lib/cli/notebook.ts";
import { everythingIn, inFolder, namesOf } from "../store/support.ts";
import { findChromium } from "./browser.ts";
import { hasJupyter, inNotebookPage, type LivePage, WAYS, withJupyter } from "./jupyter.ts";
import { shortened } from "./seconds.ts";

const chromium = await findChromium();

for (const way of WAYS) {
  const isThere = await hasJupyter(way);
  Deno.test({
    name: `The tour goes to its end in a folder outside of the project (${way})`,
    ignore: chromium === undefined || !isThere,
    fn: () =>
      inFolder(async (folder) => {
        const here = join(folder, "somewhere é", "else");
        await copyNotebooks(join(PROJECT, "notebooks"), join(here, "my-notebooks"), true);
        const tour = join(here, "my-notebooks", "0-tour.ipynb");
        const bare = withoutOutputs(shortened(await Deno.readTextFile(tour)));
        await Deno.writeTextFile(tour, JSON.stringify(bare));
        const last = bare.cells.findLastIndex(({ cell_type }) => cell_type === "code");
        const before = everythingIn(join(PROJECT, "data"));
        await withJupyter(way, folder, (address) =>
          inNotebookPage(
            way,
            chromium!,
            address,
            "somewhere%20%C3%A9/else/my-notebooks/0-tour.ipynb",
            (page) => goesThrough(page, last),
          ));
        const data = join(here, "my-notebooks", "data");
        assertEquals(namesOf(join(data, "corpora")), ["starter"]);
        assertEquals(namesOf(join(data, "favourites")).includes("from the tour.mid"), true);
        assertEquals(everythingIn(join(PROJECT, "data")), before);
      }),
  });
}

/** A notebook without the outputs that it ships with. */
function withoutOutputs(text: string): { cells: { cell_type: string }[] } {
  const { cells, ...rest } = JSON.parse(text) as { cells: { cell_type: string }[] };
  const bare = cells.map((cell) =>
    cell.cell_type === "code" ? { ...cell, outputs: [], execution_count: null } : cell
  );
  return { ...rest, cells: bare };
}

/** Runs all cells and waits for the last one. @param last its index */
async function goesThrough(page: LivePage, last: number): Promise<void> {
  await page.runAll();
  const failed = `${page.failed}.length > 0`,
    kept = `/Kept as/.test(${page.outputs(last)}.innerText)`;
  for (let tries = 0; tries < 5 && !await page.evaluate(`${failed} || ${kept}`); tries++) {
    await page.until(`${failed} || ${kept}`).catch(() => {}); // a busy machine takes its time
  }
  assertEquals(await page.evaluate(page.failed), []);
  assertEquals(await page.evaluate(kept), true);
}
