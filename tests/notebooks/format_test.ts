import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { howToInstall } from "../../lib/cli/notebook.ts";
import { cellsAsModule } from "../../tools/notebooks/cells.ts";
import { type Notebook, notebookText, withoutNoise } from "../../tools/notebooks/format.ts";

const run: Notebook = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: { kernelspec: { name: "deno" }, widgets: { state: {} } },
  cells: [
    { cell_type: "markdown", id: "x7", metadata: { editable: true }, source: "# Title\nText" },
    {
      cell_type: "code",
      id: "9f",
      execution_count: 12,
      metadata: { execution: { "iopub.execute_input": "2026-01-01T00:00:00Z" } },
      source: ['import { train } from "../mod.ts";\n', "train;"],
      outputs: [
        { output_type: "stream", name: "stderr", text: "Warning: something\n" },
        { output_type: "stream", name: "stdout", text: ["/tmp/copy-1/data/a.mid\n"] },
        { output_type: "execute_result", execution_count: 12, data: {} },
        {
          output_type: "execute_result",
          execution_count: 12,
          metadata: { transient: 1 },
          data: { "text/plain": ["speed  1,234.5 frames per second\n", "notes 12"] },
        },
      ],
    },
  ],
};

Deno.test("A notebook without noise is the same whenever and wherever it ran", () => {
  const quiet = withoutNoise(run, "/tmp/copy-1");
  assertEquals(quiet.cells[1], {
    cell_type: "code",
    id: "cell-2",
    execution_count: 1,
    metadata: {},
    source: ['import { train } from "../mod.ts";\n', "train;"],
    outputs: [
      { output_type: "stream", name: "stdout", text: ["data/a.mid\n"] },
      {
        output_type: "execute_result",
        execution_count: 1,
        metadata: {},
        data: { "text/plain": ["speed  … frames per second\n", "notes 12"] },
      },
    ],
  });
  assertEquals(withoutNoise(quiet, "/elsewhere"), quiet);
});

Deno.test("The cells of a notebook make a module that says where each comes from", () => {
  const module = cellsAsModule(run, "2-train");
  assertStringIncludes(module, "// 2-train, cell 2\n");
  assertStringIncludes(module, 'from "../mod.ts";\ntrain;\n');
  assert(!module.includes("# Title"));
});

Deno.test("Where there is no Jupyter, one line says how to get it, one's own system first", () => {
  for (const [system, way] of [["darwin", "brew"], ["windows", "winget"], ["linux", "apt"]]) {
    const line = howToInstall(system!);
    assert(!line.includes("\n"));
    const places = ["brew", "winget", "apt"].map((each) => line.indexOf(each));
    assert(places.every((place) => place > 0));
    assertEquals(line.indexOf(way!), Math.min(...places));
  }
});

Deno.test("A notebook's text reads back as the notebook, pictures on a line each", () => {
  const spec = { mark: "bar", data: { values: [{ a: 1 }, { a: 2 }] } };
  const output = { output_type: "display_data", data: { "application/vnd.x+json": spec } } as const;
  const notebook = { ...run, cells: [{ ...run.cells[1]!, outputs: [output, output] }] };
  const text = notebookText(notebook);
  assertEquals(JSON.parse(text), notebook);
  assertStringIncludes(text, `: ${JSON.stringify(spec)}\n`);
});
