import { assertEquals } from "@std/assert";
import { killAtRandom } from "../../bench/kills.ts";

Deno.test("Killed at any moment, the phases leave old artifacts or new ones, and training resumes", async () => {
  const folder = await Deno.makeTempDir();
  const { killed, problems } = await killAtRandom(folder, 6, 1);
  await Deno.remove(folder, { recursive: true });
  assertEquals(problems, []);
  assertEquals(killed, 6);
});
