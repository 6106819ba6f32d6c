import { decodeFrames } from "../tokens/grid.ts";
import type { Grid } from "../tokens/piece.ts";
import type { SeenBar } from "./glass.ts";
import { pitchName } from "./notes.ts";
import { type Plot, plot, quantitative } from "./plot.ts";
import { FIRST, INK } from "./theme.ts";

/** Lowest key of a piano, number of its keys, and semitones of an octave. */
const LOWEST = 21, KEYS = 88, OCTAVE = 12;

/** Levels below this share of the loudest are left out; those above are drawn in so many shades. */
const LEAST = 0.6, SHADES = 4;

/**
 * Spectrum of a recorded bar, key by key over its beats, with the transcribed notes as outlines.
 * @param levels 0 to 1, [columns, 88 keys]; columns share the bar evenly
 */
export function spectrumPlot(
  levels: Float32Array,
  { piece, bar, start, end }: SeenBar,
  { attacks, steps }: Grid,
): Plot {
  const columns = levels.length / KEYS, beats = (end - start) / steps;
  const notes = decodeFrames(piece.frames, attacks)
    .filter((note) => note.start < end && note.end > start)
    .map(({ pitch, start: from, end: to }) => ({
      note: pitchName(pitch),
      ...{ low: pitch - 0.5, high: pitch + 0.5 },
      ...{
        from: Math.max(0, from - start) / steps + 1,
        to: (Math.min(end, to) - start) / steps + 1,
      },
    }));
  const pitches = notes.map(({ low }) => low + 0.5);
  const lowest = Math.max(LOWEST, Math.min(60, ...pitches) - OCTAVE / 2);
  const highest = Math.min(LOWEST + KEYS - 1, Math.max(72, ...pitches) + OCTAVE);
  const cells = Array.from(levels, (level, i) => ({ level, i })).flatMap(({ level, i }) => {
    const column = Math.floor(i / KEYS), pitch = LOWEST + i % KEYS;
    if (level < LEAST || pitch < lowest || pitch > highest) return [];
    const shade = Math.ceil((level - LEAST) / (1 - LEAST) * SHADES) / SHADES;
    const at = (c: number) => Number((c / columns * beats + 1).toFixed(3));
    return [{ from: at(column), to: at(column + 1), low: pitch - 0.5, high: pitch + 0.5, shade }];
  });
  const octaves = Array.from({ length: KEYS }, (_, key) => LOWEST + key)
    .filter((pitch) => pitch % OCTAVE === 0 && pitch >= lowest && pitch <= highest);
  const names = octaves.map((pitch) => `datum.value == ${pitch} ? '${pitchName(pitch)}'`);
  const place = {
    x: quantitative("from", {
      scale: { domain: [1, beats + 1], nice: false },
      axis: { title: "beat", tickMinStep: 1, grid: false },
    }),
    x2: { field: "to" },
    y: quantitative("low", {
      scale: { domain: [lowest - 0.5, highest + 0.5], nice: false },
      axis: { title: "key", values: octaves, labelExpr: `${names.join(" : ")} : ''` },
    }),
    y2: { field: "high" },
  };
  const spec = {
    title: {
      text: `1. The sound: its spectrum in bar ${bar}`,
      subtitle: "dark where it is loud; transcribed notes are outlined",
    },
    width: 640,
    height: 260,
    layer: [
      {
        data: { values: cells },
        mark: { type: "rect", color: FIRST },
        encoding: {
          ...place,
          opacity: quantitative("shade", {
            scale: { domain: [0, 1], range: [0, 1] },
            legend: null,
          }),
        },
      },
      {
        data: { values: notes },
        mark: { type: "rect", fill: null, stroke: INK, strokeWidth: 1.5 },
        encoding: { ...place, tooltip: [{ field: "note", title: "key" }] },
      },
    ],
  };
  return plot(
    spec,
    `Spectrum of bar ${bar} over ${columns} steps of time, ${notes.length} notes transcribed from it`,
  );
}
