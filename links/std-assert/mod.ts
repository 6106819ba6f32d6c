/**
 * A stand-in for `jsr:@std/assert`, with the part of its API that the tests here use, over
 * `node:assert`: JSR cannot be reached everywhere that npm can. Without the `links` entry in
 * `deno.json`, JSR's own package takes its place, and nothing else changes.
 * @module
 */
import assertStrict from "node:assert/strict";

/** What every failed assertion throws. */
export { AssertionError } from "node:assert";

/** Asserts that `value` is truthy. */
export function assert(value: unknown, message?: string): asserts value {
  assertStrict.ok(value, message);
}

/** Asserts deep strict equality. */
export function assertEquals<T>(actual: T, expected: T, message?: string): void {
  assertStrict.deepStrictEqual(actual, expected, message);
}

/** Asserts deep strict inequality. */
export function assertNotEquals<T>(actual: T, expected: T, message?: string): void {
  assertStrict.notDeepStrictEqual(actual, expected, message);
}

/** Asserts that two numbers differ by at most `tolerance`; by default 1e-7 of the expected one. */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  message?: string,
): void {
  if (Object.is(actual, expected)) return;
  const allowed = tolerance ?? (Number.isFinite(expected) ? Math.abs(expected * 1e-7) : 1e-7);
  const difference = Math.abs(expected - actual);
  assertStrict.ok(
    difference <= allowed,
    message ?? `Expected ${expected} ± ${allowed}, got ${actual} (difference ${difference})`,
  );
}

/** Asserts that `actual` contains `expected`. */
export function assertStringIncludes(actual: string, expected: string, message?: string): void {
  assertStrict.ok(
    actual.includes(expected),
    message ?? `Expected ${JSON.stringify(actual)} to contain ${JSON.stringify(expected)}`,
  );
}

/** Asserts that `actual` matches `expected`. */
export function assertMatch(actual: string, expected: RegExp, message?: string): void {
  assertStrict.match(actual, expected, message);
}

// deno-lint-ignore no-explicit-any
type ErrorClass<E extends Error> = abstract new (...args: any[]) => E;

function check<E extends Error>(error: unknown, errorClass: ErrorClass<E>, part: string): E {
  assertStrict.ok(
    error instanceof errorClass,
    `Expected ${errorClass.name} to be thrown, got ${String(error)}`,
  );
  assertStringIncludes(error.message, part);
  return error;
}

/** Asserts that `run` throws an `errorClass` whose message contains `messageIncludes`; returns it. */
export function assertThrows<E extends Error = Error>(
  run: () => unknown,
  errorClass: ErrorClass<E> = Error as unknown as ErrorClass<E>,
  messageIncludes = "",
): E {
  try {
    run();
  } catch (error) {
    return check(error, errorClass, messageIncludes);
  }
  throw new assertStrict.AssertionError({ message: "Expected function to throw." });
}

/** Asserts that `run`'s promise is rejected with an `errorClass` whose message contains `messageIncludes`. */
export async function assertRejects<E extends Error = Error>(
  run: () => PromiseLike<unknown>,
  errorClass: ErrorClass<E> = Error as unknown as ErrorClass<E>,
  messageIncludes = "",
): Promise<E> {
  try {
    await run();
  } catch (error) {
    return check(error, errorClass, messageIncludes);
  }
  throw new assertStrict.AssertionError({ message: "Expected function to reject." });
}
