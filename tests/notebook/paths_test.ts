import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "node:path";
import { personsPaths } from "../../lib/notebook/paths.ts";
import { atHomeIn } from "../store/support.ts";

Deno.test("In a cell ~ is the person's home, wherever a path is meant", () => {
  const home = join("homes", "me");
  const given = { midi: "~/songs", name: "~", data: "a/b", fill: { midi: "~/a.mid", bars: 2 } };
  assertEquals(
    atHomeIn(home, () => personsPaths(given)),
    {
      midi: join(home, "songs"),
      name: "~",
      data: "a/b",
      fill: { midi: join(home, "a.mid"), bars: 2 },
    },
  );
  const plan = { bars: [{ frames: 4, steps: 4 }], ends: true };
  assertEquals(personsPaths({ form: plan, bars: 3 }), { form: plan, bars: 3 });
});

Deno.test("A Windows path stays as it is; one whose backslashes code has swallowed is told how to be written", () => {
  for (const midi of ["C:\\Users\\me\\Music", "D:/Music", "\\\\server\\music"]) {
    assertEquals(personsPaths({ midi }), { midi });
  }
  for (const midi of ["C:UsersmeMusic", "D:/music\new"]) { // as code reads them
    const { message } = assertThrows(() => personsPaths({ midi }), Error);
    assertStringIncludes(message, "C:/Users/me/Music");
  }
});
