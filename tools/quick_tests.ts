/**
 * Runs the test files of each folder in one isolate, which takes about half of the processor time of
 * one isolate each: `deno run -P=bench tools/quick_tests.ts --ignore=tests/bench,…`.
 * @module
 */
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const project = fileURLToPath(new URL("../", import.meta.url));
const ignored = Deno.args.find((argument) => argument.startsWith("--ignore="))!.slice(9).split(",");

/** Test files in a folder, paths from the project, without ignored ones. */
function testsIn(folder: string): string[] {
  return [...Deno.readDirSync(join(project, folder))].flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    if (ignored.includes(path)) return [];
    return isDirectory ? testsIn(path) : name.endsWith("_test.ts") ? [path] : [];
  }).sort();
}

/** Counting work slows down everything else in its isolate, so files that do it have their own. */
const countsWork = (file: string) =>
  Deno.readTextFileSync(join(project, file)).includes("/work.ts");

const groups = Map.groupBy(testsIn("tests"), (file) => countsWork(file) ? file : dirname(file));
const folder = join(project, "dist/quick-tests"); // where Git and Deno's tools do not look
Deno.addSignalListener("SIGINT", () => {}); // Ctrl-C ends the tests; then the folder is removed
await Deno.mkdir(folder, { recursive: true });
try {
  const entries = [...groups].map(([name, files]) => {
    const entry = join(folder, `${name.replace(/_test\.ts$/, "").replaceAll("/", "_")}_test.ts`);
    const imports = files.map((file) => `import "${pathToFileURL(join(project, file))}";\n`);
    Deno.writeTextFileSync(entry, imports.join(""));
    return relative(project, entry);
  });
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: [
      "test",
      "--no-check",
      "--parallel",
      "--lock=deno.lock",
      "--no-prompt",
      "-P=test",
      ...entries,
    ],
    cwd: project,
  }).spawn().status;
  Deno.exitCode = code;
} finally {
  await Deno.remove(folder, { recursive: true });
}
