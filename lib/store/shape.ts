/** Schema of data on disk: checks a value read from JSON, and carries its type for inference. */
export interface Shape<T = unknown> {
  /** Describes the error in `value`, found at `where`; undefined if it has this shape. */
  (value: unknown, where: string): string | undefined;
  /** Type of a value of this shape. Never set: it only exists for {@linkcode TypeOf}. */
  readonly type?: T;
}

/** Type of the values that have a shape. */
type TypeOf<S> = S extends Shape<infer T> ? T : never;

/** Names of the fields that may be missing. */
type OptionalNames<F> = { [N in keyof F]: undefined extends TypeOf<F[N]> ? N : never }[keyof F];

/** Object type with a field for each shape; a field that may be undefined may be missing. */
type FieldsOf<F> =
  & { readonly [N in Exclude<keyof F, OptionalNames<F>>]: TypeOf<F[N]> }
  & { readonly [N in OptionalNames<F>]?: TypeOf<F[N]> };

/**
 * Parses JSON text that must have a given shape.
 * @param what begins the error: `Cannot read model "mine": its openings.json`
 * @throws {Error} if the text is not JSON or has another shape
 */
export function readJson<T>(text: string, shape: Shape<T>, what: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${what} is damaged: it is not JSON`, { cause });
  }
  return checked(value, shape, `${what} is damaged`);
}

/**
 * Checks a value against a shape and returns it with the shape's type.
 * @param what begins the error
 * @throws {Error} if the value has another shape
 */
export function checked<T>(value: unknown, shape: Shape<T>, what: string): T {
  const wrong = shape(value, "");
  if (wrong !== undefined) throw new Error(`${what}: ${wrong}`);
  return value as T; // the only cast: the shape has just checked it
}

/** Number from `least` to `most`. */
export function number(least: number, most: number): Shape<number> {
  return (value, where) =>
    typeof value === "number" && value >= least && value <= most
      ? undefined
      : problem(where, value, `a number from ${least} to ${most}`);
}

/** Whole number from `least` to `most`. */
export function whole(least: number, most: number = Number.MAX_SAFE_INTEGER): Shape<number> {
  return (value, where) =>
    Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most
      ? undefined
      : problem(where, value, `a whole number from ${least} to ${most}`);
}

/** Text of at most `most` characters. */
export function text(most: number): Shape<string> {
  return (value, where) =>
    typeof value === "string" && value.length <= most
      ? undefined
      : problem(where, value, `a text of at most ${most} characters`);
}

/** One of several values. */
export function oneOf<const V extends string | number | boolean | null>(
  ...values: readonly V[]
): Shape<V> {
  return (value, where) =>
    values.includes(value as V)
      ? undefined
      : problem(where, value, `one of ${JSON.stringify(values)}`);
}

/** List of `least` to `most` values of one shape. */
export function list<T>(shape: Shape<T>, most: number, least = 0): Shape<readonly T[]> {
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

/** Two values of one shape. */
export function pair<T>(shape: Shape<T>): Shape<readonly [T, T]> {
  return list(shape, 2, 2) as Shape<unknown> as Shape<readonly [T, T]>;
}

/** Object with these fields; it may have others. */
export function fields<const F extends Readonly<Record<string, Shape>>>(
  shapes: F,
): Shape<FieldsOf<F>> {
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

/** Value of one shape, or nothing. */
export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return (value, where) => value === undefined ? undefined : shape(value, where);
}

function problem(where: string, value: unknown, needed: string): string {
  const found = value === undefined ? "missing" : `${JSON.stringify(value)?.slice(0, 40)}`;
  return `${where || "it"} is ${found}, needed ${needed}`;
}
