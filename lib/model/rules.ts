/**
 * Rules that sampling follows beside the model's chances. Each can be switched off; with none, at
 * temperature 1, what is sampled is the model's own distribution.
 *
 * - `note-density`: a logit bias back to the corpus's mean number of sounding and of beginning notes,
 *   the stronger the further the last 32 frames are from it. Where a plan says how full a bar is, it
 *   is off unless asked for.
 * - `longest-silence`: after a silence longer than 99 of 100 in the corpus, a note must begin. With a
 *   plan it is off unless asked for.
 * - `longest-note`: a note that sounds for longer than 999 of 1,000 in the corpus must end.
 * - `no-standstill`: a frame that has stood still for the beats of `stuckAfter`, or a circle of frames
 *   gone round for twice as long, must not go on.
 * - `begin-at-once`: where nothing has sounded yet, the first new frame is no rest.
 * - `as-planned`: a frame in which more or fewer notes begin than a plan says, or with notes outside the
 *   outline of the plan's beat, is drawn anew, eight times at most; then the nearest of them is kept.
 */
export const SAMPLING_RULES = [
  "note-density",
  "longest-silence",
  "longest-note",
  "no-standstill",
  "begin-at-once",
  "as-planned",
] as const;

/** One of {@linkcode SAMPLING_RULES}. */
export type SamplingRule = typeof SAMPLING_RULES[number];

/** Rules that a plan makes superfluous, and those that there is need of a plan for. */
const UNPLANNED: readonly SamplingRule[] = ["note-density", "longest-silence"],
  PLANNED: readonly SamplingRule[] = ["as-planned"];

/**
 * The rules in force.
 * @param without rules that are switched off, by name; `all` for all of them
 * @param planned whether a plan says what bars are like
 * @throws {Error} if there is no rule of a name
 */
export function rulesInForce(without: readonly string[], planned: boolean): SamplingRule[] {
  for (const name of without) {
    if (name !== "all" && !SAMPLING_RULES.some((rule) => rule === name)) {
      throw new Error(
        `Cannot do without rule "${name}": there are ${SAMPLING_RULES.join(", ")}, and all`,
      );
    }
  }
  return without.includes("all")
    ? []
    : SAMPLING_RULES.filter((rule) =>
      !without.includes(rule) && !(planned ? UNPLANNED : PLANNED).includes(rule)
    );
}

/** Bars that are drawn for each that is kept, at most: more at once take much memory. */
export const MOST_BAR_CANDIDATES = 64;
