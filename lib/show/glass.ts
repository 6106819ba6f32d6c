import { encodeCombination } from "../tokens/combination.ts";
import { type Frame, isHeld, pitchOf } from "../tokens/frame.ts";
import { decodeFrames } from "../tokens/grid.ts";
import type { Grid, Piece } from "../tokens/piece.ts";
import type { Vocabulary } from "../tokens/vocabulary.ts";
import { pitchName } from "./notes.ts";
import { nominal, type Plot, plot, quantitative } from "./plot.ts";
import { type Displayed, displayed } from "./summary.ts";
import { escapeMarkup, numberText } from "./text.ts";
import { PALE_SECOND, SECOND } from "./theme.ts";

/** A bar selected for inspection. */
export interface SeenBar {
  readonly piece: Piece;
  readonly bar: number;
  /** Index among the bars in playing order, from 0. */
  readonly index: number;
  /** First frame, and the frame after the last. */
  readonly start: number;
  readonly end: number;
}

/** Contents of a bar in the source file. */
export interface SourceOfBar {
  readonly bytes: Uint8Array;
  /** Text of the bar in a notated score. */
  readonly text?: string;
  /** Path of the recording that the file was transcribed from. */
  readonly recording?: string;
}

/** Names of the pitches in a frame. */
function named(frame: Frame): string {
  const keys = frame.map((code) => `${pitchName(pitchOf(code))}${isHeld(code) ? " held" : ""}`);
  return keys.join(", ") || "nothing";
}

const BYTES = 48;

/** Maximum number of characters shown of a notated bar. */
const WRITTEN = 4000;
const CELL = "padding:0.1em 1em 0.1em 0;text-align:left;background:none;color:inherit;border:0;" +
  "vertical-align:top;white-space:nowrap";

/**
 * Step-by-step account of a bar's conversion from bytes to numbers.
 * @param window number of past frames that the model sees
 */
export function chain(
  { bytes, text: written, recording }: SourceOfBar,
  { piece, bar, start, end }: SeenBar,
  { attacks, steps }: Grid,
  vocabulary: Vocabulary,
  window?: number,
): Displayed {
  const frames = piece.frames.slice(start, end);
  const notes = decodeFrames(piece.frames, attacks)
    .filter((note) => note.start >= start && note.start < end);
  const hex = [...bytes.subarray(0, BYTES)].map((byte) => byte.toString(16).padStart(2, "0"));
  const noteRows = notes.map(({ pitch, start: from, end: to }) => [
    pitchName(pitch),
    `${pitch}`,
    `${(from - start) / steps + 1}`,
    `${(to - from) / steps}`,
  ]);
  const frameRows = frames.map((frame, at) => {
    const id = vocabulary.id(frame);
    return [
      `${at / steps + 1}`,
      named(frame),
      encodeCombination(frame) || "(rest)",
      id === undefined ? "new" : `${id}`,
      id === undefined ? "never" : `${numberText(vocabulary.count(id))} ×`,
    ];
  });
  const parts: [string, string][] = [
    recording !== undefined
      ? [
        `1. The sound: the spectrum above is of ${recording}`,
        '<p style="margin:0">A network hears in it which keys begin when, and a MIDI file is made of that.</p>',
      ]
      : written === undefined
      ? [
        `1. The file: ${numberText(bytes.length)} bytes, beginning with`,
        `<code style="color:inherit;background:none">${hex.join(" ")} …</code>`,
      ]
      : [
        `1. The file: ${numberText(bytes.length)} bytes, a score, in which the bar is written`,
        `<pre style="color:inherit;background:none;margin:0;max-height:16em;overflow:auto">${
          escapeMarkup(written.slice(0, WRITTEN))
        }</pre>`,
      ],
    [
      `2. Read as notes: those that begin in bar ${bar}`,
      table(["note", "number of the key", "on beat", "beats long"], noteRows),
    ],
    [
      `3. Cut into ${steps} frames a beat, each frame's keys a combination, each combination a number`,
      table(["beat", "sounds", "combination", "its number", "in the music"], frameRows),
    ],
    ...(window === undefined ? [] : [[
      "4. The model's context",
      `<p style="margin:0">The last ${
        Math.min(window, end)
      } frames, to the end of this bar: the model decides what comes next.</p>`,
    ] as [string, string]]),
  ];
  const text = `Bar ${bar} of ${piece.name}: ${bytes.length} bytes → ${notes.length} notes → ` +
    `${frames.length} frames → ${frameRows.map(([, , , id]) => id).join(" ")}`;
  const html = parts.map(([title, body]) =>
    `<div style="margin:0.6em 0;overflow-x:auto"><b>${escapeMarkup(title)}</b><br>${body}</div>`
  ).join("");
  return displayed(html, text);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (tag: string, cells: readonly string[]) =>
    `<tr>${
      cells.map((cell) => `<${tag} style="${CELL}">${escapeMarkup(cell)}</${tag}>`).join("")
    }</tr>`;
  return `<table style="border-collapse:collapse;color:inherit;margin:0.2em 0">` +
    `<thead>${row("th", head)}</thead><tbody>${rows.map((cells) => row("td", cells)).join("")}` +
    `</tbody></table>`;
}

