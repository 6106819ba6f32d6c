/**
 * A stand-in for `jsr:@std/assert`, with the part of its API that the tests here use, over
 * `node:assert`: JSR cannot be reached everywhere that npm can. Without the `links` entry in
 * `deno.json`, JSR's own package takes its place, and nothing else changes. What passes here passes
 * there: types and failures are the package's own, comparisons are `node:assert`'s strict ones.
 * @module
 */
import assertStrict from "node:assert/strict";

/** What every failed assertion throws. */
export class AssertionError extends Error {
  /** @param options `cause`, as of any error */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AssertionError";
  }
}

/** Lets `node:assert` compare, and throws what JSR's package would. */
function compare(comparison: () => void): void {
  try {
    comparison();
  } catch (cause) {
    throw new AssertionError(cause instanceof Error ? cause.message : String(cause));
  }
}

/** Asserts that `value` is truthy. */
export function assert(value: unknown, message = ""): asserts value {
  if (!value) throw new AssertionError(message);
}

/** Asserts deep strict equality. */
export function assertEquals<T>(actual: T, expected: T, message?: string): void {
  compare(() => assertStrict.deepStrictEqual(actual, expected, message));
}

/** Asserts deep strict inequality. */
export function assertNotEquals<T>(actual: T, expected: T, message?: string): void {
  compare(() => assertStrict.notDeepStrictEqual(actual, expected, message));
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
  if (difference <= allowed) return;
  throw new AssertionError(
    message ?? `Expected ${expected} ± ${allowed}, got ${actual} (difference ${difference})`,
  );
}

/** Asserts that `actual` contains `expected`. */
export function assertStringIncludes(actual: string, expected: string, message?: string): void {
  if (actual.includes(expected)) return;
  throw new AssertionError(
    message ?? `Expected ${JSON.stringify(actual)} to contain ${JSON.stringify(expected)}`,
  );
}

/** Asserts that `actual` matches `expected`. */
export function assertMatch(actual: string, expected: RegExp, message?: string): void {
  if (expected.test(actual)) return;
  throw new AssertionError(message ?? `Expected ${JSON.stringify(actual)} to match ${expected}`);
}

// deno-lint-ignore no-explicit-any
type ErrorClass<E extends Error> = abstract new (...args: any[]) => E;

/** Fails unless what was thrown is of the class, if one is asked for, and its message as asked. */
function checkThrown(error: unknown, errorClass: unknown, part = "", message?: string): void {
  const fail = (problem: string): never => {
    throw new AssertionError(message === undefined ? problem : `${problem}: ${message}`);
  };
  if (typeof errorClass !== "function") return;
  if (!(error instanceof Error)) fail("A value was thrown that is no Error");
  else if (!(error instanceof errorClass)) {
    fail(`Expected ${errorClass.name} to be thrown, got ${error}`);
  } else if (!error.message.includes(part)) {
    fail(`Expected a message with ${JSON.stringify(part)}, got ${JSON.stringify(error.message)}`);
  }
}

/** Asserts that `run` throws; returns what it threw, which may be anything. */
export function assertThrows(run: () => unknown, message?: string): unknown;
/** Asserts that `run` throws an `errorClass` whose message contains `messageIncludes`; returns it. */
export function assertThrows<E extends Error = Error>(
  run: () => unknown,
  errorClass: ErrorClass<E>,
  messageIncludes?: string,
  message?: string,
): E;
export function assertThrows(
  run: () => unknown,
  errorClass?: unknown,
  messageIncludes?: string,
  message?: string,
): unknown {
  try {
    run();
  } catch (error) {
    checkThrown(error, errorClass, messageIncludes, message);
    return error;
  }
  throw new AssertionError(`Expected function to throw: ${message ?? ""}`);
}

/** Asserts that `run`'s promise is rejected; gives what with, which may be anything. */
export function assertRejects(run: () => PromiseLike<unknown>, message?: string): Promise<unknown>;
/** Asserts that `run`'s promise is rejected with an `errorClass` whose message contains `messageIncludes`. */
export function assertRejects<E extends Error = Error>(
  run: () => PromiseLike<unknown>,
  errorClass: ErrorClass<E>,
  messageIncludes?: string,
  message?: string,
): Promise<E>;
export async function assertRejects(
  run: () => PromiseLike<unknown>,
  errorClass?: unknown,
  messageIncludes?: string,
  message?: string,
): Promise<unknown> {
  let promise: PromiseLike<unknown>;
  try {
    promise = run();
  } catch (cause) {
    throw new AssertionError("Function throws when expected to reject", { cause });
  }
  if (typeof promise?.then !== "function") {
    throw new AssertionError("Function returns no promise when expected to reject");
  }
  try {
    await promise;
  } catch (error) {
    checkThrown(error, errorClass, messageIncludes, message);
    return error;
  }
  throw new AssertionError(`Expected function to reject: ${message ?? ""}`);
}
