import { loadCorpus } from "../corpus/corpus.ts";
import { loadModel } from "../model/load.ts";
import { readMidi } from "../midi/read.ts";
import { corpusFolder, modelFolder, type Run } from "../phases/run.ts";
import type { Roots } from "../phases/settings/shared.ts";
import { Random } from "../random.ts";
import { pitchName } from "../show/notes.ts";
import { nominal, type Plot, plot, quantitative } from "../show/plot.ts";
import { type Displayed, displayed } from "../show/summary.ts";
import { escapeMarkup, numberText } from "../show/text.ts";
import { FIRST, SECOND } from "../show/theme.ts";
import { barsOf } from "../tokens/bars.ts";
import { encodeCombination } from "../tokens/combination.ts";
import { type Frame, isHeld, pitchOf } from "../tokens/frame.ts";
import { decodeFrames } from "../tokens/grid.ts";
import type { Grid, Piece } from "../tokens/piece.ts";
import { tokenize, type TokenizeSettings } from "../tokens/tokenize.ts";
import type { Vocabulary } from "../tokens/vocabulary.ts";
import { inCell } from "./cell.ts";
import { personsPaths } from "./paths.ts";
import { starterCorpus, starterMidi, starterModel } from "./starter.ts";

/** Which bar is looked at, and with whose eyes; one of `corpus` and `model` is needed. */
export interface GlassSettings extends Roots {
  /** Path of a MIDI file. */
  readonly midi: string;
  /** The bar, from 1; an upbeat is bar 0. Default 2. */
  readonly bar?: number;
  /** A corpus: its grid and its numbers of combinations are used. */
  readonly corpus?: string;
  /** A model: it says besides what it expects after the bar. */
  readonly model?: string;
  /** Where the drawing of the next frame starts. Default 1. */
  readonly seed?: number;
}

/** How often the model is asked for the next frame, for its chances to be counted. */
const ASKED = 200;
/** Keys with less of a chance are left out of the picture. */
const LEAST_SHOWN = 0.02;

/**
 * One bar under the glass, step by step: the file's bytes, the notes, the frames, their
 * combinations and numbers; with a model also what it looks back on, its chances for what comes
 * next, and what it chose. Shows itself.
 * @throws {Error} if there is no such file, corpus, model or bar
 * @example
 * ```ts
 * import { underTheGlass } from "../../mod.ts";
 * await underTheGlass({ midi: "data/generated/mine.mid", bar: 2, model: "mine" });
 * ```
 */
export async function underTheGlass(settings: GlassSettings): Promise<void> {
  await inCell({
    work: async (run) => await look(personsPaths(settings), run),
    shows: (shown) => shown,
  });
}

async function look(settings: GlassSettings, run: Run): Promise<Displayed[]> {
  const { midi, bar = 2, corpus, model, seed = 1 } = settings;
  await starterMidi(midi, settings);
  const bytes = await Deno.readFile(midi);
  if (model !== undefined) {
    await starterModel(model, settings, run);
    const loaded = await loadModel(modelFolder(settings, model, "model"), { threads: 1 });
    try {
      const how = loaded.manifest.style.tokenize;
      const seen = barOf(midi, bytes, bar, how);
      const until = { ...seen.piece, frames: seen.piece.frames.slice(0, seen.end) };
      const drawn = loaded.model.next(
        Array.from({ length: ASKED }, () => until),
        { temperature: 1, topK: 0, topP: 1 },
        Array.from({ length: ASKED }, (_, at) => new Random(seed + at)),
      );
      const { window } = loaded.model;
      return [
        chain(bytes, seen, how.grid, loaded.vocabulary, window),
        chances(drawn, seen.piece.frames[seen.end]),
        chosenFrame(drawn[0]!, seen.piece.frames[seen.end], seed),
      ];
    } finally {
      loaded.model.dispose();
    }
  }
  if (corpus === undefined) throw new Error("Cannot look at a bar: give a corpus or a model");
  await starterCorpus(corpus, settings, run);
  const { grid, style, vocabulary } = await loadCorpus(corpusFolder(settings, corpus, "corpus"));
  return [chain(bytes, barOf(midi, bytes, bar, style.tokenize), grid, vocabulary)];
}

interface SeenBar {
  readonly piece: Piece;
  readonly bar: number;
  /** Its first frame, and the one after its last. */
  readonly start: number;
  readonly end: number;
}

function barOf(midi: string, bytes: Uint8Array, number: number, how: TokenizeSettings): SeenBar {
  const { frames, metres } = tokenize(readMidi(bytes), how);
  const bars = barsOf(metres, frames.length, how.grid);
  const index = (bars[0]?.phase ?? 0) > 0 ? number : number - 1;
  const bar = bars[index];
  if (!bar) {
    const last = bars.length - ((bars[0]?.phase ?? 0) > 0 ? 1 : 0);
    throw new RangeError(`Cannot look at bar ${number} of ${midi}: it has bars up to ${last}`);
  }
  const piece = { name: midi, frames, metres };
  return { piece, bar: number, start: bar.start, end: bar.start + bar.frames };
}

/** The keys of a frame. */
function named(frame: Frame): string {
  const keys = frame.map((code) => `${pitchName(pitchOf(code))}${isHeld(code) ? " held" : ""}`);
  return keys.join(", ") || "nothing";
}

const BYTES = 48;
const CELL = "padding:0.1em 1em 0.1em 0;text-align:left;background:none;color:inherit;border:0;" +
  "vertical-align:top;white-space:nowrap";

function chain(
  bytes: Uint8Array,
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
    [
      `1. The file: ${numberText(bytes.length)} bytes, beginning with`,
      `<code style="color:inherit;background:none">${hex.join(" ")} …</code>`,
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
      "4. What the model looks back on",
      `<p style="margin:0">The last ${
        Math.min(window, end)
      } frames, to the end of this bar: what comes now is for it to say.</p>`,
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

/** How often each key is struck or held in the frames that the model chose. */
function chances(drawn: readonly Frame[], real: Frame | undefined): Plot {
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
    title: "5. Its chances for the next frame, key by key",
    width: { step: 26 },
    height: 160,
    data: { values },
    mark: { type: "bar", tooltip: true },
    encoding: {
      x: { field: "note", type: "nominal", sort: names, axis: { title: "key", labelAngle: 0 } },
      y: quantitative("share", { axis: { title: "chance", format: ".0%", tickCount: 4 } }),
      color: nominal("how", {
        scale: { domain: ["struck", "held"], range: [SECOND, FIRST] },
        legend: { title: null, orient: "top" },
      }),
    },
  };
  const likely = values.toSorted((a, b) => b.share - a.share).slice(0, 4)
    .map(({ note, how, share }) => `${note} ${how} ${Math.round(100 * share)} %`);
  const wrote = real ? `; the piece has ${encodeCombination(real) || "a rest"}` : "";
  return plot(spec, `Chances for the next frame: ${likely.join(", ") || "a rest"}${wrote}`);
}

function chosenFrame(frame: Frame, real: Frame | undefined, seed: number): Displayed {
  const came = real === undefined ? "" : ` In the piece itself came: ${named(real)}.`;
  const text = `6. Chosen by chance (seed ${seed}): ${named(frame)}.${came}`;
  return displayed(`<b>${escapeMarkup(text)}</b>`, text);
}
