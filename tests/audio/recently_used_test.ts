import { assertEquals } from "@std/assert";
import { recentlyUsed } from "../../lib/audio/recently_used.ts";

Deno.test("what was used last is kept up to a size, and made anew when it was dropped", async () => {
  const made: string[] = [];
  const get = recentlyUsed<string>(6, ({ length }) => length);
  const use = (key: string) =>
    get(key, () => {
      made.push(key);
      return Promise.resolve(key);
    });
  for (const key of ["aa", "bb", "cc", "aa", "dd", "aa", "bb", "dd"]) {
    assertEquals(await use(key), key);
  }
  assertEquals(made, ["aa", "bb", "cc", "dd", "bb"], "bb was the oldest when dd came");
  await use("too large");
  await use("dd");
  assertEquals(made.slice(5), ["too large", "dd"]);
});
