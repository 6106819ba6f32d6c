import { mean } from "../numbers.ts";
import { bestOf, type Criteria, judge, type Judged, TERMS, type Verdict } from "./judge.ts";

/** What was chosen among some music. */
export interface Choice {
  /** What the judge says of each. */
  readonly verdicts: readonly Verdict[];
  /** Which one was kept. */
  readonly best: number;
}

/** Chooses among some music, of which there is at least one. */
export function choose(music: readonly Judged[], criteria: Criteria): Choice {
  const verdicts = music.map((each) => judge(each, criteria));
  return { verdicts, best: bestOf(verdicts) };
}

/** What spoke against music, in words. */
export interface Objections {
  /** Against what was kept; empty unless something spoke against all. */
  readonly problems: readonly string[];
  /** Against each of the others against which something spoke. */
  readonly dropped: readonly string[];
}

/** What spoke against what was kept, and against the rest. */
export function objectionsOf({ verdicts, best }: Choice): Objections {
  const others = verdicts.filter(({ problems }, i) => i !== best && problems.length > 0);
  return {
    problems: verdicts[best]!.problems,
    dropped: others.map(({ problems }) => problems.join("; ")),
  };
}

/** Mean value of one of the judge's terms, in what was kept and in all that it was chosen from. */
export interface TermMeans {
  /** Name of the term. */
  readonly name: string;
  /** What its value is. */
  readonly words: string;
  readonly kept: number;
  readonly all: number;
}

/** Why music was kept: what the judge's terms say of it beside what it was chosen from. */
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

/** The same in a line: `plan 1.21 (of all 1.64), close 0 (0.5)`. */
export function whyText(terms: readonly TermMeans[]): string {
  const shown = (value: number) => `${Number(value.toFixed(2))}`;
  return terms.map(({ name, kept, all }, index) =>
    `${name} ${shown(kept)} (${index === 0 ? "of all " : ""}${shown(all)})`
  ).join(", ");
}
