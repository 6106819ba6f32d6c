import { basename, dirname, extname } from "node:path";
import { beatsText, followBeats } from "../beats/follow.ts";
import { hintsOf } from "../beats/hints.ts";
import { choosePiano } from "../midi/piano.ts";
import { engrave } from "../score/engrave.ts";
import { musicXml } from "../score/musicxml.ts";
import { type ScoreSheet, writeSheet } from "../score/sheet.ts";
import { nextStep } from "../show/next_step.ts";
import { pagesHtml } from "../show/pages.ts";
import { type Shown, shown } from "../show/summary.ts";
import { numberText, percentText } from "../show/text.ts";
import { attempt } from "../store/files.ts";
import { readMusicFile } from "../store/music_files.ts";
import { writeTogether } from "../store/write.ts";
import { firstBarNumber } from "../tokens/bars.ts";
import { notated } from "../tokens/notated.ts";
import { keyName } from "../tokens/key.ts";
import { checkSettings } from "./settings/declare.ts";
import type { Run } from "./run.ts";
import { type ScoreSettings, scoreTable } from "./settings/score.ts";

/** Result of {@linkcode score}. */
export interface ScoreSummary {
  /** Paths of the SVG files, one per page. */
  readonly pages: readonly string[];
  /** Path of the MusicXML file, for MuseScore and other programs. */
  readonly musicXml: string;
  /** Number of bars, including an upbeat. */
  readonly bars: number;
  /** Number of written notes. */
  readonly notes: number;
  /** Number of chord symbols. */
  readonly chords: number;
  /** The initial key and each later one, with its bar number: an upbeat is bar 0. */
  readonly keys: readonly { readonly bar: number; readonly key: string }[];
  /** The initial metre and each later one, with its bar number. */
  readonly metres: readonly { readonly bar: number; readonly metre: string }[];
  /**
   * Share of the notes whose onset is more than a sixteenth of a beat from its written position.
   */
  readonly offGrid: number;
}

/**
 * Engraves the piano part of a MIDI file: two staves, with estimated keys, metres, note values and
 * voices. Writes one SVG file per page, and MusicXML beside them. If other files have these names,
 * the next free number is added.
 * @throws {Error} if the file cannot be read, has no notes for a piano, or the engraver is missing
 */
export async function score(settings: ScoreSettings, run: Run = {}): Promise<ScoreSummary & Shown> {
  const { midi, out = midi, stepsPerBeat, chords, beats = "auto", bar, tempo } = settings;
  checkSettings("engrave", scoreTable, settings);
  const bare = (path: string) => basename(path, extname(path));
  const { sheet, found, repairs } = await attempt(`engrave ${midi}`, async () => {
    const read = await readMusicFile(midi), { parts } = choosePiano(read, "piano");
    const { music, found } = followBeats(read, parts, beats, hintsOf(bar, tempo));
    return {
      sheet: writeSheet(found ? notated(music, found) : music, settings.title ?? bare(midi), {
        stepsPerBeat,
        chords,
      }),
      found,
      repairs: read.repairs,
    };
  });
  if (repairs.length > 0) run.onMessage?.(`${midi}: ${repairs.join(", ")}.`);
  run.signal?.throwIfAborted();
  const xml = musicXml(sheet);
  const images = await engrave(
    xml,
    (done, total) => run.onProgress?.({ task: "score", done, total }),
  );
  run.signal?.throwIfAborted();
  const endings = images.map((_, i) => images.length === 1 ? ".svg" : `-page-${i + 1}.svg`);
  const path = await writeTogether(dirname(out), bare(out), {
    ...Object.fromEntries(images.map((image, i) => [endings[i]!, image])),
    ".musicxml": xml,
  });
  if (found) {
    run.onMessage?.(
      `${
        beats === "track" ? "Beats found from the playing" : "The notes follow no beat of the file"
      }: ${beatsText(found)}. Correct them with --bar and ` +
        `--tempo; to hear the beats: ${nextStep("beats", { _: midi, click: true })}`,
    );
  } else if (!sheet.followsBeats) {
    run.onMessage?.(
      "The notes do not follow the file's beats, as in music that was played without a click, " +
        "so the bars and note values of this score mean little.",
    );
  }
  if (sheet.isForFourHands) {
    run.onMessage?.(
      "By the names of its tracks this is for four hands at one piano; a score has two staves, so " +
        "each of them has the notes of two hands.",
    );
  }
  return summarize(settings, images, {
    pages: endings.map((ending) => `${path}${ending}`),
    musicXml: `${path}.musicxml`,
    bars: sheet.bars.length,
    notes: sheet.notes.length,
    chords: sheet.bars.reduce((sum, bar) => sum + bar.chords.length, 0),
    keys: changes(sheet, ({ key }) => keyName(key)).map(([bar, key]) => ({ bar, key })),
    metres: changes(sheet, ({ numerator, denominator }) => `${numerator}/${denominator}`)
      .map(([bar, metre]) => ({ bar, metre })),
    offGrid: sheet.offGrid,
  });
}

/** Keys, metres and pages listed in the summary at most. */
const MOST_LISTED = 6;

function changes(
  { bars }: ScoreSheet,
  name: (bar: ScoreSheet["bars"][number]) => string,
): [bar: number, name: string][] {
  const first = firstBarNumber(bars.map(({ missing }) => ({ upbeat: missing > 0 })));
  return bars.flatMap((bar, i): [number, string][] =>
    i > 0 && name(bars[i - 1]!) === name(bar) ? [] : [[i + first, name(bar)]]
  );
}

function summarize(
  { midi }: ScoreSettings,
  images: readonly string[],
  summary: ScoreSummary,
): ScoreSummary & Shown {
  const { pages, bars, notes, chords, keys, metres, offGrid } = summary;
  const list = (names: readonly (readonly [number, string])[]) =>
    names.slice(0, MOST_LISTED).map(([bar, name], i) => i === 0 ? name : `${name} from bar ${bar}`)
      .join(", ") + (names.length > MOST_LISTED ? `, … (${names.length - 1} changes)` : "");
  return shown(summary, {
    title: `Score of ${midi}`,
    rows: [
      ["bars", numberText(bars)],
      ["notes", numberText(notes)],
      ...chords > 0 ? [["chord symbols", numberText(chords)] as const] : [],
      ["key", list(keys.map(({ bar, key }) => [bar, key]))],
      ["metre", list(metres.map(({ bar, metre }) => [bar, metre]))],
      ["off the grid", `${percentText(offGrid)} of the notes`],
      ["pages", pages.length > MOST_LISTED ? `${pages[0]} to ${pages.at(-1)}` : pages.join(", ")],
      ["for MuseScore", summary.musicXml],
    ],
  }, () => pagesHtml(images));
}
