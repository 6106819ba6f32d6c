import { basename } from "node:path";
import { isUpbeat } from "../tokens/bars.ts";
import { decodeFrames, type GridNote } from "../tokens/grid.ts";
import type { Grid, Metre, Piece } from "../tokens/piece.ts";
import { pitchName } from "./notes.ts";
import { nominal, type Plot, plot, quantitative } from "./plot.ts";
import { numberText } from "./text.ts";
import { FIRST, GRID, INK, SECOND } from "./theme.ts";

/** Drawing options for the piano roll of a MIDI file. */
export interface MidiRollOptions {
  /** Width of the drawing area in pixels, without axes. Default: 600. */
  readonly width?: number;
  /** Height of the drawing area in pixels, without axes. Default: enough for its pitches. */
  readonly height?: number;
  /** Grid steps per quarter note for quantizing the notes in the picture. Default 4. */
  readonly stepsPerBeat?: number;
  /** Number of primer frames at the start, drawn in another colour. Default: 0. */
  readonly primerFrames?: number;
  /** First frame drawn. Default: 0. */
  readonly from?: number;
  /** Maximum number of frames drawn. Default: 256. */
  readonly frames?: number;
  /** Title. Default: the piece's name. */
  readonly title?: string;
}

/** Drawing options for the piano roll of a piece. */
interface PianoRollOptions extends Omit<MidiRollOptions, "stepsPerBeat"> {
  /** Grid of the piece: gives the frame duration and whether repeated notes are distinguished. */
  readonly grid: Grid;
  /** Whether the piece is generated, and has the colour of such music. Default false. */
  readonly isGenerated?: boolean;
}

/**
 * Piano roll: notes as bars over time, one row per pitch. The head of every bar is darker, so that
 * repeated notes are visible; lines mark bars where the metre is known, seconds otherwise.
 * @param piece a piece of a corpus, or generated music
 */
export function pianoRoll(piece: Piece, options: PianoRollOptions): Plot {
  const { grid, primerFrames = 0, from = 0, frames = 256, width = 600 } = options;
  const isGenerated = options.isGenerated ?? primerFrames > 0;
  const to = Math.min(piece.frames.length, from + frames);
  const notes = decodeFrames(piece.frames, grid.attacks).filter((note) =>
    note.start < to && note.end > from
  );
  const { lowest, highest } = pitchRange(notes);
  const time = timeAxis(piece.metres, grid, from, to);
  const head = Math.min(HEAD_FRAMES, HEAD_PIXELS * Math.max(1, to - from) / width);
  const spec = {
    title: {
      text: options.title ?? basename(piece.name),
      ...(to - from < piece.frames.length
        ? {
          subtitle: `${time.span} of ${time.of(piece.frames.length)}`,
        }
        : {}),
    },
    width,
    height: options.height ?? Math.min(360, Math.max(140, (highest - lowest + 1) * 7)),
    data: {
      values: notes.map(({ pitch, start, end }) => ({
        start: Math.max(start, from),
        end: Math.min(end, to),
        low: pitch - 0.45,
        high: pitch + 0.45,
        note: pitchName(pitch),
        part: isGenerated && start >= primerFrames ? "new" : "start",
        ...(start >= from ? { head: Math.min(end, start + head) } : {}),
      })),
    },
    encoding: {
      x: quantitative("start", {
        scale: { domain: [from, to], nice: false, zero: false },
        axis: time.axis,
      }),
      y: quantitative("low", {
        scale: { domain: [lowest - 1, highest + 1], nice: false, zero: false },
        axis: {
          title: "pitch",
          values: octaves(lowest - 1, highest + 1),
          labelExpr: "'C' + (datum.value / 12 - 1)",
        },
      }),
      y2: { field: "high" },
    },
    layer: [...noteLayers(isGenerated, primerFrames), ...primerLine(primerFrames, from, to)],
  };
  return plot(spec, rollText(piece, notes, time.span, primerFrames, lowest, highest));
}

function rollText(
  piece: Piece,
  notes: readonly GridNote[],
  span: string,
  primerFrames: number,
  lowest: number,
  highest: number,
): string {
  const name = basename(piece.name);
  if (notes.length === 0) return `Piano roll of ${name}, ${span}: nothing sounds`;
  const primer = primerFrames > 0 ? `, the first ${primerFrames} frames are the primer` : "";
  return `Piano roll of ${name}, ${span}: ${numberText(notes.length)} notes ` +
    `from ${pitchName(lowest)} to ${pitchName(highest)}${primer}`;
}

function pitchRange(notes: readonly GridNote[]): { lowest: number; highest: number } {
  if (notes.length === 0) return { lowest: 60, highest: 72 };
  const pitches = notes.map((note) => note.pitch);
  return {
    lowest: pitches.reduce((a, b) => Math.min(a, b)),
    highest: pitches.reduce((a, b) => Math.max(a, b)),
  };
}

