import { basename, dirname, join } from "node:path";
import { type PlayerOptions, soundOf } from "../audio/player.ts";
import { auditionPage, type Variant } from "../show/audition.ts";
import { barLines } from "../show/piano_roll.ts";
import { heardOf } from "../show/sounding.ts";
import { readAsMidi } from "../store/music_files.ts";
import { writeTogether } from "../store/write.ts";
import { isHeld } from "../tokens/frame.ts";
import { decodeFrames } from "../tokens/grid.ts";
import type { GeneratedPiece } from "./generate.ts";
import { listen } from "./on_demand.ts";
import { ifPossible, type Run, takeBreath } from "./run.ts";
import type { DuetSettings } from "./settings/duet.ts";
import type { GenerateSettings } from "./settings/generate.ts";

/** A generated piece to be compared with others. */
export interface Auditioned {
  /** The result of {@linkcode generate}. */
  readonly piece: GeneratedPiece;
  /** Short description of how it was made. */
  readonly made: string;
  /** Path of the changed MIDI file, if it is a change. */
  readonly source?: string | undefined;
  /** Whether its model was adapted from another one. */
  readonly isAdapted?: boolean;
}

/**
 * Generated pieces with their audio: each gets a WAV file beside it, as from {@linkcode listen}.
 * Where the piano is unavailable, they come without audio, and `onMessage` says why.
 */
export async function variantsOf(
  pieces: readonly Auditioned[],
  options: Pick<PlayerOptions, "seconds" | "kilobits">,
  run: Run = {},
): Promise<Variant[]> {
  const variants: Variant[] = [];
  for (const [at, { piece, made, source, isAdapted }] of pieces.entries()) {
    run.signal?.throwIfAborted();
    const midi = await Deno.readFile(piece.midi), { metres, frames } = piece.piece;
    const [first] = barLines(metres, 0, frames.length);
    variants.push({
      name: nameOf(piece),
      made,
      midi,
      primerSeconds: primerSeconds(piece, midi),
      firstBar: first ? first.bar - Math.sign(first.frame) : 1,
      isAdapted,
      isPlanned: piece.plan !== null && source === undefined,
      ...(source === undefined ? {} : { source: await readAsMidi(source) }),
      ...await soundIfAny(piece.midi, options, onePartOf(run, at, pieces.length)),
    });
  }
  return variants;
}

/** A run whose progress is that of one of several pieces. */
function onePartOf(run: Run, index: number, pieces: number): Run {
  const detail = pieces > 1 ? `piece ${index + 1} of ${pieces}` : undefined;
  return {
    ...run,
    onProgress: ({ task, done, total }) =>
      run.onProgress?.({ task, detail, done: index + done / total, total: pieces }),
  };
}

/** MIDI file that the settings ask to change, if any. */
export function sourceOf(
  { fill, vary, melody, accompaniment }: GenerateSettings,
): string | undefined {
  return fill?.midi ?? vary?.midi ?? melody ?? accompaniment;
}

/** Name of a piece: its file's name without extension. */
export function nameOf({ midi }: GeneratedPiece): string {
  return basename(midi, ".mid");
}

/** Share of the work on a piece's audio that is rendering; the rest is encoding. */
const RENDERING = 0.75;

async function soundIfAny(
  midi: string,
  options: Pick<PlayerOptions, "seconds" | "kilobits">,
  run: Run,
): Promise<Pick<Variant, "mp3" | "cut" | "skippedSeconds">> {
  const { seconds = Infinity } = options;
  return await ifPossible(run, async () => {
    const report = (done: number) => run.onProgress?.({ task: "play", done, total: 1 });
    const rendered = await listen({ midi }, {
      ...run,
      onProgress: ({ done, total }) => report(RENDERING * done / total),
    });
    const { mp3, length } = await soundOf(rendered.file, options, async (share) => {
      report(RENDERING + (1 - RENDERING) * share);
      await takeBreath(run);
    });
    const isCut = length > seconds + LEAST_CUT_SECONDS;
    return {
      mp3,
      skippedSeconds: rendered.silenceLeftOut,
      ...(isCut ? { cut: { seconds, of: length } } : {}),
    };
  }) ?? {};
}

/** Shorter endings are the last note's decay. */
const LEAST_CUT_SECONDS = 0.5;

/** Onset of the first note chosen by the model, in seconds. */
function primerSeconds({ piece, primerFrames }: GeneratedPiece, midi: Uint8Array): number {
  if (primerFrames === 0) return 0;
  const attacks = piece.frames.some((frame) => frame.some(isHeld));
  const { length } = decodeFrames(piece.frames.slice(0, primerFrames), attacks);
  const { notes, seconds } = heardOf(midi);
  return notes[length]?.start ?? seconds;
}

const scripts = new Map<string, Promise<string>>();

/**
 * Script of an audition's cards, escaped for HTML.
 * @param isLive whether a kernel answers: then the cards have buttons
 */
export async function cardScript(isLive = false): Promise<string> {
  const path = isLive ? "../page/live_cards.ts" : "../page/cards.ts";
  const { inScript, scriptOf } = await import("../page/link.ts");
  const script = scripts.get(path) ?? scriptOf(new URL(path, import.meta.url)).then(inScript);
  scripts.set(path, script);
  return script;
}

/**
 * Writes the variants side by side as one self-contained HTML page, and beside it a page in which
 * their bars can be made anew, if the model and the piano are there.
 * @returns its path: `NAME.html` beside the first piece, or the next free number
 */
export async function writeAuditionPage(
  pieces: readonly Auditioned[],
  title: string,
  model: Pick<DuetSettings, "model" | "data" | "models"> | undefined,
  run: Run = {},
): Promise<string> {
  const variants = await variantsOf(pieces, {}, run);
  const { midi } = pieces[0]!.piece;
  const name = nameOf(pieces[0]!.piece).replace(/-\d+$/, "");
  const bars = model && await ifPossible(run, () => writeBarsPage(pieces, name, model, run));
  const page = auditionPage(
    variants.map((variant, at) => bars ? { ...variant, bars: `${bars}#bars=${at + 1}` } : variant),
    title,
    await cardScript(),
  );
  const path = await writeTogether(dirname(midi), name, { ".html": page });
  return join(`${path}.html`);
}

/** Writes a page in which bars of the pieces can be made anew. @returns its file's name */
async function writeBarsPage(
  pieces: readonly Auditioned[],
  name: string,
  model: Pick<DuetSettings, "model" | "data" | "models">,
  run: Run,
): Promise<string> {
  const all = await Promise.all(
    pieces.map(async ({ piece: { midi } }) => ({ name: midi, midi: await Deno.readFile(midi) })),
  );
  const { pageFor } = await import("./duet.ts");
  const html = await pageFor(model, all, run);
  const folder = dirname(pieces[0]!.piece.midi);
  return `${basename(await writeTogether(folder, `${name}-bars`, { ".html": html }))}.html`;
}