/** Pitches with a lower probability are left out of the picture. */
const LEAST_SHOWN = 0.02;

/** Frequencies with which each pitch is struck or held in frames sampled from the model. */
export function chances(drawn: readonly Frame[], real: Frame | undefined): Plot {
  const counts = new Map<string, { pitch: number; how: string; share: number }>();
  for (const frame of drawn) {
    for (const code of frame) {
      const pitch = pitchOf(code), how = isHeld(code) ? "held" : "struck";
      const key = `${pitch} ${how}`;
      const share = (counts.get(key)?.share ?? 0) + 1 / drawn.length;
      counts.set(key, { pitch, how, share });
    }
  }
  const values = [...counts.values()].filter(({ share }) => share >= LEAST_SHOWN).sort((a, b) =>
    a.pitch - b.pitch
  )
    .map((one) => ({ ...one, note: pitchName(one.pitch), share: Number(one.share.toFixed(3)) }));
  const names = [...new Set(values.map(({ note }) => note))];
  const spec = {
    title: "5. Its probabilities for the next frame, key by key",
    width: { step: 26 },
    height: 160,
    data: { values },
    mark: "bar",
    encoding: {
      tooltip: [
        { field: "note", title: "key" },
        { field: "how", title: "struck or held" },
        { field: "share", title: "probability", format: ".0%" },
      ],
      x: { field: "note", type: "nominal", sort: names, axis: { title: "key", labelAngle: 0 } },
      y: quantitative("share", { axis: { title: "probability", format: ".0%", tickCount: 4 } }),
      color: nominal("how", {
        scale: { domain: ["struck", "held"], range: [SECOND, PALE_SECOND] },
        legend: { title: null, orient: "top" },
      }),
    },
  };
  const likely = values.toSorted((a, b) => b.share - a.share).slice(0, 4)
    .map(({ note, how, share }) => `${note} ${how} ${Math.round(100 * share)} %`);
  const wrote = real ? `; the piece has ${encodeCombination(real) || "a rest"}` : "";
  return plot(spec, `Probabilities for the next frame: ${likely.join(", ") || "a rest"}${wrote}`);
}

/** The sampled frame, and the frame of the piece itself. */
export function chosenFrame(frame: Frame, real: Frame | undefined, seed: number): Displayed {
  const came = real === undefined ? "" : ` The piece itself has: ${named(real)}.`;
  const text = `6. Sampled from these (seed ${seed}): ${named(frame)}.${came}`;
  return displayed(`<b>${escapeMarkup(text)}</b>`, text);
}
