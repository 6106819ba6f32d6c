import { dirname, join } from "node:path";
import { parseMetre } from "../beats/hints.ts";
import { CorpusBuilder } from "../corpus/builder.ts";
import { CORPUS, type CorpusManifest, loadCorpus, saveCorpus } from "../corpus/corpus.ts";
import { Twins } from "../corpus/twins.ts";
import { readReport, type Report, type ReportEntry, totalsOf } from "../corpus/report.ts";
import type { MidiLimits } from "../midi/music.ts";
import { isScoreName, SCORE_ENDINGS } from "../notation/kinds.ts";
import type { Shown } from "../show/summary.ts";
import { noneText } from "../show/text.ts";
import { removeRemains, requireOwn } from "../store/artifact.ts";
import { readManifest } from "../store/manifest.ts";
import { exists, reason, requireNoLink, sha256 } from "../store/files.ts";
import { lock } from "../store/lock.ts";
import { findMidiFiles, type MidiFiles } from "../store/midi_files.ts";
import { musicIn, readMusicContent } from "../store/music_files.ts";
import type { TokenizeSettings } from "../tokens/tokenize.ts";
import { checkSettings, givenOf } from "./settings/declare.ts";
import { entryOf, type Into, skipped } from "./preprocess/entry.ts";
import { type Made, type PreprocessSummary, summarize } from "./preprocess/summary.ts";
import { corpusFolder, type Run } from "./run.ts";
import {
  preprocessDefaults,
  type PreprocessSettings,
  preprocessTable,
} from "./settings/preprocess.ts";

/**
 * Makes a corpus from a folder of MIDI files: reads each file, selects the piano, quantises it to
 * the grid, and numbers its combinations.
 * @throws {Error} if no file could be used, a setting is out of range, or the corpus cannot be written
 */
export async function preprocess(
  settings: PreprocessSettings,
  run: Run = {},
): Promise<PreprocessSummary & Shown> {
  const folder = corpusFolder(settings, settings.name);
  const tokenizeSettings = tokenizeSettingsOf(settings);
  const files = await findMidiFiles(settings.midi, run);
  if (files.names.length === 0 && files.unreadable.length === 0) {
    throw new Error(
      `No MIDI files (.mid, .midi, .kar, .rmi) and no scores (.${SCORE_ENDINGS.join(", .")}) in ` +
        settings.midi,
    );
  }
  await requireNoLink(dirname(folder));
  await using _ = await lock(folder);
  await removeRemains(folder, await requireOwn(folder, CORPUS.kind));
  const { limits } = settings;
  const madeFrom = (contents: readonly string[]) =>
    fingerprint(files, contents, tokenizeSettings, limits);
  const contents: string[] = [];
  for (const name of files.names) contents.push(await contentOf(join(files.folder, name), limits));
  const there = await madeBefore(folder, madeFrom(contents));
  if (there) return summarize({ ...there, folder, asked: settings, unchanged: true });

  const builder = new CorpusBuilder(tokenizeSettings);
  const kinds = new Set(files.names.map(isScoreName));
  const twins = kinds.size === 2 ? new Twins(tokenizeSettings.grid.attacks) : undefined;
  const entries: ReportEntry[] = files.unreadable.map(({ name, reason }) =>
    skipped(name, `cannot be opened: ${reason}`)
  );
  const verdicts: ReportEntry[] = [];
  // scores first: where a piece exists in both formats, they have hands and exact note values
  const indices = files.names.map((_, index) => index)
    .sort((a, b) => Number(isScoreName(files.names[b]!)) - Number(isScoreName(files.names[a]!)));
  for (const [done, index] of indices.entries()) {
    run.signal?.throwIfAborted();
    const name = files.names[index]!;
    run.onProgress?.({ task: "read", done, total: files.names.length, detail: name });
    const { entry, content } = await addFile(files.folder, name, tokenizeSettings, limits, {
      builder,
      twins,
    });
    verdicts[index] = entry;
    contents[index] = content; // a file may have changed or vanished since it was listed
  }
  entries.push(...verdicts);
  run.onProgress?.({ task: "read", done: files.names.length, total: files.names.length });

  const parts = builder.finish();
  if (parts.pieces.length === 0) {
    throw new Error(noneText(entries, { noun: "file", folder: settings.midi, done: "used" }));
  }
  const report: Report = { files: entries, totals: totalsOf(entries) };
  const { generation } = await saveCorpus(folder, {
    ...parts,
    madeFrom: madeFrom(contents),
    report: JSON.stringify(report, null, 1) + "\n",
  });
  return summarize({ ...parts, report, generation, folder, asked: settings, unchanged: false });
}

