import type { Criteria, Judged } from "./term.ts";
import { TERMS } from "./terms.ts";

/** Scores of some music, by all terms. */
export interface Verdict {
  /** Values of the terms that had their inputs, by name. */
  readonly values: Readonly<Record<string, number>>;
  /** Weighted sum of the hard terms; 0 if there are no objections. */
  readonly hard: number;
  /** Weighted sum of the soft terms. */
  readonly soft: number;
  /** Objections of the hard terms, in words. */
  readonly problems: readonly string[];
}

/** Judges music by all terms. */
export function judge(judged: Judged, criteria: Criteria): Verdict {
  const values: Record<string, number> = {}, problems: string[] = [];
  let hard = 0, soft = 0;
  for (const term of TERMS) {
    const weight = term.weight(criteria);
    const found = weight === 0 ? undefined : term.of(judged, criteria);
    if (!found) continue;
    values[term.name] = found.value;
    problems.push(...found.problems ?? []);
    if (term.hard) hard += weight * found.value;
    else soft += weight * found.value;
  }
  return { values, hard, soft, problems };
}

/** Indices of verdicts from the best on: least hard sum, then least soft sum, then first. */
export function ranking(verdicts: readonly Pick<Verdict, "hard" | "soft">[]): number[] {
  return [...verdicts.keys()].sort((a, b) => {
    const one = verdicts[a]!, other = verdicts[b]!;
    return one.hard - other.hard || one.soft - other.soft || a - b;
  });
}

/** Index of the best verdict. */
export function bestOf(verdicts: readonly Pick<Verdict, "hard" | "soft">[]): number {
  return ranking(verdicts)[0]!;
}
