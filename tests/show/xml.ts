import { assert, assertEquals } from "@std/assert";

/** Fails unless `document` is well-formed as far as tags, attributes and entities go. */
export function assertWellFormed(document: string): void {
  const open: string[] = [];
  const rest = document.replace(
    /<(\/?)([\w:-]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g,
    (...match) => {
      const [, closing, name, attributes, empty] = match as unknown as string[];
      for (const value of attributes?.matchAll(/="([^"]*)"/g) ?? []) assertEntities(value[1] ?? "");
      if (closing) assertEquals(open.pop(), name);
      else if (!empty) open.push(name ?? "");
      return "";
    },
  );
  assertEquals(open, []);
  assert(!/[<>]/.test(rest), "a tag that is none");
  assertEntities(rest);
}

function assertEntities(text: string): void {
  assert(!/&(?!(?:amp|lt|gt|quot|apos|#\d+);)/.test(text), `entity in ${text.slice(0, 80)}`);
}
