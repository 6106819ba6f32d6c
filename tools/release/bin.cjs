#!/usr/bin/env node
// Starts a task of the program with the Deno that npm installed beside it.
"use strict";
const { spawn } = require("node:child_process");
const { accessSync, constants, lstatSync, mkdirSync, mkdtempSync, readFileSync } = require(
  "node:fs",
);
const { homedir, tmpdir } = require("node:os");
const { dirname, join, relative, sep } = require("node:path");

const own = (path) => join(__dirname, path);
const args = process.argv.slice(2);
const { name: program, tasks } = require("./package.json");
const name = args[0];
const isHelp = name === undefined || name === "--help" || name === "-h";
if (isHelp || !(name in tasks)) {
  const list = Object.entries(tasks).map(([task, { description }]) =>
    `  ${task.padEnd(12)}${description}`
  );
  const text = [
    `${program} TASK [flags]`,
    "",
    ...list,
    "",
    `${program} TASK --help lists a task's flags.`,
  ];
  if (isHelp) console.log(text.join("\n"));
  else console.error(`Error: Unknown task "${name}"\n\n${text.join("\n")}`);
  process.exit(isHelp ? 0 : 1);
}

/** Whether a folder, or the nearest one above it that exists, can be written to. */
function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch (error) {
    return error.code === "ENOENT" && dirname(folder) !== folder && isWritable(dirname(folder));
  }
}

/** How this program was called: `npx -y` with a name or a tarball, `npx` in a project, or its name. */
function ownCommand() {
  const modules = dirname(__dirname), project = dirname(modules);
  if (modules.split(sep).includes("_npx")) {
    try {
      const lock = JSON.parse(readFileSync(join(modules, ".package-lock.json"), "utf8"));
      const { resolved } = lock.packages[`node_modules/${program}`];
      if (!resolved.startsWith("file:")) return `npx -y ${program}`;
      const file = relative(process.cwd(), join(project, resolved.slice("file:".length)));
      return `npx -y ${/^[\w.@/-]+$/.test(file) ? file.replace(/^(?!\.)/, "./") : `"./${file}"`}`;
    } catch {
      return `npx -y ${program}`;
    }
  }
  return relative(project, process.cwd()).startsWith("..") ? program : `npx ${program}`;
}

/** A folder for libraries in place of the home folder: the same one every time, unless it is another's. */
function librariesFolder() {
  const uid = process.getuid?.() ?? -1; // os.userInfo() throws where a user has a number, but no name
  const folder = join(tmpdir(), `${program}-deno-${uid}`);
  try {
    mkdirSync(folder, { mode: 0o700 });
    return folder;
  } catch {
    const there = lstatSync(folder, { throwIfNoEntry: false });
    const isOwn = there?.isDirectory() && (uid < 0 || there.uid === uid && !(there.mode & 0o22));
    return isOwn ? folder : mkdtempSync(`${folder}-`);
  }
}

const env = { ...process.env, DENO_NO_UPDATE_CHECK: "1", DENO_NO_PACKAGE_JSON: "1" };
env.INIT_CWD = process.cwd();
env.TASK_COMMAND = ownCommand();
if (!env.DENO_DIR && !isWritable(join(homedir() || "/", ".cache"))) {
  env.DENO_DIR = librariesFolder();
  console.error(`Your home folder cannot be written to: libraries go to ${env.DENO_DIR}`);
}
let deno;
try {
  deno = require("deno/install_api.cjs").runInstall();
} catch (error) {
  console.error(
    `Error: Cannot find Deno for ${process.platform} ${process.arch}: ${error.message}`,
  );
  process.exit(1);
}
const child = spawn(
  deno,
  [
    ...["run", "--no-prompt", "--config", own("deno.json"), `--lock=${own("deno.lock")}`],
    ...tasks[name].run.map((word) => word.endsWith(".ts") ? own(word) : word),
    ...args.slice(1),
  ],
  { stdio: "inherit", env },
);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {}); // Deno's to handle
child.on("error", (error) => {
  console.error(`Error: Cannot start Deno: ${error.message}`);
  process.exit(1);
});
child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
