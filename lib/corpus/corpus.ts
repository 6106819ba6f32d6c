import type { ChordSpan } from "../harmony/find.ts";
import { type Artifact, readArtifact, writeArtifact } from "../store/artifact.ts";
import { reason } from "../store/files.ts";
import type { ArtifactName, Manifest } from "../store/manifest.ts";
import { fields } from "../store/shape.ts";
import type { Grid, Metre, Piece } from "../tokens/piece.ts";
import type { TokenizeSettings } from "../tokens/tokenize.ts";
import type { TouchStyle } from "../touch/learn.ts";
import { Vocabulary } from "../tokens/vocabulary.ts";
import { piecesShape, styleShape } from "./shapes.ts";
import { chordSymbol, parseChord } from "../tokens/chord_symbol.ts";

/** A piece of a corpus, as a range of ids. */
export interface CorpusPiece {
  /** Path of the MIDI file within the folder that was read. */
  readonly name: string;
  /** Index of its first frame in {@linkcode Corpus.ids}. */
  readonly offset: number;
  /** Number of frames. */
  readonly length: number;
  /** Metres, see {@linkcode Piece.metres}. */
  readonly metres: readonly Metre[];
}

/** Summary of a corpus's music, stored in its models, too. */
export interface CorpusStyle {
  /** Tokenization settings of the MIDI files. */
  readonly tokenize: TokenizeSettings;
  /** Tempo: median of the pieces' mean tempos. */
  readonly beatsPerMinute: number;
  /** Time signature of most frames. */
  readonly timeSignature: readonly [numerator: number, denominator: number];
  /** Mean velocity of all notes, 1 to 127. */
  readonly meanVelocity: number;
  /** Learned performance style; absent where the files were typed, not played. */
  readonly touch?: TouchStyle;
}

/** A corpus: pieces as ids of one vocabulary. */
export interface Corpus {
  /** Name of the folder. */
  readonly name: string;
  /** Path of the folder. */
  readonly folder: string;
  /** SHA-256 of the tokens and the vocabulary: identifies the training data of a model. */
  readonly hash: string;
  /** Time grid. */
  readonly grid: Grid;
  /** Summary of the music as a whole. */
  readonly style: CorpusStyle;
  /** Combinations and their ids. */
  readonly vocabulary: Vocabulary;
  /** Ids of all frames, piece after piece. */
  readonly ids: Int32Array;
  /** Pieces in the order of their ids. */
  readonly pieces: readonly CorpusPiece[];
  /** Chords of each piece, in frames and without gaps; none where the grid has no beats. */
  readonly chords: readonly (readonly ChordSpan[])[];
  /** Frames of a piece. @throws {RangeError} if there is no such piece */
  piece(index: number): Piece;
}

/** The manifest of a corpus on disk. */
export interface CorpusManifest extends Manifest {
  readonly kind: "corpus";
  /** SHA-256 over settings, names and contents of the source MIDI files. */
  readonly madeFrom: string;
  readonly style: CorpusStyle;
  readonly pieces: readonly CorpusPiece[];
}

/** Name of a corpus in error messages. */
export const CORPUS: ArtifactName = {
  kind: "corpus",
  formatVersion: 3,
  command: "deno task preprocess",
};

/** Parts of a corpus as written by {@linkcode saveCorpus}. */
export interface CorpusParts {
  readonly madeFrom: string;
  readonly style: CorpusStyle;
  readonly vocabulary: Vocabulary;
  readonly ids: Int32Array;
  readonly pieces: readonly CorpusPiece[];
  /** Chords of each piece. */
  readonly chords: readonly (readonly ChordSpan[])[];
  /** Report with one verdict per file, as JSON. */
  readonly report: string;
}

/** Writes a corpus to `folder`, replacing one that is there. */
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
    "chords.tsv": encodeChords(parts.chords),
    "report.json": parts.report,
  });
}

/** Reads a corpus. @throws {Error} if it is missing or damaged, with the command that makes it */
export function loadCorpus(folder: string): Promise<Corpus> {
  return readArtifact<CorpusManifest, Corpus>(folder, CORPUS, async (artifact) => ({
    folder,
    ...await corpusIn(artifact),
  }));
}

async function corpusIn(
  { name, manifest, bytes, text }: Artifact<CorpusManifest>,
): Promise<Omit<Corpus, "folder">> {
  const damaged = (problem: string, cause?: unknown) =>
    new Error(
      `Cannot read corpus "${name}": ${problem}; make it again with "${CORPUS.command}"`,
      { cause },
    );
  const wrong = fields({ style: styleShape, pieces: piecesShape })(manifest, "");
  if (wrong !== undefined) throw damaged(wrong);
  const tokens = await bytes("tokens.bin");
  const vocabulary = Vocabulary.fromText(await text("vocabulary.tsv"));
  const chords = await text("chords.tsv");
  const ids = new Int32Array(tokens.buffer, tokens.byteOffset, tokens.byteLength >> 2);
  const { style, pieces } = manifest;
  let frames = 0;
  const inOrder = pieces.every(({ offset, length }) => {
    frames += length;
    return offset === frames - length;
  });
  if (!inOrder || frames !== ids.length || ids.some((id) => id < 0 || id >= vocabulary.size)) {
    throw damaged("tokens and vocabulary do not belong together");
  }
  const chordsIn = (text: string) => {
    try {
      return decodeChords(text, pieces.map(({ length }) => length));
    } catch (cause) {
      throw damaged(`it has ${reason(cause)}`, cause);
    }
  };
  return {
    name,
    hash: `${manifest.files["tokens.bin"]!.sha256}${manifest.files["vocabulary.tsv"]!.sha256}`,
    grid: style.tokenize.grid,
    style,
    vocabulary,
    ids,
    pieces,
    chords: chordsIn(chords),
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

/** Symbol of a span without a chord. */
const NO_CHORD = "-";

/**
 * Encodes the chords of pieces as text: one line per piece, with items such as `0 Am` separated by
 * tabs.
 */
export function encodeChords(pieces: readonly (readonly ChordSpan[])[]): string {
  return pieces.map((spans) =>
    spans.map(({ start, chord }) => `${start} ${chord ? chordSymbol(chord) : NO_CHORD}`)
      .join("\t") + "\n"
  ).join("");
}

/**
 * The inverse of {@linkcode encodeChords}.
 * @param lengths of the pieces, in frames
 * @throws {Error} if a line is missing, or has no chords in order
 */
export function decodeChords(text: string, lengths: readonly number[]): ChordSpan[][] {
  const lines = text.split("\n").slice(0, -1);
  if (lines.length !== lengths.length) {
    throw new Error(`chords of ${lines.length} pieces, needed those of ${lengths.length}`);
  }
  return lines.map((line, index) => {
    const words = line === "" ? [] : line.split("\t").map((word) => word.split(" "));
    const starts = words.map(([start]) => Number(start));
    return words.map(([, symbol = ""], at): ChordSpan => {
      const start = starts[at]!, end = starts[at + 1] ?? lengths[index]!;
      if (!Number.isInteger(start) || !(start < end) || (at === 0 && start !== 0)) {
        throw new Error(`chords of piece ${index + 1} that are not in order`);
      }
      return { start, end, chord: symbol === NO_CHORD ? null : parseChord(symbol) };
    });
  });
}
