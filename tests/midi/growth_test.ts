// In a file of its own: where work is counted, all tests are slow.
import { assert } from "@std/assert";
import { readMidi } from "../../lib/midi/read.ts";
import { workOf } from "../work.ts";
import { crowd, empty, slowing, stuck } from "./large.ts";

Deno.test("readMidi has work that grows with tracks, notes on one key and tempos, not with their square", async () => {
  for (const make of [empty, crowd, stuck, slowing]) {
    const [some, many] = [make(500), make(4_000)];
    readMidi(some); // what is done once is done before
    const growth = await workOf(() => readMidi(many)) / await workOf(() => readMidi(some));
    assert(
      growth > 2 && growth < 10,
      `${make.name}: eight times as much is ${growth} times the work`,
    );
  }
});
