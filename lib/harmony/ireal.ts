import type { Chord } from "../tokens/chord.ts";
import { parseChord } from "../tokens/chord_symbol.ts";
import { type Key, parseKey } from "../tokens/key.ts";
import {
  type ChordBar,
  type ChordSheet,
  lastChord,
  type PlacedChord,
  unfold,
  type WrittenBar,
} from "./sheet.ts";

/** Prefix of the chords in `irealb://` links. */
const SCRAMBLED = "1r34LbKcu7";

/**
 * Parses the first song of an iReal Pro link, `irealb://` or the older `irealbook://`, or of a text
 * or web page that contains one, also where it holds bars alone (the format as iReal Pro documents
 * it for custom chord charts; in `irealb` links the characters are usually scrambled in blocks of
 * fifty).
 * @throws {Error} if there is no such link, or a chord in it cannot be read
 */
export function readIReal(text: string): ChordSheet {
  const [, link] = /irealb(?:ook)?:\/\/(.*?)(?:"|'>|$)/m.exec(text) ?? [];
  if (!link) throw new Error("Cannot read an iReal Pro song: there is no irealb:// link");
  const [song = "", ...others] = decoded(link).split("===").filter((part) => /[=|]/.test(part));
  const fields = song.split(/=+/);
  const scrambled = fields.find((field) => field.startsWith(SCRAMBLED));
  const progression = scrambled
    ? unscramble(scrambled.slice(SCRAMBLED.length))
    : fields.findLast((field) => /[|[\]{}Z]/.test(field));
  if (!progression) {
    throw new Error(
      "Cannot read an iReal Pro song: its link holds no chords between bar lines (|)",
    );
  }
  const key = fields.slice(1).flatMap((field) => keyOf(field) ?? [])[0];
  const read = barsOf(progression);
  const notices = [...read.notices];
  if (others.length > 0) {
    notices.push(`The link has ${others.length + 1} songs; the first is read.`);
  }
  return {
    bars: unfold(read.bars),
    beatsPerBar: read.beatsPerBar,
    notices,
    ...(key ? { key } : {}),
    ...(fields[0] && fields[0] !== progression ? { title: fields[0] } : {}),
  };
}

function decoded(link: string): string {
  try {
    return decodeURIComponent(link);
  } catch {
    return link; // unchanged, with bare percent signs
  }
}

function keyOf(field: string): Key | undefined {
  return /^[A-G][b#]?-?$/.test(field) ? parseKey(field.replace("-", "m")) : undefined;
}

/**
 * Unscrambles text: the ends and the middle of each block of fifty characters are mirrored; the
 * remainder is unchanged.
 */
function unscramble(scrambled: string): string {
  let plain = "", rest = scrambled;
  while (rest.length > 51) {
    const block = rest.slice(0, 50);
    plain += Array.from(block, (own, at) => {
      const mirror = Math.min(at, 49 - at);
      return mirror < 5 || mirror >= 10 && mirror < 24 ? block[49 - at]! : own;
    }).join("");
    rest = rest.slice(50);
  }
  return (plain + rest).replaceAll("XyQ", "   ").replaceAll("LZ", " |").replaceAll("Kcl", "| x");
}

/** Tokens of a progression; anything else is skipped. */
const SIGNS = new RegExp(
  [
    /<[^>]*>/, // words on the page
    /\([^)]*\)/, // an alternative chord
    /\*[A-Za-z]/, // a section letter
    /T\d\d/, // a metre
    /N\d/, // an ending
    /[A-GW](?:[#b](?!\d))?(?:sus|alt|add|no|[-+^oh#b]|\d)*(?:\/[A-G][#b]?)?/, // a chord; W: as before, over another bass
    /[|[\]{}Z]/, // bar lines
    /[xrnp ]/, // a bar again, two bars again, no chord, a chord again, an empty cell
    /[SQ]/, // segno and coda
  ].map(({ source }) => source).join("|"),
  "g",
);

/** Metres that iReal Pro writes with two digits; `12` is 12/8. */
function beatsOf(sign: string): number {
  return sign === "T12" ? 12 : Number(sign[1]);
}

function barsOf(
  progression: string,
): { bars: WrittenBar[]; beatsPerBar: number; notices: readonly string[] } {
  const bars: WrittenBar[] = [], notices = new Set<string>();
  let cells: (Chord | null | undefined)[] = [], beatsPerBar: number | undefined;
  let begins = false, ending: number | undefined, own: Chord | null = null, times = 2;
  let isAfterEnd = true; // whether empty cells fill the line
  let back = 0, left = 0; // offset of the bars to copy, and number still to copy
  const add = (bar: ChordBar) => {
    bars.push({ bar, ...(begins ? { begins } : {}), ...(ending ? { ending } : {}) });
    begins = false;
  };
  const closeBar = () => {
    const isEmpty = cells.every((cell) => cell === undefined), again = bars.at(-back)?.bar;
    if (!isEmpty) left = 0;
    if (cells.length === 0) return;
    if (left-- > 0 && again) add(again);
    else if (!isEmpty || cells.length > 1 && !isAfterEnd) {
      add(barOfCells(cells, beatsPerBar ?? 4, lastChord(bars.at(-1)?.bar)));
    }
    cells = [];
  };
  for (const [sign] of progression.matchAll(SIGNS)) {
    if (/^T\d/.test(sign)) {
      const beats = beatsOf(sign);
      if (beatsPerBar !== undefined && beats !== beatsPerBar) {
        notices.add("The metre changes; all bars are read in the first one.");
      }
      beatsPerBar ??= beats;
    } else if (/^N\d/.test(sign)) {
      closeBar();
      ending = Number(sign[1]);
    } else if (/^[|[\]{}Z]$/.test(sign)) {
      closeBar();
      isAfterEnd = /[}\]Z]/.test(sign);
      if (sign === "{") [begins, ending] = [true, undefined];
      if (sign === "}" && bars.length > 0) bars[bars.length - 1] = { ...bars.at(-1)!, times };
      if (sign === "}") [times, ending] = [2, undefined];
      if (/[\]Z]/.test(sign)) ending = undefined;
    } else if (sign === "x" || sign === "r") {
      back = left = sign === "x" ? 1 : 2;
      cells.push(undefined);
    } else if (sign === "n") cells.push(own = null);
    else if (sign === " " || sign === "p") cells.push(undefined);
    else if (/^[A-GW]/.test(sign)) cells.push(own = chordOfSign(sign, own));
    else if (/^<\d+x>$/.test(sign)) times = Math.max(1, parseInt(sign.slice(1)));
    else if (/^[SQ]$|^<(D\.|Fine)/i.test(sign)) {
      notices.add("Jumps (D.C., D.S., coda) are not followed: bars are read as they stand.");
    }
  }
  closeBar();
  if (bars.length === 0) throw new Error("Cannot read an iReal Pro song: its link holds no chords");
  return { bars, beatsPerBar: beatsPerBar ?? 4, notices: [...notices] };
}

function chordOfSign(sign: string, before: Chord | null): Chord | null {
  if (!sign.startsWith("W")) return parseChord(sign);
  const [, bass] = sign.split("/");
  if (!bass || !before) return before;
  const { root } = parseChord(bass);
  return root === before.root ? { root, quality: before.quality } : { ...before, bass: root };
}

/** Builds a bar from its chords by cell; crowded bars share their beats. */
function barOfCells(
  cells: readonly (Chord | null | undefined)[],
  beatsPerBar: number,
  before: Chord | null,
): ChordBar {
  const at = cells.flatMap((cell, index) => cell === undefined ? [] : [index]);
  if (at.length === 0) return [{ beat: 0, chord: before }];
  const even = beatsPerBar / at.length;
  const byCell = at.map((index) => (index - at[0]!) * beatsPerBar / Math.max(4, cells.length));
  const onBeats = at.length > 1 && byCell.every(Number.isInteger);
  const placed = at.map((index, order): PlacedChord => ({
    beat: onBeats ? byCell[order]! : Math.floor(order * even * 2) / 2,
    chord: cells[index]!,
  }));
  return placed.filter(({ beat }, index) => beat !== placed[index - 1]?.beat);
}