/** Pitches of all Cs in a range. */
export function octaves(low: number, high: number): number[] {
  const values = [];
  for (let pitch = Math.ceil(low / 12) * 12; pitch <= high; pitch += 12) values.push(pitch);
  return values;
}

/** Width of a note's head: this share of a frame, but at most so many pixels. */
const HEAD_FRAMES = 0.5, HEAD_PIXELS = 3;

function partColour(isGenerated: boolean, primerFrames: number): object {
  if (!isGenerated || primerFrames <= 0) return { value: isGenerated ? SECOND : FIRST };
  return nominal("part", {
    scale: { domain: ["start", "new"], range: [FIRST, SECOND] },
    legend: { title: null, orient: "top", symbolType: "square", symbolOpacity: 1 },
  });
}

/** Layers of note bars: each paler than its head, where the key is struck. */
function noteLayers(isGenerated: boolean, primerFrames: number): object[] {
  const color = partColour(isGenerated, primerFrames);
  return [
    {
      mark: { type: "rect", opacity: 0.6, clip: true },
      encoding: { x2: { field: "end" }, color, tooltip: [{ field: "note", title: "note" }] },
    },
    {
      transform: [{ filter: "isValid(datum.head)" }],
      mark: { type: "rect", opacity: 1, clip: true },
      encoding: { x2: { field: "head" }, color },
    },
  ];
}

function primerLine(primerFrames: number, from: number, to: number): object[] {
  if (primerFrames <= from || primerFrames >= to) return [];
  return [{
    data: { values: [{}] },
    mark: { type: "rule", strokeDash: [4, 3], color: INK },
    encoding: { x: { datum: primerFrames }, y: { value: 0 }, y2: { value: "height" } },
  }];
}

/** Time axis for frames `from` to `to`, and this range in words. */
function timeAxis(
  metres: readonly Metre[],
  grid: Grid,
  from: number,
  to: number,
): { axis: object; span: string; of: (frames: number) => string } {
  const bars = barLines(metres, from, to);
  const first = bars[0];
  const last = bars.at(-1);
  if (first && last) {
    const every = labelEvery(bars.length);
    const labelled = bars.filter(({ bar }) => every === 1 || bar % every === 1);
    const names = Object.fromEntries(labelled.map(({ frame, bar }) => [frame, `${bar}`]));
    const axis = {
      title: "bar",
      values: (bars.length <= 64 ? bars : labelled).map(({ frame }) => frame),
      labelExpr: `${JSON.stringify(names)}[datum.value] || ''`,
      labelOverlap: false,
      gridColor: GRID,
    };
    return {
      axis,
      span: `bars ${first.bar} to ${last.bar}`,
      of: (frames) => numberText(barLines(metres, 0, frames).at(-1)?.bar ?? 0),
    };
  }
  const perUnit = grid.steps;
  const unit = grid.unit === "beat" ? "beats" : "seconds";
  const every =
    [0.5, 1, 2, 5, 10, 20, 30, 60].find((units) => (to - from) / perUnit / units <= 16) ?? 120;
  const values = [];
  for (let at = Math.ceil(from / perUnit / every) * every; at * perUnit <= to; at += every) {
    values.push(at * perUnit);
  }
  const axis = { title: unit, values, labelExpr: `format(datum.value / ${perUnit}, '~g')` };
  const text = (frame: number) => (frame / perUnit).toFixed(frame % perUnit === 0 ? 0 : 1);
  return { axis, span: `${unit} ${text(from)} to ${text(to)}`, of: text };
}

function labelEvery(bars: number): number {
  return [1, 2, 4, 8, 16, 32, 64].find((every) => bars / every <= 24) ?? 128;
}

/**
 * Bar lines between frames `from` (included) and `to` (excluded), with bar numbers as counted by
 * {@linkcode firstBarNumber}.
 */
export function barLines(
  metres: readonly Metre[],
  from: number,
  to: number,
): { frame: number; bar: number }[] {
  const lines: { frame: number; bar: number }[] = [];
  let bar = 1;
  metres.forEach((metre, index) => {
    const { frame, stepsPerBar, phase } = metre;
    const end = Math.min(metres[index + 1]?.frame ?? to, to);
    if (index === 0 && phase > 0 && !isUpbeat(metre)) {
      if (frame >= from && frame < end) lines.push({ frame, bar });
      bar++;
    }
    const firstLine = phase === 0 ? frame : frame + stepsPerBar - phase;
    for (let i = 0, line = firstLine; line < end; i++, line = firstLine + i * stepsPerBar) {
      if (line >= from) lines.push({ frame: line, bar });
      bar++;
    }
  });
  return lines;
}
