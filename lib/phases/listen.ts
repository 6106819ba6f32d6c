import { extname } from "node:path";
import { playedBy } from "../audio/instruments.ts";
import { gainFor, loudnessMeter, toDecibels } from "../audio/loudness.ts";
import { timedEvents } from "../audio/render.ts";
import { PIANO_CREDIT } from "../audio/samples.ts";
import { SAMPLE_RATE } from "../audio/synthesizer.ts";
import { createWav, isOwnWav, MOST_FRAMES } from "../audio/wav_file.ts";
import { musicBegins } from "../midi/bar_lines.ts";
import type { Part } from "../midi/music.ts";
import { secondsAt } from "../midi/tempo.ts";
import { isPianoKey, whyNoNotes } from "../midi/piano.ts";
import { midiName, type ToneMidi } from "../midi/tone.ts";
import { isScoreName } from "../notation/kinds.ts";
import { type Shown, shown } from "../show/summary.ts";
import { durationText, numberText } from "../show/text.ts";
import { attempt, exists } from "../store/files.ts";
import { lock } from "../store/lock.ts";
import { readMusicFile } from "../store/music_files.ts";
import { type Run, takeBreath } from "./run.ts";
import { checkSettings } from "./settings/declare.ts";
import { type ListenSettings, listenTable } from "./settings/listen.ts";

/** Result of {@linkcode listen}. */
export interface ListenSummary {
  /** Path of the WAV file: 44,100 Hz, 16 bit, stereo. */
  readonly file: string;
  /** Duration in seconds, including the decay of the last note. */
  readonly seconds: number;
  /** Number of notes played. */
  readonly notes: number;
  /** Number of notes left out: drums, those beyond a piano's keys, and parts muted in the file. */
  readonly notesLeftOut: number;
  /** Seconds of empty bars left out before the music. */
  readonly silenceLeftOut: number;
  /** Mean level of the sounding parts, in dB below full scale. */
  readonly rmsDecibels: number;
  /** The largest sample, in dB below full scale. */
  readonly peakDecibels: number;
}

const BREATH_MILLISECONDS = 30;

/**
 * Renders a MIDI file as audio: reads it, plays it on the piano, and normalises its loudness. All
 * pitched parts are played on the piano; with a custom SoundFont, all parts on the instruments
 * specified in the file.
 * @throws {Error} if the file cannot be read, has no notes, or the piano's recordings are missing
 */
export async function listen(
  settings: ListenSettings,
  run: Run = {},
): Promise<ListenSummary & Shown> {
  const { soundFont } = settings, midi = midiName(settings.midi);
  checkSettings("play music", listenTable, { ...settings, midi });
  const file = settings.out ?? besides(settings.midi);
  await requireOutput(file, settings);
  const music = await attempt(`play ${midi}`, () => readMusicFile(settings.midi));
  const parts = music.parts.filter((part) =>
    (soundFont !== undefined || !part.drum) && !part.silent
  ).map((part) => soundFont ? part : { ...part, notes: part.notes.filter(isPianoKey) });
  const notes = count(parts);
  if (notes === 0) {
    throw new Error(`Cannot play ${midi}: ${whyNoNotes(music, "it has no notes for a piano")}`);
  }
  await using _ = await lock(file);

  const begins = musicBegins({ ...music, parts });
  const events = timedEvents(music, parts, begins);
  const lastFrame = events.at(-1)?.frame ?? 0;
  const total = Math.ceil(lastFrame / SAMPLE_RATE);
  if (lastFrame > MOST_FRAMES) {
    throw new RangeError(
      `Cannot play ${midi}: it lasts ${durationText(total)}, and a WAV file holds ` +
        `${durationText(Math.floor(MOST_FRAMES / SAMPLE_RATE))} of this sound at most`,
    );
  }

  const sound = await playedBy(parts, events, soundFont, run.signal);
  await using wav = await createWav(file, SAMPLE_RATE);
  const loudness = loudnessMeter(SAMPLE_RATE);
  let breath = performance.now();
  for (const block of sound) {
    loudness.add(block.left, block.right, block.count);
    await wav.write(block);
    if (performance.now() - breath < BREATH_MILLISECONDS) continue;
    await takeBreath(run);
    breath = performance.now();
    const seconds = Math.floor(wav.frames() / SAMPLE_RATE);
    run.onProgress?.({ task: "play", done: Math.min(total, seconds), total });
  }
  const gain = gainFor(loudness.rms(), loudness.peak());
  await wav.finish(gain);
  run.onProgress?.({ task: "play", done: total, total });

  return summarize({
    file,
    seconds: wav.frames() / SAMPLE_RATE,
    notes,
    notesLeftOut: count(music.parts) - notes,
    silenceLeftOut: secondsAt(music, begins),
    rmsDecibels: toDecibels(gain * loudness.rms()),
    peakDecibels: toDecibels(gain * loudness.peak()),
  }, settings);
}

/** Checks before any computation that the audio file can be written. */
async function requireOutput(file: string, { midi, overwrite }: ListenSettings): Promise<void> {
  const what = `Cannot write the sound of ${midiName(midi)} to ${file}`;
  const there = await Deno.stat(file).catch(() => undefined);
  if (!there) {
    if (!await exists(file)) return;
    throw new Error(`${what}: there is a broken link; choose another --out`);
  }
  if (!there.isFile) throw new Error(`${what}: it is a folder or a device; choose another --out`);
  if (await Deno.realPath(file) === await Deno.realPath(midiName(midi)).catch(() => undefined)) {
    throw new Error(`${what}: that is the MIDI file itself; choose another --out`);
  }
  if (overwrite || await isOwnWav(file)) return;
  throw new Error(
    `${what}: the existing file was changed, or another program wrote it; choose another ` +
      `--out, or give --overwrite to replace it`,
  );
}

/** Default path of the audio file: beside the MIDI file. */
function besides(midi: string | ToneMidi): string {
  if (typeof midi === "string") {
    const bare = isScoreName(midi)
      ? midi.slice(0, -extname(midi).length)
      : midi.replace(/\.(midi?|kar|rmi)$/i, "");
    return `${bare}.wav`;
  }
  throw new TypeError(
    `Cannot play ${midiName(midi)}, which has no file: name the sound file with out`,
  );
}

function count(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + part.notes.length, 0);
}

function summarize(
  summary: ListenSummary,
  { midi, soundFont }: ListenSettings,
): ListenSummary & Shown {
  const { file, seconds, notes, notesLeftOut, silenceLeftOut, rmsDecibels, peakDecibels } = summary;
  return shown(summary, {
    title: `Sound of ${midiName(midi)}`,
    rows: [
      [
        "length",
        durationText(seconds) +
        (silenceLeftOut > 0
          ? `; ${durationText(silenceLeftOut)} of empty bars before the music left out`
          : ""),
      ],
      [
        "notes",
        numberText(notes) +
        (notesLeftOut > 0
          ? `; ${numberText(notesLeftOut)} left out (drums, muted parts, beyond the piano's keys)`
          : ""),
      ],
      ["level", `${rmsDecibels.toFixed(1)} dB on average, ${peakDecibels.toFixed(1)} dB at most`],
      ["instrument", soundFont ?? PIANO_CREDIT],
      ["file", file],
    ],
  });
}
