// These functions also run in a page from their own source text, so they call only each other.

/** Cumulative binomial probability P(X ≤ k) for `n` trials with success probability `p`. */
export function binomialAtMost(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  if (k >= n || p <= 0) return 1;
  if (p >= 1) return 0;
  let log = n * Math.log(1 - p), sum = Math.exp(log); // summed term by term
  for (let i = 1; i <= k; i++) {
    log += Math.log((n - i + 1) / i) + Math.log(p / (1 - p));
    sum += Math.exp(log);
  }
  return Math.min(1, sum);
}

/**
 * Confidence bounds of a success probability after `k` successes in `n` trials, each with tail
 * probability `tail` (Clopper and Pearson 1934).
 */
export function chanceBounds(k: number, n: number, tail: number): [low: number, high: number] {
  const crossing = (isBelow: (p: number) => boolean) => {
    let low = 0, high = 1;
    for (let i = 0; i < 50; i++) {
      const middle = (low + high) / 2;
      if (isBelow(middle)) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  };
  return [
    k === 0 ? 0 : crossing((p) => 1 - binomialAtMost(k - 1, n, p) < tail),
    k === n ? 1 : crossing((p) => binomialAtMost(k, n, p) > tail),
  ];
}

/** Verdict of a blind test with `right` correct answers out of `all`. */
export function blindVerdict(right: number, all: number): string {
  if (all === 0) return "No answers yet.";
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  const [low, high] = chanceBounds(right, all, 0.025);
  const guessing = 1 - binomialAtMost(right - 1, all, 0.5);
  const found = `${right} of ${all} right (${percent(right / all)}; ` +
    `95 % interval ${percent(low)} to ${percent(high)}). `;
  if (guessing < 0.05) {
    return `${found}You can tell them apart: guessing gives as many right answers ` +
      `only in ${
        guessing < 0.001 ? "less than 0.1 %" : `${(100 * guessing).toFixed(1)} %`
      } of such tests.`;
  }
  const [, most] = chanceBounds(right, all, 0.05);
  return most < 0.6
    ? `${found}You do not tell them apart 60 % of the time: that is excluded with 95 % confidence.`
    : `${found}Too few answers to decide: a rate of 60 % right answers is not excluded; excluding it ` +
      `takes about 155 answers of somebody who guesses.`;
}
