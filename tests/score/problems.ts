import { UNITS } from "../../lib/score/notes.ts";
import type { ScoreSheet, VoiceBar } from "../../lib/score/sheet.ts";

/** What is wrong with the bars of a score: voices that are not full, values that their lengths contradict. */
export function problemsOf({ bars }: ScoreSheet): string[] {
  return bars.flatMap(({ start, length, staves }, bar) =>
    staves.flatMap(({ voices }) =>
      voices.flatMap((voice) => [
        ...voice.flatMap((written) => wrongValue(written).map((what) => `bar ${bar}: ${what}`)),
        ...gaps(voice, start, start + length).map((at) => `bar ${bar}: not full at unit ${at}`),
      ])
    )
  );
}

function wrongValue(
  { start, end, value, dots, tuplet, wholeBar, notes }: VoiceBar[number],
): string[] {
  const plain = 4 * UNITS / value * (2 - 2 ** -dots);
  const told = tuplet ? plain * tuplet.normal / tuplet.actual : plain;
  const pitches = notes.map(({ pitch }) => pitch);
  return [
    ...!wholeBar && Math.abs(told - (end - start)) > 1e-6 ? [`${value} lasts ${end - start}`] : [],
    ...new Set(pitches).size < pitches.length ? [`${pitches} twice in a chord`] : [],
  ];
}

function gaps(voice: VoiceBar, start: number, end: number): number[] {
  const lines = [start, ...voice.map((written) => written.end)];
  return [
    ...voice.flatMap((written, i) => written.start === lines[i] ? [] : [written.start]),
    ...lines.at(-1) === end ? [] : [end],
  ];
}
