import {
  evidenceIn,
  findKey,
  findKeys,
  halvesOf,
  INDEPENDENT,
  keyScores,
  lastBassIn,
  LASTING_CHANGE,
} from "../tokens/find_key.ts";
import type { KeyEvidence } from "../tokens/key_likelihood.ts";
import { type Key, KEYS, written, type WrittenKey } from "../tokens/key.ts";
import type { ScoreBar, ScoreMusic, ScoreNote } from "./notes.ts";

/** Written key of a bar, and local key of its music. */
export interface BarKeys {
  /** Key of the signature. */
  readonly key: WrittenKey;
  /** Local key of the passage, used for spelling, in the notation nearest to the signature. */
  readonly local: WrittenKey;
}

/** Cost of a passing modulation, in nats. */
const LOCAL_CHANGE = 40;

/**
 * Likelihood ratio, in nats per half bar, of other keys over those of the file's signature at which
 * the signature is rejected; smaller for one of C major throughout, which many programs write by
 * default.
 */
const CONTRADICTED = 1, CONTRADICTED_USUAL = 0.6;

/**
 * Estimates the keys of a piece. The file's own signatures are kept unless the music contradicts
 * them; without them, signatures follow the likeliest keys and change seldom.
 * @param notes by start
 */
export function keysOf(
  notes: readonly ScoreNote[],
  bars: readonly ScoreBar[],
  signatures: ScoreMusic["signatures"],
): BarKeys[] {
  const halves = halvesOf(bars.map(({ start, length }) => ({ start, end: start + length })));
  const evidence = evidenceIn(notes, halves), lastBass = lastBassIn(notes, halves);
  const perBar = (keys: readonly Key[]) => bars.map((_, bar) => keys[2 * bar]!);
  const found = signedKeys(bars, signatures, evidence, lastBass) ??
    perBar(findKeys(evidence, LASTING_CHANGE, { lastBass })).map((key) => written(key));
  return perBar(findKeys(evidence, LOCAL_CHANGE, { lastBass })).map((local, bar) => ({
    key: found[bar]!,
    local: written(local, found[bar]!.fifths),
  }));
}

/** Keys of the file's own signatures, undefined where it has no plausible ones. */
function signedKeys(
  bars: readonly ScoreBar[],
  signatures: ScoreMusic["signatures"],
  evidence: readonly KeyEvidence[],
  lastBass: number | undefined,
): WrittenKey[] | undefined {
  const isUsual = signatures.every(({ fifths }) => fifths === 0);
  const inForce = bars.map(({ start }) =>
    signatures.findLast((signature) => signature.start <= start) ?? signatures[0]
  );
  const keys: WrittenKey[] = [];
  let misfit = 0, halves = 0;
  for (let from = 0; from < bars.length; from = keys.length) {
    const signature = inForce[from];
    if (signature === undefined) return undefined;
    let end = from;
    while (end < bars.length && inForce[end] === signature) end++;
    const own = evidence.slice(2 * from, 2 * end);
    const scores = keyScores(own);
    const signed = scores.filter((_, key) => {
      const off = written(KEYS[key]!, signature.fifths).fifths - signature.fifths;
      return Math.abs(off) <= (isUsual ? 0 : 1); // modes were written with a neighbouring signature
    });
    const weight = own.length / Math.min(own.length, INDEPENDENT);
    misfit += weight * (Math.max(...scores) - Math.max(...signed));
    halves += own.length;
    const key = findKey(own, { signature, lastBass: end === bars.length ? lastBass : undefined });
    keys.push(...bars.slice(from, end).map(() => ({ ...key, fifths: signature.fifths })));
  }
  const most = (isUsual ? CONTRADICTED_USUAL : CONTRADICTED) * halves;
  if (misfit > most) return undefined;
  return keys;
}
