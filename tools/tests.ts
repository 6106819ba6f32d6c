/**
 * Runs the tests: those of a folder in one isolate, which takes about half of the processor time of
 * one isolate per file: `deno run -P=bench tools/tests.ts [--quick] [flags of deno test]`.
 * @module
 */
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Files and folders of tests with processes, training or browsers, which `--quick` leaves out. */
export const LONG: readonly string[] = [
  "tests/bench",
  "tests/cli",
  "tests/evaluate/blind_test.ts",
  "tests/evaluate/evaluate_test.ts",
  "tests/examples_test.ts",
  "tests/midi/fuzz_test.ts",
  "tests/model",
  "tests/notebook/audition_test.ts",
  "tests/notebook/music_test.ts",
  "tests/notebooks",
  "tests/packages_test.ts",
  "tests/page/browser_test.ts",
  "tests/page/hardship_test.ts",
  "tests/phases",
  "tests/release",
  "tests/trust",
  "tests/wasm/build_test.ts",
  "tests/wasm/heap_test.ts",
];

/** Folders of long tests that share an isolate, so that it loads their network only once. */
const SHARED = ["tests/model/combination", "tests/model/pitchwise"];

const project = fileURLToPath(new URL("../", import.meta.url));

/** Test files in a folder, as paths within the project. */
export function testsIn(folder: string): string[] {
  return [...Deno.readDirSync(join(project, folder))].flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    return isDirectory ? testsIn(path) : name.endsWith("_test.ts") ? [path] : [];
  }).sort();
}

/** Whether a test file is one of {@linkcode LONG}. */
export const isLong = (file: string): boolean =>
  LONG.some((one) => file === one || file.startsWith(`${one}/`));

/**
 * Whether a test file has its own isolate: long ones, and those that count work, which slows down
 * everything else in theirs.
 */
const isAlone = (file: string) =>
  isLong(file) && !SHARED.includes(dirname(file)) ||
  Deno.readTextFileSync(join(project, file)).includes("/work.ts");

/** Runs tests, and returns the exit code. */
async function run(files: readonly string[], flags: readonly string[]): Promise<number> {
  const groups = Map.groupBy(files, (file) => isAlone(file) ? file : dirname(file));
  const dist = join(project, "dist"); // where Git and Deno's tools do not look
  await Deno.mkdir(dist, { recursive: true });
  const folder = await Deno.makeTempDir({ dir: dist, prefix: "tests-" });
  Deno.addSignalListener("SIGINT", () => {}); // Ctrl-C ends the tests; then the folder is removed
  try {
    const entries = [...groups].map(([name, files]) => {
      if (name === files[0]) return name;
      const entry = join(folder, `${name.replaceAll("/", "_")}_test.ts`);
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
        ...flags,
        ...entries,
      ],
      cwd: project,
    }).spawn().status;
    return code;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) {
  const isQuick = Deno.args.includes("--quick"), all = testsIn("tests");
  Deno.exitCode = await run(
    isQuick ? all.filter((file) => !isLong(file)) : all,
    Deno.args.filter((argument) => argument !== "--quick"),
  );
}
