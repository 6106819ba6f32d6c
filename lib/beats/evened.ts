import { median } from "../numbers.ts";
import { type Events, logSeconds } from "./events.ts";

/** Width of the bell curve that smooths the tempo, in beats. */
const WIDTH = 2;

/**
 * Events with the tempo evened out: time stretched so that beats found before come at their median
 * period, as if the same notes were played steadily.
 * @param beats in seconds; at least two
 */
export function evened(events: Events, beats: readonly number[]): Events {
  const rates = ratesOf(beats), last = rates.length - 1, { size, time, spread } = events;
  const starts = [beats[0]!];
  rates.forEach((rate, i) => starts.push(starts[i]! + (beats[i + 1]! - beats[i]!) * rate));
  const out = { time: new Float64Array(size), spread: spread.slice() };
  const longest = events.longest.slice(), mean = events.mean.slice();
  for (let i = 0, k = 0; i < size; i++) {
    while (k < last && beats[k + 1]! <= time[i]!) k++;
    const rate = rates[k]!;
    out.time[i] = starts[k]! + (time[i]! - beats[k]!) * rate;
    out.spread[i]! *= rate;
    longest[i] = logSeconds(Math.exp(longest[i]!) * rate);
    mean[i] = logSeconds(Math.exp(mean[i]!) * rate);
  }
  return { ...events, ...out, longest, mean };
}

/** Ratio of the median period to that around each beat, smoothed. */
function ratesOf(beats: readonly number[]): number[] {
  const periods = beats.slice(1).map((beat, i) => Math.log(beat - beats[i]!));
  const usual = median(periods)!, reach = 2 * WIDTH;
  return periods.map((_, i) => {
    let sum = 0, all = 0;
    for (let k = -reach; k <= reach; k++) {
      const weight = Math.exp(-0.5 * (k / WIDTH) ** 2);
      sum += weight * periods[Math.min(periods.length - 1, Math.max(0, i + k))]!;
      all += weight;
    }
    return Math.exp(usual - sum / all);
  });
}
