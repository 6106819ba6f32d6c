import { type Metre, type Score, type ScoreSection, type Voice, voices } from "./score.ts";

/** Default velocities: the melody slightly louder than the accompaniment. */
const defaultVelocities: Readonly<Record<Voice, number>> = {
  R: 84,
  R2: 72,
  R3: 72,
  L: 68,
  L2: 68,
  L3: 68,
};

const required = ["composer", "title", "work", "key", "source", "metre", "tempo"] as const;

/** Names of headings, before the colon. */
export const headings: readonly string[] = [...required, "order", "velocity"];

/** Reads a metre such as `3/4`; undefined for anything else. */
export function readMetre(text: string): Metre | undefined {
  const match = /^([1-9]\d?)\/(1|2|4|8|16|32)$/.exec(text);
  return match ? { numerator: Number(match[1]), denominator: Number(match[2]) } : undefined;
}

/**
 * Assembles a score from its headings and sections.
 *
 * @throws {SyntaxError} when a heading is missing or says what cannot be
 */
export function assemble(
  file: string,
  header: ReadonlyMap<string, string>,
  sections: readonly ScoreSection[],
): Score {
  for (const heading of required) {
    if (!header.get(heading)) refuse(file, 1, `found no heading "${heading}"; needed it`);
  }
  const beatsPerMinute = Number(header.get("tempo"));
  if (!(beatsPerMinute >= 20 && beatsPerMinute <= 400)) {
    const found = `tempo "${header.get("tempo")}"`;
    refuse(file, 1, `found ${found}; needed quarter notes per minute, 20 to 400`);
  }
  if (sections.length === 0) refuse(file, 1, "found no bars; needed at least one");
  const empty = sections.find(({ bars }) => bars.length === 0);
  if (empty) refuse(file, 1, `found no bars in section [${empty.name}]; needed at least one`);
  return {
    file,
    composer: header.get("composer")!,
    title: header.get("title")!,
    work: header.get("work")!,
    key: header.get("key")!,
    source: header.get("source")!,
    beatsPerMinute,
    velocities: readVelocities(file, header.get("velocity")),
    sections,
    order: readOrder(file, header.get("order"), sections.map(({ name }) => name)),
  };
}

function readOrder(
  file: string,
  text: string | undefined,
  names: readonly string[],
): readonly string[] {
  const order = text?.split(/\s+/) ?? names;
  const unknown = order.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    refuse(file, 1, `found "${unknown}" in the order; needed a section: ${names.join(", ")}`);
  }
  const unplayed = names.find((name) => !order.includes(name));
  if (unplayed) {
    refuse(file, 1, `found section [${unplayed}] but not in the order; needed it there`);
  }
  return order;
}

function readVelocities(
  file: string,
  text: string | undefined,
): Readonly<Record<Voice, number>> {
  const velocities = { ...defaultVelocities };
  const words = text?.split(/\s+/) ?? [];
  for (let i = 0; i < words.length; i += 2) {
    const voice = voices.find((name) => name === words[i]);
    const velocity = Number(words[i + 1]);
    if (!voice || !(Number.isInteger(velocity) && velocity >= 1 && velocity <= 127)) {
      const found = `velocity "${words.slice(i, i + 2).join(" ")}"`;
      refuse(file, 1, `found ${found}; needed a voice and 1 to 127, e.g. "R 80 L 64"`);
    }
    velocities[voice] = velocity;
  }
  return velocities;
}

/**
 * Throws an error with what was found and needed at a line of a file, counted from 1.
 * @throws {SyntaxError} always
 */
export function refuse(file: string, line: number, message: string, cause?: unknown): never {
  throw new SyntaxError(`Cannot read score ${file}:${line}: ${message}`, { cause });
}
