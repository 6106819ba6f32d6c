import { basename, dirname, join } from "node:path";
import { type PlayerOptions, soundOf } from "../audio/player.ts";
import { auditionPage, type Variant } from "../show/audition.ts";
import { heardOf } from "../show/sounding.ts";
import { writeTogether } from "../store/write.ts";
import { isHeld } from "../tokens/frame.ts";
import { decodeFrames } from "../tokens/grid.ts";
import type { GeneratedPiece } from "./generate.ts";
import { listen } from "./listen.ts";
import { ifPossible, type Run } from "./run.ts";
import type { GenerateSettings } from "./settings/generate.ts";

/** A generated piece that is to be heard beside others. */
export interface Auditioned {
  /** As {@linkcode generate} gives it. */
  readonly piece: GeneratedPiece;
  /** How it was made, in a few words. */
  readonly made: string;
  /** Path of the MIDI file that was changed, if one was. */
  readonly source?: string | undefined;
}

/**
 * Generated pieces with their sound: each gets its WAV file beside it, as from {@linkcode listen}.
 * Where the piano cannot be had, they come without sound, and `onMessage` says why.
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

/** The MIDI file that settings ask to be changed, if they do. */
export function sourceOf(
  { fill, vary, melody, accompaniment }: GenerateSettings,
): string | undefined {
  return fill?.midi ?? vary?.midi ?? melody ?? accompaniment;
}

/** What a piece is called: its file's name without ending. */
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

/** When the first note begins that the model itself chose. */
function primerSeconds({ piece, primerFrames }: GeneratedPiece, midi: Uint8Array): number {
  if (primerFrames === 0) return 0;
  const attacks = piece.frames.some((frame) => frame.some(isHeld));
  const { length } = decodeFrames(piece.frames.slice(0, primerFrames), attacks);
  const { notes, seconds } = heardOf(midi);
  return notes[length]?.start ?? seconds;
}

/**
 * Writes the variants side by side as one HTML page that needs nothing besides.
 * @returns its path: `NAME.html` beside the first piece, or the next free number
 */
export async function writeAuditionPage(
  pieces: readonly Auditioned[],
  title: string,
  run: Run = {},
): Promise<string> {
  const variants = await variantsOf(pieces, { seconds: 120 }, run);
  const { midi } = pieces[0]!.piece;
  const name = nameOf(pieces[0]!.piece).replace(/-\d+$/, "");
  const page = auditionPage(variants, title);
  const path = await writeTogether(dirname(midi), name, { ".html": page });
  return join(`${path}.html`);
}
