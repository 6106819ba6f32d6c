import { assert, assertEquals } from "@std/assert";
import * as sliceWords from "../../lib/model/combination/kernels/slice_words.ts";

/** Fields of a class of a kernel in their order; all have four bytes. */
async function fieldsOf(path: string, name: string): Promise<string[]> {
  const source = await Deno.readTextFile(new URL(`../../lib/${path}`, import.meta.url));
  const [, body] = new RegExp(`\\nexport class ${name} \\{\\n(.*?)\\n\\}\\n`, "s").exec(source) ??
    [];
  assert(body !== undefined, `${path} has no class ${name}`);
  const fields = body.split("\n").filter((line) => !/^ *(\/\*\*.*\*\/|\/\/.*)?$/.test(line));
  return fields.map((line) => {
    const [, field] = /^ {2}(\w+): (?:usize|i32|f32);$/.exec(line) ?? [];
    assert(field !== undefined, `${path}: "${line}" is no field of four bytes`);
    return field;
  });
}

Deno.test("TypeScript writes the record Slice where the kernels read it", async () => {
  const fields = await fieldsOf("model/combination/kernels/output_layer.ts", "Slice");
  const written = Object.entries<number>(sliceWords).sort((a, b) => a[1] - b[1]);
  assertEquals(written, fields.map((field, index): [string, number] => [field, index]));
});
