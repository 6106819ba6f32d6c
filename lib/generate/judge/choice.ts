import { mean } from "../../numbers.ts";
import { bestOf, judge, type Verdict } from "./judge.ts";
import type { Criteria, Judged } from "./term.ts";
import { TERMS } from "./terms.ts";

/** Result of a choice among candidates. */
export interface Choice {
  /** The judge's verdict on each candidate. */
  readonly verdicts: readonly Verdict[];
  /** Index of the kept candidate. */
  readonly best: number;
}

/** Chooses among candidates, of which there must be at least one. */
export function choose(music: readonly Judged[], criteria: Criteria): Choice {
  const verdicts = music.map((each) => judge(each, criteria));
  return { verdicts, best: bestOf(verdicts) };
}

/** Objections to candidates, in words. */
export interface Objections {
  /** Objections to the kept one; empty unless there were objections to all. */
  readonly problems: readonly string[];
  /** Objections to each of the others, where there were any. */
  readonly dropped: readonly string[];
}

/** Objections to the kept candidate, and to the rest. */
export function objectionsOf({ verdicts, best }: Choice): Objections {
  const others = verdicts.filter(({ problems }, i) => i !== best && problems.length > 0);
  return {
    problems: verdicts[best]!.problems,
    dropped: others.map(({ problems }) => problems.join("; ")),
  };
}

/** Mean value of one of the judge's terms, over kept candidates and over all candidates. */
export interface TermMeans {
  /** Name of the term. */
  readonly name: string;
  /** Description of its value. */
  readonly words: string;
  readonly kept: number;
  readonly all: number;
}

/** Why music was kept: means of the judge's terms beside those of all candidates. */
export function whyKept(choices: readonly Choice[]): TermMeans[] {
  return TERMS.flatMap(({ name, words }) => {
    const valuesOf = (verdicts: readonly Verdict[]) =>
      verdicts.flatMap(({ values }) => values[name] ?? []);
    const all = choices.flatMap(({ verdicts }) => valuesOf(verdicts));
    if (all.length === 0) return [];
    const kept = choices.flatMap(({ verdicts, best }) => valuesOf([verdicts[best]!]));
    return [{ name, words, kept: mean(kept), all: mean(all) }];
  });
}

/** The same on one line: `plan 1.21 (of all 1.64), close 0 (0.5)`. */
export function whyText(terms: readonly TermMeans[]): string {
  const shown = (value: number) => `${Number(value.toFixed(2))}`;
  return terms.map(({ name, kept, all }, index) =>
    `${name} ${shown(kept)} (${index === 0 ? "of all " : ""}${shown(all)})`
  ).join(", ");
}
