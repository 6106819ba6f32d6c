/**
 * Sampling rules applied besides the model's probabilities. Each can be switched off; with none, at
 * temperature 1, samples follow the model's own distribution.
 *
 * - `note-density`: a logit bias towards the corpus's mean numbers of sounding notes and of onsets,
 *   the stronger the further the last 32 frames deviate. Off by default where a plan gives the note
 *   density of a bar.
 * - `longest-silence`: after a silence longer than 99 of 100 in the corpus, a note must begin. Off
 *   by default with a plan.
 * - `longest-note`: a note that sounds for longer than 999 of 1,000 in the corpus must end.
 * - `no-standstill`: a frame repeated for the beats of `stuckAfter`, or a loop of frames repeated
 *   for twice as long, must not continue.
 * - `begin-at-once`: as long as nothing has sounded yet, the first new frame must not be a rest.
 * - `as-planned`: a frame with more or fewer onsets than planned, or with notes outside the pitch
 *   envelope of the plan's beat, is resampled up to eight times; then the nearest attempt is kept.
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

/** Rules that a plan makes superfluous, and rules that require a plan. */
const UNPLANNED: readonly SamplingRule[] = ["note-density", "longest-silence"],
  PLANNED: readonly SamplingRule[] = ["as-planned"];

/**
 * Rules in force.
 * @param without rules that are switched off, by name; `all` for all of them
 * @param planned whether there is a plan of the bars
 * @throws {Error} if a name is not that of a rule
 */
export function rulesInForce(without: readonly string[], planned: boolean): SamplingRule[] {
  for (const name of without) {
    if (name !== "all" && !SAMPLING_RULES.some((rule) => rule === name)) {
      throw new Error(
        `Cannot disable rule "${name}": needed one of ${SAMPLING_RULES.join(", ")}, or all`,
      );
    }
  }
  return without.includes("all")
    ? []
    : SAMPLING_RULES.filter((rule) =>
      !without.includes(rule) && !(planned ? UNPLANNED : PLANNED).includes(rule)
    );
}

/** Maximum number of candidate bars sampled for each bar kept, to limit memory. */
export const MOST_BAR_CANDIDATES = 64;
