import { basename } from "node:path";
import { readArtifactFile, readArtifactText, readWhole, writeArtifact } from "../store/artifact.ts";
import { type ArtifactName, type Manifest, readManifest } from "../store/manifest.ts";
import { fields } from "../store/shape.ts";
import type { Grid, Metre, Piece } from "../tokens/piece.ts";
import type { TokenizeSettings } from "../tokens/tokenize.ts";
import type { TouchStyle } from "../touch/learn.ts";
import { Vocabulary } from "../tokens/vocabulary.ts";
import { piecesShape, styleShape } from "./shapes.ts";

/** One piece of a corpus: where its ids stand. */
export interface CorpusPiece {
  /** The MIDI file's path within the folder that was read. */
  readonly name: string;
  /** Index of its first frame in {@linkcode Corpus.ids}. */
  readonly offset: number;
  /** Its frames. */
  readonly length: number;
  /** See {@linkcode Piece.metres}. */
  readonly metres: readonly Metre[];
}

/** What a corpus says of its music as a whole; models carry it on. */
export interface CorpusStyle {
  /** How the MIDI files became frames. */
  readonly tokenize: TokenizeSettings;
  /** Median of the pieces' mean tempo. */
  readonly beatsPerMinute: number;
  /** The metre of most frames. */
  readonly timeSignature: readonly [numerator: number, denominator: number];
  /** Mean velocity of all notes, 1 to 127. */
  readonly meanVelocity: number;
  /** How loud its notes are among each other; none where its files were typed, not played. */
  readonly touch?: TouchStyle;
}

/** Many pieces as ids of one vocabulary. */
export interface Corpus {
  /** Its folder's name. */
  readonly name: string;
  /** Where it lies. */
  readonly folder: string;
  /** SHA-256 of the tokens and the vocabulary: what a model was trained on. */
  readonly hash: string;
  /** How time was cut. */
  readonly grid: Grid;
  /** What the music as a whole is like. */
  readonly style: CorpusStyle;
  /** Combinations and their ids. */
  readonly vocabulary: Vocabulary;
  /** The ids of all pieces' frames, one piece after the other. */
  readonly ids: Int32Array;
  /** The pieces in the order of their ids. */
  readonly pieces: readonly CorpusPiece[];
  /** Frames of a piece. @throws {RangeError} if there is no such piece */
  piece(index: number): Piece;
}

/** The manifest of a corpus on disk. */
export interface CorpusManifest extends Manifest {
  readonly kind: "corpus";
  /** SHA-256 over settings, names and contents of the MIDI files that it was made from. */
  readonly madeFrom: string;
  readonly style: CorpusStyle;
  readonly pieces: readonly CorpusPiece[];
}

/** How a corpus is spoken of in errors. */
export const CORPUS: ArtifactName = {
  kind: "corpus",
  formatVersion: 2,
  command: "deno task preprocess",
};

/** What {@linkcode saveCorpus} puts on disk. */
export interface CorpusParts {
  readonly madeFrom: string;
  readonly style: CorpusStyle;
  readonly vocabulary: Vocabulary;
  readonly ids: Int32Array;
  readonly pieces: readonly CorpusPiece[];
  /** The report with one verdict per file, as JSON. */
  readonly report: string;
}

/** Writes a corpus to `folder`, in place of one that is there. */
export function saveCorpus(folder: string, parts: CorpusParts): Promise<CorpusManifest> {
  const { ids } = parts;
  return writeArtifact<CorpusManifest>(folder, {
    kind: "corpus",
    formatVersion: CORPUS.formatVersion,
    madeFrom: parts.madeFrom,
    style: parts.style,
    pieces: parts.pieces,
  }, {
    "tokens.bin": new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength), // int32, little-endian
    "vocabulary.tsv": parts.vocabulary.toText(),
    "report.json": parts.report,
  });
}

/** Reads a corpus. @throws {Error} if it is missing or damaged, with the command that makes it */
export function loadCorpus(folder: string): Promise<Corpus> {
  return readWhole(folder, () => loadGeneration(folder));
}

async function loadGeneration(folder: string): Promise<Corpus> {
  const manifest = await readManifest<CorpusManifest>(folder, CORPUS);
  const wrong = fields({ style: styleShape, pieces: piecesShape })(manifest, "");
  if (wrong !== undefined) {
    throw new Error(
      `Cannot read corpus "${basename(folder)}": ${wrong}; make it anew with "${CORPUS.command}"`,
    );
  }
  const read = (name: string) => readArtifactFile(folder, manifest, name, CORPUS.command);
  const tokens = await read("tokens.bin");
  const vocabulary = Vocabulary.fromText(
    await readArtifactText(folder, manifest, "vocabulary.tsv", CORPUS.command),
  );
  const ids = new Int32Array(tokens.buffer, tokens.byteOffset, tokens.byteLength >> 2);
  const { style, pieces } = manifest;
  let frames = 0;
  const inOrder = pieces.every(({ offset, length }) => {
    frames += length;
    return offset === frames - length;
  });
  if (!inOrder || frames !== ids.length || ids.some((id) => id < 0 || id >= vocabulary.size)) {
    throw new Error(
      `Cannot read corpus "${basename(folder)}": tokens and vocabulary do not belong together; ` +
        `make it anew with "${CORPUS.command}"`,
    );
  }
  return {
    name: basename(folder),
    folder,
    hash: `${manifest.files["tokens.bin"]!.sha256}${manifest.files["vocabulary.tsv"]!.sha256}`,
    grid: style.tokenize.grid,
    style,
    vocabulary,
    ids,
    pieces,
    piece: (index) => {
      const piece = pieces[index];
      if (!piece) {
        throw new RangeError(`Corpus has ${pieces.length} pieces, none with index ${index}`);
      }
      const { name, offset, length, metres } = piece;
      const frames = Array.from(
        ids.subarray(offset, offset + length),
        (id) => vocabulary.frame(id),
      );
      return { name, frames, metres };
    },
  };
}
