import { isAbc, readAbc } from "./abc/abc.ts";
import { isSimplerKind, symbolOf } from "./chord_kinds.ts";
import { readKern } from "./kern/kern.ts";
import { atMost, type ScoreLimits, scoreLimits } from "./limits.ts";
import { scoreMidi } from "./midi.ts";
import { readMusicXml } from "./musicxml/musicxml.ts";
import { playScore } from "./play.ts";
import type { ChordName, WrittenScore } from "./score.ts";
import { attribute, child, childrenOf, parseXml, type XmlElement } from "./xml.ts";
import { isZip, zipEntries, type ZipEntry } from "./zip.ts";

/**
 * Reads a written score: MusicXML, plain or compressed, Humdrum `**kern` or ABC, recognised
 * by its content.
 * @param bytes the whole file
 * @param limits bounds that differ from {@linkcode scoreLimits}
 * @throws {Error} with the reason why it cannot be read, fit to follow "skipped: "
 */
export function readScore(bytes: Uint8Array, limits: Partial<ScoreLimits> = {}): WrittenScore {
  const bounds = { ...scoreLimits, ...limits }, text = scoreText(bytes, bounds);
  if (isHumdrum(text)) return readKern(text, bounds);
  return isAbc(text) ? readAbc(text, bounds) : readMusicXml(text, bounds);
}

/**
 * Text of a written score, unpacked and decoded.
 * @throws {Error} with the reason if there is none
 */
function scoreText(bytes: Uint8Array, limits: ScoreLimits = scoreLimits): string {
  atMost(bytes.length, limits.bytes, "bytes");
  const document = isZip(bytes) ? scoreIn(zipEntries(bytes, limits), limits) : bytes;
  atMost(document.length, limits.documentBytes, "bytes");
  return decodeDocument(document);
}

/**
 * Source text of a bar: that of its measure in MusicXML; the whole text for line-based formats.
 * @param index of the bar in playing order
 */
export function barText(bytes: Uint8Array, index: number): string {
  const text = scoreText(bytes), measures = text.match(/<measure\b[\s\S]*?<\/measure>/g);
  if (!measures) return text;
  const { order, bars } = readScore(bytes), bar = order[index] ?? 0;
  return measures[bars[bar]?.measure ?? bar] ?? "";
}

/** Whether the first line that is no comment starts with the kind of a Humdrum spine. */
function isHumdrum(text: string): boolean {
  for (let at = 0; at < text.length; at = text.indexOf("\n", at) + 1) {
    const isComment = text.startsWith("!!", at) || /\s/.test(text[at]!);
    if (!isComment) return text.startsWith("**", at);
    if (!text.includes("\n", at)) break;
  }
  return false;
}

/**
 * Score in a compressed MusicXML file: the first one that its container names, or, without a
 * container, the only one in the archive.
 */
function scoreIn(entries: readonly ZipEntry[], limits: ScoreLimits): Uint8Array {
  const byName = (name: string) => entries.find((entry) => entry.name === name);
  const container = byName("META-INF/container.xml");
  const scores = entries.filter(({ name }) =>
    /\.(musicxml|xml)$/i.test(name) && !/^(META-INF|__MACOSX)\//i.test(name)
  );
  if (!container && scores.length === 1) return scores[0]!.read();
  if (!container) {
    const isMuseScore = entries.some(({ name }) => name.endsWith(".mscx"));
    throw new Error(
      isMuseScore
        ? 'it is in MuseScore\'s own format: in MuseScore, choose File, Export, "MusicXML"'
        : "it is an archive, but no compressed MusicXML: it has no META-INF/container.xml",
    );
  }
  const root = parseXml(decodeDocument(container.read()), { limits });
  const files = childrenOf(child(root, "rootfiles"), "rootfile");
  const isScore = (file: XmlElement) =>
    /musicxml/.test(attribute(file, "media-type") ?? "") ||
    /xml$/i.test(attribute(file, "full-path") ?? "");
  const named = files.find(isScore) ?? files[0];
  const path = named && attribute(named, "full-path");
  const plain = path?.replaceAll("\\", "/").replace(/^(\.?\/)+/, "");
  const score = plain === undefined ? undefined : byName(path!) ?? byName(plain);
  if (!score) throw new Error(`its archive names the score "${path ?? ""}", which is not in it`);
  return score.read();
}

/**
 * Converts a score to a MIDI file: repeats played, a track for each staff, named after its hand.
 * @returns its bytes, and a sentence for each repair, guess or omission
 * @throws {Error} with the reason if it has no notes or too many
 */
export function midiOfScore(
  score: WrittenScore,
  limits: Partial<ScoreLimits> = {},
): { readonly midi: Uint8Array; readonly remarks: readonly string[] } {
  const played = playScore(score, { ...scoreLimits, ...limits });
  if (played.staves.every((notes) => notes.length === 0)) throw new Error("it has no notes");
  const { lostGraces, chords } = played;
  const lost = chords.filter((chord) => symbolOf(chord) === undefined);
  const remarks = [
    ...score.remarks,
    ...lostGraces === 0 ? [] : [`${lostGraces} grace notes before the first beat left out`],
    ...simplified(chords),
    ...lost.length === 0 ? [] : [
      `${lost.length} chord symbols of unknown kinds left out: ` +
      [...new Set(lost.map(({ kind, text }) => text || kind || "without a kind"))].join(", "),
    ],
  ];
  return { midi: scoreMidi(score, played), remarks };
}

/** Remarks on chords of kinds that have no symbol of their own. */
function simplified(chords: readonly ChordName[]): string[] {
  const kinds = [...new Set(chords.map(({ kind }) => kind))].filter(isSimplerKind);
  return kinds.map((kind) => `chord symbols of kind "${kind}" written as a chord with fewer notes`);
}

/**
 * Decodes a text document: UTF-8 or UTF-16 by byte order mark, else the encoding of an XML
 * declaration, else UTF-8 where valid, else Latin-1.
 * @throws {Error} if the declared encoding is unknown
 */
function decodeDocument(bytes: Uint8Array): string {
  const label = markedEncoding(bytes) ?? declaredEncoding(bytes);
  if (label === undefined) {
    // most documents are ASCII, which decoders of single bytes read several times faster
    if (isAscii(bytes)) return new TextDecoder("latin1").decode(bytes);
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
      return new TextDecoder("latin1").decode(bytes);
    }
  }
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(label);
  } catch {
    throw new Error(`it is in an unknown encoding, "${label}"; save it as UTF-8`);
  }
  return decoder.decode(bytes);
}

function isAscii(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) if (bytes[at]! > 127) return false;
  return true;
}

function markedEncoding([a, b]: Uint8Array): string | undefined {
  if ((a === 0xff && b === 0xfe) || (a === 0x3c && b === 0)) return "utf-16le";
  if ((a === 0xfe && b === 0xff) || (a === 0 && b === 0x3c)) return "utf-16be";
  return undefined;
}

function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 200));
  const [, label] =
    /^\s*(?:\u00ef\u00bb\u00bf)?<\?xml[^>]*\bencoding\s*=\s*["']([\w.:-]+)["']/.exec(
      head,
    ) ?? [];
  // a declaration that can be read byte by byte is not in UTF-16 or UTF-32, whatever it says
  return /^(utf|ucs|iso-10646)/i.test(label ?? "") ? undefined : label;
}
