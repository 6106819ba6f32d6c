/**
 * The stand-ins in links/ fail where JSR's own packages fail: what is asserted here holds of
 * @std/assert 1.0.13 and @std/cli 1.0.20 too, by their documentation.
 */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  AssertionError,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { parseArgs } from "@std/cli/parse-args";

/** The AssertionError of a failing assertion, caught without any of what is being tested. */
async function failing(work: () => unknown): Promise<AssertionError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof AssertionError) return error;
    throw new Error(`No AssertionError but ${error}`);
  }
  throw new Error(`${work} did not fail`);
}

Deno.test("Every failed assertion throws the exported AssertionError, an Error with a message", async () => {
  const made = new AssertionError("so", { cause: 1 });
  if (made.message !== "so" || made.cause !== 1 || made.name !== "AssertionError") throw made;
  await failing(() => assert(0));
  await failing(() => assertEquals<unknown>({ a: [1] }, { a: [2] }));
  await failing(() => assertEquals<unknown>({ a: undefined }, {}));
  await failing(() => assertNotEquals([1], [1]));
  await failing(() => assertAlmostEquals(1, 1.1));
  await failing(() => assertAlmostEquals(NaN, 1));
  await failing(() => assertStringIncludes("abc", "d"));
  await failing(() => assertMatch("abc", /d/));
});

Deno.test("assertThrows fails where nothing, no Error, another class or another message is thrown", async () => {
  const boom = () => {
    throw new TypeError("boom");
  };
  const text = () => {
    throw "boom";
  };
  await failing(() => assertThrows(() => 1));
  await failing(() => assertThrows(text, Error));
  await failing(() => assertThrows(boom, RangeError));
  await failing(() => assertThrows(boom, Error, "bang"));
  if (assertThrows(text) !== "boom") throw new Error("what was thrown comes back");
  if (assertThrows(boom, TypeError, "oo").message !== "boom") {
    throw new Error("the error comes back");
  }
  // @ts-expect-error without a class, what was thrown may be anything
  assertThrows(boom).message;
});

Deno.test("assertRejects fails where the function itself throws or gives no promise", async () => {
  const throwing = (): Promise<void> => {
    throw new Error("at once");
  };
  await failing(() => assertRejects(throwing));
  await failing(() => assertRejects(throwing, Error));
  await failing(() => assertRejects((() => 1) as never));
  await failing(() => assertRejects(() => Promise.resolve()));
  await failing(() => assertRejects(() => Promise.reject(new Error("a")), RangeError));
  await failing(() => assertRejects(() => Promise.reject(new Error("a")), Error, "b"));
  await failing(() => assertRejects(() => Promise.reject(1), Error));
  const rejected = await assertRejects(() => Promise.reject(new Error("a")), Error, "a");
  if (rejected.message !== "a") throw new Error("the error comes back");
  // @ts-expect-error without a class, what was rejected with may be anything
  (await assertRejects(() => Promise.reject(new Error("a")))).message;
});

Deno.test("parseArgs takes the last of a doubled flag, and --no- before what is negatable only", () => {
  const options = { string: ["name", "_"], boolean: ["fast", "pedal"], negatable: ["pedal"] };
  assertEquals(parseArgs(["--name", "a", "--name=b", "007"], options).name, "b");
  assertEquals(parseArgs(["007"], options)._, ["007"]);
  assertEquals(parseArgs(["--no-pedal"], options).pedal, false);
  assertEquals(parseArgs(["--no-fast"], options)["no-fast"], true);
  assertEquals(parseArgs([], options).fast, false);
  assertEquals(parseArgs(["--fast", "--no-pedal", "--fast"], options).fast, true);
  const unknown: string[] = [];
  const rest = parseArgs(["--neme", "x"], {
    ...options,
    unknown: (argument) => {
      unknown.push(argument);
      return false;
    },
  });
  assertEquals(unknown[0], "--neme");
  assertEquals("neme" in rest, false);
});
