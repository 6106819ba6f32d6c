import { jaccard } from "../../numbers.ts";
import { type Frame, isHeld, pitchOf } from "../../tokens/frame.ts";
import { copiedBeats, copiedText, type CopyCheck } from "../candidates.ts";
import type { Filling } from "./particles.ts";
import type { Prepared } from "./prepare.ts";
import type { Scope } from "./scope.ts";

/** The filling that is kept, and what spoke against it and the others. */
export interface ChosenFilling {
  readonly filling: Filling;
  /** What speaks against this one; empty unless something spoke against all. */
  readonly problems: readonly string[];
  /** What spoke against each of the others that was dropped. */
  readonly dropped: readonly string[];
}

/** A filling that has this share of its notes in common with what stood there is not new. */
const AS_BEFORE = 0.7;

/**
 * Keeps the best filling of those that are new music: not as before, and not copied.
 * @param fillings the best first, at least one
 */
export function chooseFilling(
  fillings: readonly Filling[],
  prepared: Prepared,
  scope: Scope,
  checks: CopyCheck,
): ChosenFilling {
  const judged = fillings.map((filling) => ({
    filling,
    problems: problemsOf(filling, prepared, scope, checks),
  })).sort((a, b) => a.problems.length - b.problems.length); // stable: else the best first
  const [best, ...others] = judged;
  return {
    ...best!,
    dropped: others.flatMap(({ problems }) => problems.length > 0 ? [problems.join("; ")] : []),
  };
}

function problemsOf(
  { frames }: Filling,
  { was, kept, from, end }: Prepared,
  scope: Scope,
  checks: CopyCheck,
): string[] {
  if (scope.kind === "share") return []; // it is to be like what it was
  const given = struck(kept.frames.slice(from, end));
  const [before, now] = [was.frames.slice(from, end), frames].map((each) =>
    struck(each).difference(given)
  ) as [Set<number>, Set<number>];
  const copied = copiedBeats(frames, checks);
  return [
    ...jaccard(before, now) >= AS_BEFORE ? ["as before"] : [],
    ...copied > 0 ? [copiedText(copied)] : [],
  ];
}

/** The notes that begin, as frame · 128 + pitch. */
function struck(frames: readonly Frame[]): Set<number> {
  return new Set(
    frames.flatMap((frame, t) =>
      frame.filter((code) => !isHeld(code)).map((code) => t * 128 + pitchOf(code))
    ),
  );
}
