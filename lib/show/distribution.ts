import { pitchOf } from "../tokens/frame.ts";
import { decodeFrames } from "../tokens/grid.ts";
import type { Piece } from "../tokens/piece.ts";
import { PITCH_CLASSES } from "../tokens/key.ts";
import { pitchName } from "./notes.ts";
import { octaves } from "./piano_roll.ts";
import { nominal, ordinal, type Plot, plot, quantitative } from "./plot.ts";
import { numberText } from "./text.ts";

/** A set of pieces on one grid. */
interface PieceSet {
  /** Label in the pictures: `corpus`, `generated`. */
  readonly name: string;
  /** The pieces; may be empty. */
  readonly pieces: readonly Pick<Piece, "frames">[];
  /** Whether frames distinguish struck from held notes: `grid.attacks`. */
  readonly attacks: boolean;
}

const HEIGHT = 180;

/** Last class of the polyphony histogram: this many sounding notes or more. */
const MOST_VOICES = 10;

/**
 * Distributions of a set: notes per pitch and per pitch class, and frames per number of sounding
 * notes.
 */
export function distributions({ pieces, attacks }: PieceSet) {
  const pitch = new Array<number>(128).fill(0);
  const pitchClass = new Array<number>(12).fill(0);
  const polyphony = new Array<number>(MOST_VOICES + 1).fill(0);
  const count = (counts: number[], index: number) => counts[index] = (counts[index] ?? 0) + 1;
  let notes = 0;
  let frames = 0;
  for (const piece of pieces) {
    frames += piece.frames.length;
    for (const frame of piece.frames) {
      count(polyphony, Math.min(MOST_VOICES, new Set(frame.map(pitchOf)).size));
    }
    for (const note of decodeFrames(piece.frames, attacks)) {
      notes++;
      count(pitch, note.pitch);
      count(pitchClass, note.pitch % 12);
    }
  }
  const share = (counts: number[], total: number) => counts.map((n) => total > 0 ? n / total : 0);
  return {
    pitch: share(pitch, notes),
    pitchClass: share(pitchClass, notes),
    polyphony: share(polyphony, frames),
    notes,
    frames,
  };
}

/** Histograms of notes per pitch and per pitch class. */
export function pitchPlot(set: PieceSet): Plot {
  const { pitch, pitchClass, notes } = distributions(set);
  const used = pitch.flatMap((share, at) => share > 0 ? [at] : []);
  const lowest = Math.min(...used, 60);
  const highest = Math.max(...used, 72);
  const spec = {
    title: `Notes per pitch: ${set.name}`,
    hconcat: [
      {
        width: 370,
        height: HEIGHT,
        data: {
          values: used.map((at) => ({
            low: at - 0.4,
            high: at + 0.4,
            note: pitchName(at),
            share: pitch[at],
          })),
        },
        mark: "bar",
        encoding: {
          tooltip: shareTooltip("note", "pitch"),
          x: quantitative("low", {
            scale: { domain: [lowest - 1, highest + 1], nice: false, zero: false },
            axis: {
              title: "pitch",
              grid: false,
              values: octaves(lowest, highest),
              labelExpr: "'C' + (datum.value / 12 - 1)",
            },
          }),
          x2: { field: "high" },
          y2: { datum: 0 },
          y: shareAxis("share of notes"),
        },
      },
      {
        width: 170,
        height: HEIGHT,
        data: { values: pitchClass.map((share, at) => ({ class: PITCH_CLASSES[at], share })) },
        mark: "bar",
        encoding: {
          tooltip: shareTooltip("class", "pitch class"),
          x: nominal("class", {
            sort: null,
            axis: { title: "pitch class", labelAngle: 0 },
          }),
          y: shareAxis(null),
        },
      },
    ],
  };
  const common = pitchClass.indexOf(Math.max(...pitchClass));
  const text = notes === 0
    ? `Notes per pitch, ${set.name}: no notes`
    : `Notes per pitch, ${set.name}: ${numberText(notes)} notes from ` +
      `${pitchName(lowest)} to ${pitchName(highest)}, ${PITCH_CLASSES[common]} most often`;
  return plot(spec, text);
}

/** Histogram of polyphony: the number of notes sounding at once. */
export function polyphonyPlot(set: PieceSet): Plot {
  const { polyphony, frames } = distributions(set);
  const mean = polyphony.reduce((sum, share, voices) => sum + share * voices, 0);
  const spec = {
    title: `Notes at once: ${set.name}`,
    width: 320,
    height: HEIGHT,
    data: {
      values: polyphony.map((share, voices) => ({ voices: label(voices, MOST_VOICES), share })),
    },
    mark: "bar",
    encoding: {
      tooltip: shareTooltip("voices", "notes at once"),
      x: ordinal("voices", {
        sort: null,
        axis: { title: "notes sounding at once", labelAngle: 0 },
      }),
      y: shareAxis("share of frames"),
    },
  };
  const text = `Notes at once, ${set.name}: ${mean.toFixed(1)} on average over ` +
    `${numberText(frames)} frames, nothing sounds in ${percent(polyphony[0] ?? 0)}`;
  return plot(spec, text);
}

function shareTooltip(field: string, title: string): object[] {
  return [{ field, title }, { field: "share", title: "share", format: ".1%" }];
}

function shareAxis(title: string | null): object {
  return { field: "share", type: "quantitative", axis: { title, format: ".0%", tickCount: 5 } };
}

function label(value: number, last: number): string {
  return value === last ? `${value}+` : `${value}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}
