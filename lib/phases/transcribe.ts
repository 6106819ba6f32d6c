import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { nextStep } from "../show/next_step.ts";
import { type Shown, shown } from "../show/summary.ts";
import { durationText, noneText, numberText, visible } from "../show/text.ts";
import { type TranscribedPiece, transcriptionsPage } from "../show/transcriptions.ts";
import { reason } from "../store/files.ts";
import { findMidiFiles } from "../store/midi_files.ts";
import { writeTogether } from "../store/write.ts";
import { isRecordingName, RECORDING_ENDINGS } from "../notation/kinds.ts";
import { clarityOf, decodeNotes, midiOfNotes } from "../transcribe/notes.ts";
import type { TimedNote } from "../midi/music.ts";
import { readSound } from "../transcribe/sound.ts";
import { type Ear, listenTo, startEar } from "../transcribe/transcribe.ts";
import { breathing, type Run } from "./run.ts";
import { checkSettings } from "./settings/declare.ts";
import { type TranscribeSettings, transcribeTable } from "./settings/transcribe.ts";

/** Result of {@linkcode transcribe}. */
export interface TranscribeSummary {
  /** One verdict per recording. */
  readonly files: readonly {
    /** Path within the folder. */
    readonly file: string;
    /** Path of the written MIDI file; undefined where the recording was skipped. */
    readonly midi?: string;
    /** Reason for skipping. */
    readonly reason?: string;
    /** Number of transcribed notes. */
    readonly notes: number;
    /** Duration in seconds. */
    readonly seconds: number;
  }[];
  /** Page for comparing the transcriptions with the recordings; undefined where there are none. */
  readonly page?: string;
}

type Verdict = TranscribeSummary["files"][number];

/** Amplitude, of 1, below which a recording is silent. */
const SILENT = 0.0005;

/**
 * Least share of clear onsets: of the onsets of a piano 11 to 29 % were clear, of speech 5 to 8 %.
 */
const CLEAR = 0.09;

/** Least number of notes in music. */
const FEWEST_NOTES = 4;

/** Transcribes piano recordings to MIDI files: the phase `transcribe`. */
export async function transcribe(
  settings: TranscribeSettings,
  run: Run = {},
): Promise<TranscribeSummary & Shown> {
  checkSettings("transcribe", transcribeTable, settings);
  const { audio, out } = settings;
  const found = await findMidiFiles(audio, { ...run, accepts: isRecordingName });
  if (found.names.length === 0 && found.unreadable.length === 0) {
    throw new Error(`No recordings (.${RECORDING_ENDINGS.join(", .")}) in ${audio}`);
  }
  const files: Verdict[] = found.unreadable.map(({ name, reason }) => ({
    ...{ file: name, reason: `cannot be opened: ${reason}`, notes: 0, seconds: 0 },
  }));
  const pieces: TranscribedPiece[] = [];
  const ear = await startEar(settings);
  const sizes = await Promise.all(
    found.names.map(async (name) =>
      (await Deno.stat(join(found.folder, name)).catch(() => undefined))?.size ?? 0
    ),
  );
  const total = Math.max(1, sizes.reduce((sum, size) => sum + size, 0));
  let before = 0;
  for (const [index, name] of found.names.entries()) {
    const path = join(found.folder, name), size = sizes[index]!;
    const breathe = breathing(run);
    const onShare = async (share: number) => {
      run.onProgress?.({
        task: "transcribe",
        done: before + share * size,
        total,
        detail: visible(name),
      });
      await breathe();
    };
    try {
      const { notes, seconds } = await hear(path, ear, onShare);
      const own = found.folder === "" ? basename(name) : name;
      const midi = await write(join(out, dirname(own)), own, notes);
      files.push({ file: name, midi, notes: notes.length, seconds });
      const recording = relative(resolve(out), resolve(path)).replaceAll("\\", "/");
      pieces.push({
        ...{ name: own, notes, seconds },
        recording: recording.startsWith("/") ? pathToFileURL(path).href : encodeURI(recording),
      });
    } catch (error) {
      run.signal?.throwIfAborted();
      files.push({ file: name, reason: reason(error), notes: 0, seconds: 0 });
    }
    before += size;
  }
  run.onProgress?.({ task: "transcribe", done: total, total });
  if (pieces.length === 0) {
    throw new Error(noneText(files, { noun: "recording", folder: audio, done: "transcribed" }));
  }
  const page = `${await writeTogether(out, "transcriptions", {
    ".html": transcriptionsPage(pieces),
  })}.html`;
  return summarize({ files, page }, settings);
}

/** Share of decoding in the progress: decoding is fast, transcription is not. */
const DECODING = 0.05;

/** Notes of a recording. @throws {Error} with the reason if it is not piano music */
async function hear(
  path: string,
  ear: Ear,
  onShare: (share: number) => Promise<void>,
): Promise<{ notes: TimedNote[]; seconds: number }> {
  const sound = await readSound(path, (share) => onShare(DECODING * share));
  const { seconds } = sound;
  if (sound.level < SILENT) throw new Error("it is silent");
  const heard = await listenTo(
    ear,
    sound,
    (done) => onShare(DECODING + (1 - DECODING) * done / seconds),
  );
  const notes = decodeNotes(heard), clarity = clarityOf(heard);
  if (notes.length < FEWEST_NOTES) throw new Error("no piano was detected in it");
  if (clarity < CLEAR) {
    throw new Error(
      `it does not sound like a piano alone: ${Math.round(100 * clarity)} % of its notes begin ` +
        `clearly, of a piano's at least ${
          100 * CLEAR
        } %; speech, song and other instruments blur them`,
    );
  }
  return { notes, seconds };
}

async function write(folder: string, name: string, notes: readonly TimedNote[]): Promise<string> {
  const bare = basename(name, extname(name));
  await Deno.mkdir(folder, { recursive: true });
  return `${await writeTogether(folder, bare, { ".mid": midiOfNotes(notes, bare) })}.mid`;
}

function summarize(
  summary: TranscribeSummary,
  { out }: TranscribeSettings,
): TranscribeSummary & Shown {
  const { files, page } = summary;
  const sum = (of: (file: Verdict) => number) => files.reduce((all, file) => all + of(file), 0);
  const skipped = files.filter(({ midi }) => midi === undefined);
  return shown(summary, {
    title: `Transcriptions in ${out}`,
    rows: [
      [
        "recordings",
        `${files.length}: ${files.length - skipped.length} transcribed, ${skipped.length} skipped`,
      ],
      ["length", durationText(sum(({ seconds }) => seconds))],
      ["notes", numberText(sum(({ notes }) => notes))],
      ...skipped.map(({ file, reason }) => ["skipped", `${visible(file)}: ${reason}`] as const),
      [
        "not heard",
        "loudness and pedal; about one note in eight is missed or wrong, more in an echoing room",
      ],
      ["listen", page!],
      ["next", nextStep("preprocess", { midi: out, name: "mine" })],
    ],
  });
}