/** Adds a file to a corpus. @returns its verdict and its content hash */
async function addFile(
  folder: string,
  name: string,
  settings: TokenizeSettings,
  limits: Partial<MidiLimits> | undefined,
  into: Into,
): Promise<{ entry: ReportEntry; content: string }> {
  let content: string | undefined;
  try {
    const bytes = await readMusicContent(join(folder, name), limits);
    content = sha256(bytes);
    return { entry: entryOf(name, await musicIn(name, bytes, limits), settings, into), content };
  } catch (error) {
    const why = reason(error);
    return { entry: skipped(name, why), content: content ?? why };
  }
}

/** The part of the settings that determines a MIDI file's frames. */
function tokenizeSettingsOf(settings: PreprocessSettings): TokenizeSettings {
  checkSettings("preprocess", preprocessTable, settings, ["limits"]);
  const { stepsPerBeat, framesPerSecond, ...rest } = settings;
  if (stepsPerBeat !== undefined && framesPerSecond !== undefined) {
    throw new RangeError(
      "Cannot use a grid in beats and in seconds: give stepsPerBeat or framesPerSecond",
    );
  }
  const { attacks, tracks, melody, pedal, beats, bar } = {
    ...preprocessDefaults,
    ...givenOf(rest),
  };
  if (framesPerSecond !== undefined && (rest.beats ?? bar) !== undefined) {
    throw new TypeError("Cannot find beats on a grid in seconds: leave out beats and bar");
  }
  if (bar !== undefined) parseMetre(bar);
  const grid = framesPerSecond !== undefined
    ? { unit: "second", steps: framesPerSecond, attacks } as const
    : { unit: "beat", steps: stepsPerBeat ?? preprocessDefaults.stepsPerBeat, attacks } as const;
  const found = { ...(beats !== "auto" && { beats }), ...(bar !== undefined && { bar }) };
  return { grid, tracks, melody, pedal, ...found };
}

/** Hash over everything that the corpus depends on; an unreadable file counts as such. */
function fingerprint(
  { names, unreadable }: MidiFiles,
  contents: readonly string[],
  tokenizeSettings: TokenizeSettings,
  limits: Partial<MidiLimits> = {},
): string {
  const settings = [tokenizeSettings, limits];
  const parts = names.map((name, index) => JSON.stringify([name, contents[index]]));
  return sha256(
    [JSON.stringify([CORPUS.formatVersion, settings, unreadable]), ...parts].join("\n"),
  );
}

/** SHA-256 of a file, or the reason why it cannot be read. */
function contentOf(path: string, limits?: Partial<MidiLimits>): Promise<string> {
  return readMusicContent(path, limits).then(sha256, reason);
}

/** The existing corpus made from identical inputs; none if it is damaged, to be made anew. */
async function madeBefore(folder: string, madeFrom: string): Promise<Made | undefined> {
  if (!await exists(folder)) return undefined;
  try {
    const { madeFrom: before, generation } = await readManifest<CorpusManifest>(folder, CORPUS);
    if (before !== madeFrom) return undefined;
    const corpus = await loadCorpus(folder), { touch } = corpus.style;
    if (touch && !touch.timing) return undefined; // made before timing was learned
    return { ...corpus, report: await readReport(folder), generation };
  } catch {
    return undefined;
  }
}
