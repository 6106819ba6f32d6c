/** Says what is wrong with a value read from JSON; undefined if it is as it must be. */
export type Shape = (value: unknown, where: string) => string | undefined;

/**
 * What a JSON text says, once it has this shape.
 * @param what begins the error: `Cannot read model "mine": its openings.json`
 * @throws {Error} if it is no JSON, or of another shape
 */
export function readJson<T>(text: string, shape: Shape, what: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${what} is damaged: it is no JSON text`, { cause });
  }
  const wrong = shape(value, "");
  if (wrong !== undefined) throw new Error(`${what} is damaged: ${wrong}`);
  return value as T;
}

/** A number from `least` to `most`. */
export function number(least: number, most: number): Shape {
  return (value, where) =>
    typeof value === "number" && value >= least && value <= most
      ? undefined
      : problem(where, value, `a number from ${least} to ${most}`);
}

/** A whole number from `least` to `most`. */
export function whole(least: number, most: number = Number.MAX_SAFE_INTEGER): Shape {
  return (value, where) =>
    Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most
      ? undefined
      : problem(where, value, `a whole number from ${least} to ${most}`);
}

/** A text of at most `most` characters. */
export function text(most: number): Shape {
  return (value, where) =>
    typeof value === "string" && value.length <= most
      ? undefined
      : problem(where, value, `a text of at most ${most} characters`);
}

/** One of these values. */
export function oneOf(...values: readonly (string | number | boolean | null)[]): Shape {
  return (value, where) =>
    values.includes(value as string)
      ? undefined
      : problem(where, value, `one of ${JSON.stringify(values)}`);
}

/** A list of `least` to `most` values of one shape. */
export function list(shape: Shape, most: number, least = 0): Shape {
  return (value, where) => {
    if (!Array.isArray(value) || value.length > most || value.length < least) {
      return problem(where, value, `a list of ${least} to ${most}`);
    }
    for (const [index, each] of value.entries()) {
      const wrong = shape(each, `${where}[${index}]`);
      if (wrong !== undefined) return wrong;
    }
  };
}

/** An object with these fields; it may have others. */
export function fields(shapes: Readonly<Record<string, Shape>>): Shape {
  return (value, where) => {
    if (typeof value !== "object" || value === null) return problem(where, value, "an object");
    for (const [name, shape] of Object.entries(shapes)) {
      const field = Object.hasOwn(value, name)
        ? (value as Record<string, unknown>)[name]
        : undefined;
      const wrong = shape(field, where === "" ? name : `${where}.${name}`);
      if (wrong !== undefined) return wrong;
    }
  };
}

/** A value of one shape, or nothing. */
export function optional(shape: Shape): Shape {
  return (value, where) => value === undefined ? undefined : shape(value, where);
}

function problem(where: string, value: unknown, needed: string): string {
  const found = value === undefined ? "missing" : `${JSON.stringify(value)?.slice(0, 40)}`;
  return `${where || "it"} is ${found}, needed ${needed}`;
}
