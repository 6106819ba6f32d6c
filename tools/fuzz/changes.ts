import type { Random } from "../../lib/random.ts";
import { some } from "./music.ts";

/** A change to one of several files: its position, as shares of the content, and its kind. */
export interface Change {
  /** File name. */
  readonly file: string;
  /** In JSON: the child on each level, 0 to below 1. In other files: the byte, number or line. */
  readonly at: readonly number[];
  readonly how: "set" | "delete" | "repeat" | "number" | "byte" | "cut" | "line" | "again";
  /** Replacement; numbers that JSON lacks are given as text. */
  readonly value: unknown;
}

const VALUES: readonly unknown[] = [
  ...[null, true, false, "", "x", "\u001b[2J", "9".repeat(400), [], {}, [[]], [null]],
  ...[-1, 0, 0.5, 1, 2, 3, 5, 12, 127, 128, 255, 1024, 65_537, 1e6, 2 ** 28, 2 ** 31, -(2 ** 31)],
  ...[2 ** 32, 2 ** 53, 1e300, -1e300, 1e-300],
];
const NUMBERS = ["NaN", "Infinity", "-Infinity", "3e38", "-3e38", "1e-40", "0", "-1", "1e9"];
const LINES = [
  "",
  "\t",
  "rest\t1",
  "60,64\t-1",
  "60,64\t1e9",
  "255,255\t3",
  "999999999\t1",
  "60\t1\t2",
  "\u001b[2J\t5",
  "{}\t[]",
  '{"name":"x"}\tnot a plan',
  "9".repeat(5000),
];

/** Makes one to three random changes to these files. */
export function randomChanges(random: Random, files: readonly string[]): Change[] {
  return Array.from({ length: 1 + random.below(3) }, () => {
    const file = some(files, random);
    const at = Array.from({ length: 1 + random.below(6) }, () => random.next());
    if (file.endsWith(".json") && random.below(12)) {
      const how = some(["set", "set", "set", "delete", "repeat"] as const, random);
      return { file, at, how, value: some(VALUES, random) };
    }
    if (file.endsWith(".bin")) {
      const how = some(["number", "number", "byte", "cut"] as const, random);
      return { file, at, how, value: how === "byte" ? random.below(256) : some(NUMBERS, random) };
    }
    const how = some(["byte", "line", "line", "again", "cut"] as const, random);
    return { file, at, how, value: how === "byte" ? random.below(256) : some(LINES, random) };
  });
}

/** Applies a change to a file's content. */
export function applied(bytes: Uint8Array, change: Change): Uint8Array {
  const { at, how, value } = change;
  const encode = (text: string) => new TextEncoder().encode(text);
  const first = Math.floor(at[0]! * bytes.length);
  switch (how) {
    case "set":
    case "delete":
    case "repeat":
      try {
        const json = JSON.parse(new TextDecoder().decode(bytes));
        return encode(JSON.stringify(changedJson(json, change)));
      } catch {
        return bytes; // a change before made it none
      }
    case "cut":
      return bytes.slice(0, first);
    case "byte":
      return bytes.length === 0 ? bytes : bytes.with(first, value as number);
    case "number": {
      const changed = bytes.slice();
      if (bytes.length >= 4) {
        new DataView(changed.buffer).setFloat32(
          Math.min(first & ~3, bytes.length - 4),
          Number(value),
          true,
        );
      }
      return changed;
    }
    case "line":
    case "again": {
      const lines = new TextDecoder().decode(bytes).split("\n");
      const line = Math.floor(at[0]! * lines.length);
      if (how === "line") lines[line] = String(value);
      else lines.splice(line, 0, lines[line]!);
      return encode(lines.join("\n"));
    }
  }
}

/** Descends along the positions as far as there are children, and changes the value found. */
function changedJson(root: unknown, { at, how, value }: Change): unknown {
  const whole = { root } as Record<string, unknown>;
  let parent: Record<string, unknown> = whole, key = "root";
  for (const share of at) {
    const child = parent[key];
    if (typeof child !== "object" || child === null) break;
    const keys = Object.keys(child);
    if (keys.length === 0) break;
    parent = child as Record<string, unknown>;
    key = keys[Math.floor(share * keys.length)]!;
  }
  if (how === "set") parent[key] = value;
  else if (how === "delete") delete parent[key];
  else if (Array.isArray(parent[key])) {
    parent[key] = Array.from({ length: 50 }, () => parent[key] as unknown[]).flat();
  }
  return whole.root;
}
