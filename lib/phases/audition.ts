import { basename, dirname, join } from "node:path";
import { type PlayerOptions, soundOf } from "../audio/player.ts";
import { auditionPage, type Variant } from "../show/audition.ts";
import { heardOf } from "../show/sounding.ts";
import { writeTogether } from "../store/write.ts";
import { isHeld } from "../tokens/frame.ts";
import { decodeFrames } from "../tokens/grid.ts";
import type { GeneratedPiece } from "./generate.ts";
import { pageFor } from "./duet.ts";
import { listen } from "./listen.ts";
import { ifPossible, type Run } from "./run.ts";
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
  for (const { piece, made, source } of pieces) {
    run.signal?.throwIfAborted();
    const midi = await Deno.readFile(piece.midi);
    variants.push({
      name: nameOf(piece),
      made,
      midi,
      primerSeconds: primerSeconds(piece, midi),
      ...(source === undefined ? {} : { source: await Deno.readFile(source) }),
      ...await soundIfAny(piece.midi, options, run),
    });
  }
  return variants;
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

async function soundIfAny(
  midi: string,
  options: Pick<PlayerOptions, "seconds" | "kilobits">,
  run: Run,
): Promise<Pick<Variant, "mp3" | "seconds">> {
  const { seconds = 60 } = options;
  const sound = await ifPossible(
    run,
    async () => await soundOf((await listen({ midi }, run)).file, options),
  );
  return sound ? { mp3: sound.mp3, ...(sound.length > seconds ? { seconds } : {}) } : {};
}

/** Onset of the first note chosen by the model, in seconds. */
function primerSeconds({ piece, primerFrames }: GeneratedPiece, midi: Uint8Array): number {
  if (primerFrames === 0) return 0;
  const attacks = piece.frames.some((frame) => frame.some(isHeld));
  const { length } = decodeFrames(piece.frames.slice(0, primerFrames), attacks);
  const { notes, seconds } = heardOf(midi);
  return notes[length]?.start ?? seconds;
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
  const variants = await variantsOf(pieces, { seconds: 120 }, run);
  const { midi } = pieces[0]!.piece;
  const name = nameOf(pieces[0]!.piece).replace(/-\d+$/, "");
  const bars = model && await ifPossible(run, () => writeBarsPage(pieces, name, model, run));
  const page = auditionPage(
    variants.map((variant, at) => bars ? { ...variant, bars: `${bars}#bars=${at + 1}` } : variant),
    title,
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
  const html = await pageFor(model, all, run);
  const folder = dirname(pieces[0]!.piece.midi);
  return `${basename(await writeTogether(folder, `${name}-bars`, { ".html": html }))}.html`;
}
