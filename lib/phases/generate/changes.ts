import { basename, extname } from "node:path";
import { type BeatsFound, beatsText } from "../../beats/follow.ts";
import {
  type ChangeAsked,
  type ChangePlayer,
  changeRecipe,
  makeChange,
} from "../../generate/change/make.ts";
import { prepareChange, type Prepared } from "../../generate/change/prepare.ts";
import { type ChangeSource, changeSource } from "../../generate/change/source.ts";
import type { ChangeRecipe, Scope } from "../../generate/recipe.ts";
import type { CorpusStyle } from "../../corpus/corpus.ts";
import { chordsOfSymbols } from "../../harmony/symbol_chords.ts";
import { readReference } from "../../generate/reference.ts";
import { readMidi } from "../../midi/read.ts";
import { secondsAt } from "../../midi/tempo.ts";
import { isScoreName } from "../../notation/kinds.ts";
import { sum } from "../../numbers.ts";
import { musicXml } from "../../score/musicxml.ts";
import { writeSheet } from "../../score/sheet.ts";
import { nextStep } from "../../show/next_step.ts";
import { attempt } from "../../store/files.ts";
import { readAsMidi } from "../../store/music_files.ts";
import type { Run } from "../run.ts";
import { chordSheetFor } from "./chords.ts";
import {
  copyFinder,
  type GeneratedPiece,
  type MadePiece,
  type Player,
  problemsOf,
  whyRows,
  type Work,
} from "./pieces.ts";
import type { ChangeWish } from "./wishes.ts";

/**
 * Changes some of a MIDI file's notes: finds the notes to be replaced, plans the new ones from
 * their surroundings, lets the model fill them in many times, keeps the filling with the highest
 * likelihood of the continuation, and writes the file with these notes in their place.
 * @param source the file, from {@linkcode openSource}
 * @throws {Error} if it has no such bars or notes
 */
export async function changedMusic(
  change: ChangeRecipe | ChangeWish,
  source: ChangeSource,
  player: Player,
  run: Run,
): Promise<Work> {
  const { loaded, model: { name } } = player, { style } = loaded.manifest;
  if (source.found) run.onMessage?.(playedText(source.name, source.found));
  const { grid } = style.tokenize;
  const plans = "kind" in change ? [] : readReference(loaded.files).plans;
  const asked = "kind" in change
    ? [change]
    : changesFor(change, player, await chordsFor(change, source, style, run));
  const by = { model: { byPitch: loaded.model.byPitch! }, style, copies: copyFinder(loaded) };
  return {
    pieces: asked.map((one) => {
      const { placed, name } = source;
      const prepared = prepareChange(placed, one.range ?? undefined, one.scope, grid, name);
      const recipe = "kind" in one ? one : changeRecipe(one, prepared, source, plans, grid);
      return (onFrame) => makePiece(by, recipe, prepared, source, onFrame);
    }),
    title: `Music changed by model "${name}"`,
    rows: changeRows,
  };
}

async function makePiece(
  by: ChangePlayer,
  recipe: ChangeRecipe,
  prepared: Prepared,
  source: ChangeSource,
  onFrame: Parameters<Work["pieces"][number]>[0],
): Promise<MadePiece> {
  const { bytes, frames, why, ...made } = await makeChange(by, recipe, prepared, source, onFrame);
  const last = source.placed.all.reduce((t, n) => Math.max(t, n.endTicks), 0);
  return {
    piece: {
      ...made,
      why: { bars: [], piece: why },
      primerFrames: 0,
      seconds: secondsAt(source.music, last),
      form: recipe.form,
    },
    recipe,
    bytes,
    ...(isScoreName(source.name) ? { musicXml: musicXmlOf(bytes, source.name) } : {}),
    computed: recipe.candidates * frames,
  };
}

/** Summary rows of changed files. */
function changeRows(pieces: readonly GeneratedPiece[]): ReturnType<Work["rows"]> {
  const candidates = sum(pieces.map((piece) => piece.candidates));
  const dropped = sum(pieces.map((piece) => piece.dropped.length));
  const sampled = `${candidates} sampled, ${dropped} dropped`;
  return [
    ...pieces.map(({ midi, seconds }) => [midi, `${seconds.toFixed(1)} s`] as const),
    ["changed", pieces[0]!.form],
    ["candidates", [sampled, ...problemsOf(pieces)].join("; ")],
    ...whyRows(pieces),
  ];
}

/** Message that a file has no bars of its own, and how they are counted. A change leaves swing as it is. */
function playedText(name: string, { swing: _, ...found }: BeatsFound): string {
  const write = nextStep("beats", { _: name, click: true });
  return `The notes of ${name} follow no beat of the file: ${
    beatsText(found)
  }. Its bars are counted ` +
    `on these beats, and so are those of the file to be written; to hear and correct them first: ${write}`;
}

/** The changed music as a MusicXML score. */
function musicXmlOf(midi: Uint8Array, name: string): string {
  return musicXml(writeSheet(readMidi(midi), basename(name, extname(name))));
}

/**
 * Opens the file to be changed: the one that is named, or that in the recipe.
 * @throws {Error} if it cannot be read, or the model cannot change music
 */
export async function openSource(
  change: ChangeRecipe | ChangeWish,
  { loaded: { model: { byPitch, kind }, manifest }, model: { name: model } }: Player,
): Promise<ChangeSource> {
  const { tokenize } = manifest.style;
  if (!byPitch) {
    throw new TypeError(
      `Cannot change music with the ${kind} model "${model}": it cannot sample with fixed notes; ` +
        `train a pitchwise one`,
    );
  }
  if (tokenize.grid.unit !== "beat") {
    throw new TypeError("Cannot change bars: the model's grid is in seconds, which have none");
  }
  const name = "kind" in change ? change.source.name : change.midi;
  return await attempt(`change ${name}`, async () => {
    const bytes = "kind" in change
      ? Uint8Array.fromBase64(change.source.midi)
      : await readAsMidi(name);
    return changeSource(name, bytes, tokenize);
  });
}

/** The requested changes, each with the next seed. */
function changesFor(
  { range, scope: asked, sampling, candidates, mostCopied, touch, seed, count }: ChangeWish,
  { model, style }: Player,
  chords: ChangeAsked["chords"],
): ChangeAsked[] {
  return Array.from({ length: count }, (_, index) => {
    const own = seed + index;
    const scope: Scope = asked.kind === "share" ? { ...asked, seed: own } : asked;
    const how = { sampling, candidates, mostCopied, seed: own, touch, chords };
    return { model, range, scope, ...(style === undefined ? {} : { style }), ...how };
  });
}

/** Setting of `chords` that leaves out a file's chord symbols. */
const NO_CHORDS = "none";

/**
 * The chords of an accompaniment or of bars to be filled: those asked for, or else the symbols of
 * the file.
 * @throws {Error} with what cannot be read, and where
 */
async function chordsFor(
  { scope, midi, range, chords, key }: ChangeWish,
  { music, placed }: ChangeSource,
  style: CorpusStyle,
  run: Run,
): Promise<ChangeAsked["chords"]> {
  const follows = scope.kind !== "share" && scope.kind !== "accompaniment";
  if (!follows || chords === NO_CHORDS) return undefined;
  if (music.chords && (chords === undefined || chords === midi)) {
    run.onMessage?.(
      `The new notes follow the chord symbols of ${midi} (${music.chords.length}); ` +
        '--chords "none" leaves them out.',
    );
    const { grid } = style.tokenize;
    const bars = chordsOfSymbols(music.chords, placed, grid, ANY_BEATS);
    return { bars, beatsPerBar: ANY_BEATS, first: 0, areNew: false };
  }
  const { numerator, denominator } = music.timeSignatures[0]!;
  const sheet = await chordSheetFor({ chords, key, metre: `${numerator}/${denominator}` }, style);
  if (!sheet) return undefined;
  if (sheet.notices.length > 0) run.onMessage?.(sheet.notices.join(" "));
  return { ...sheet, first: (range?.first ?? 1) - placed.firstBar, areNew: true };
}

/** Beats in a bar in which the places of a file's own symbols are counted, whatever its metre. */
const ANY_BEATS = 4;
