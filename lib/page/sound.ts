/// <reference lib="dom" />
import { bytesOf } from "./bytes.ts";
import type { SessionNote, Who } from "./session.ts";

/** A sounding note. */
export interface Voice {
  /** Releases it at a given time, in seconds of `performance.now()`. */
  stop(at: number): void;
}

/** Recording of a key, and the position of its attack: encoders insert some silence before it. */
interface Sample {
  readonly buffer: AudioBuffer;
  readonly stroke: number;
}

/** Decay time in seconds of a released string, and time after which it is silent. */
const RELEASE = 0.06, FADED = 8 * RELEASE;

/** Seconds rendered at once, and before them, so that filters have settled. */
const PART = { seconds: 30, lead: 0.1 } as const;

/**
 * Stereo position and brightness of the players: they sit apart, and the model's piano is duller,
 * which makes the turns audible.
 */
const PLACES: Readonly<Record<Who, { pan: number; brightness: number }>> = {
  person: { pan: -0.2, brightness: 20_000 },
  model: { pan: 0.3, brightness: 4200 },
};

/** Longest wait in milliseconds for the sound to start. */
const PATIENCE = 3000;

/** Longest wait in milliseconds for the recordings to be decoded. */
const LONGEST_DECODING = 20_000;

export const SAMPLE_RATE = 44_100;

/** Pitch around which keys are likely to be played first. */
const MIDDLE = 60;

const SILENT: Voice = { stop() {} };

/** The piano of a page; it keeps time by `performance.now()`, whether it sounds or not. */
export class Sound {
  readonly #samples = new Map<number, Sample>();
  readonly #decoded: Promise<void>;
  readonly #say: (text: string) => void;
  #audio: AudioContext | undefined;
  #outputs: Readonly<Record<Who, AudioNode>> | undefined;
  #meter: AnalyserNode | undefined;

  /**
   * @param piano MP3 recording of each key, encoded by `textOf`
   * @param say is called once if sound does not start
   */
  constructor(piano: Readonly<Record<string, string>>, say: (text: string) => void) {
    this.#say = say;
    this.#decoded = this.#decode(piano);
    this.#decoded.catch(({ message }) => say(`No sound: the piano cannot be decoded: ${message}`));
  }

  /** Starts the sound, which browsers allow only after a user action. */
  start(): void {
    if (this.#audio) {
      if (this.#audio.state === "suspended") void this.#audio.resume();
      return;
    }
    let audio: AudioContext;
    try {
      audio = this.#audio = new AudioContext({ latencyHint: "interactive" });
    } catch (error) {
      return this.#say(`No sound: ${(error as Error).message}`);
    }
    this.#meter = new AnalyserNode(audio, { fftSize: 2048 });
    this.#meter.connect(audio.destination);
    this.#outputs = outputsOf(audio, this.#meter);
    void audio.resume();
    setTimeout(() => {
      if (audio.state === "running") return;
      this.#say("No sound: this browser has not started its audio. Is there a loudspeaker?");
      audio.addEventListener("statechange", () => audio.state === "running" && this.#say(""));
    }, PATIENCE);
  }

  /** Whether notes are audible now. */
  get isRunning(): boolean {
    return this.#audio?.state === "running" && this.#samples.size > 0;
  }

  /** Resolves when all recordings are decoded. */
  get ready(): Promise<void> {
    return this.#decoded;
  }

  /** Latency in seconds from a key to its sound, as far as the browser reports it. */
  get latency(): number {
    return (this.#audio?.baseLatency ?? 0) + (this.#audio?.outputLatency ?? 0);
  }

  /** Peak amplitude of the last 46 ms. */
  get peak(): number {
    const wave = new Float32Array(2048);
    this.#meter?.getFloatTimeDomainData(wave);
    return wave.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  }

  /** Strikes a key at a given time, immediately if that is past. */
  strike(who: Who, pitch: number, velocity: number, at: number): Voice {
    const audio = this.#audio;
    if (!audio || !this.isRunning) return SILENT;
    const time = (moment: number) =>
      Math.max(audio.currentTime, audio.currentTime + moment - performance.now() / 1000);
    const voice = voiceOn(audio, this.#outputs![who], this.#nearest(pitch), pitch, velocity);
    voice.start(time(at));
    return { stop: (moment) => voice.stop(time(moment)) };
  }

  /** Plays a click of the metronome. */
  click(at: number, isFirst: boolean): void {
    const audio = this.#audio;
    if (!audio || audio.state !== "running") return;
    const start = Math.max(audio.currentTime, audio.currentTime + at - performance.now() / 1000);
    const tone = new OscillatorNode(audio, { frequency: isFirst ? 1760 : 1175 });
    const gain = new GainNode(audio, { gain: 0 });
    gain.gain.setValueAtTime(0.15, start);
    gain.gain.exponentialRampToValueAtTime(0.001, start + 0.05);
    tone.connect(gain).connect(this.#meter!);
    tone.start(start);
    tone.stop(start + 0.06);
  }

  /** Renders notes in two channels, part by part: a long session would need too much memory. */
  async *render(notes: readonly SessionNote[]): AsyncGenerator<readonly Float32Array[]> {
    const late = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error("the piano is not decoded yet")), LONGEST_DECODING);
    });
    await Promise.race([this.#decoded, late]);
    const seconds = notes.reduce((last, { end }) => Math.max(last, end), 0) + 1;
    for (let first = 0; first < seconds; first += PART.seconds) {
      const from = Math.max(0, first - PART.lead), to = Math.min(seconds, first + PART.seconds);
      const length = Math.ceil((to - from) * SAMPLE_RATE);
      const audio = new OfflineAudioContext(2, length, SAMPLE_RATE);
      const outputs = outputsOf(audio, audio.destination);
      for (const { who, pitch, start, end, velocity } of notes) {
        if (start >= to || end + FADED < from) continue;
        const voice = voiceOn(audio, outputs[who], this.#nearest(pitch), pitch, velocity);
        voice.start(start - from);
        voice.stop(end - from);
      }
      const made = await audio.startRendering(), lead = Math.round((first - from) * SAMPLE_RATE);
      yield [0, 1].map((channel) => made.getChannelData(channel).subarray(lead));
    }
  }

  async #decode(piano: Readonly<Record<string, string>>): Promise<void> {
    const decoder = new OfflineAudioContext(1, 1, SAMPLE_RATE); // needs no user action
    const fromMiddle = ([pitch]: [string, string]) => Math.abs(Number(pitch) - MIDDLE);
    const all = Object.entries(piano).sort((a, b) => fromMiddle(a) - fromMiddle(b));
    await Promise.all(
      all.map(async ([pitch, mp3]) => {
        const buffer = await decoder.decodeAudioData(bytesOf(mp3).buffer);
        this.#samples.set(Number(pitch), { buffer, stroke: strokeOf(buffer) });
      }),
    );
  }

  #nearest(pitch: number): Sample & { pitch: number } {
    let best: number | undefined;
    for (const key of this.#samples.keys()) {
      if (best === undefined || Math.abs(key - pitch) < Math.abs(best - pitch)) best = key;
    }
    return { ...this.#samples.get(best!)!, pitch: best! };
  }
}

function outputsOf(audio: BaseAudioContext, to: AudioNode): Readonly<Record<Who, AudioNode>> {
  const output = (who: Who) => {
    const { pan, brightness } = PLACES[who];
    const first = new BiquadFilterNode(audio, { type: "lowpass", frequency: brightness, Q: 0.3 });
    first.connect(new StereoPannerNode(audio, { pan })).connect(new GainNode(audio, { gain: 0.7 }))
      .connect(to);
    return first;
  };
  return { person: output("person"), model: output("model") };
}

/** A voice; times before 0 have passed. */
function voiceOn(
  audio: BaseAudioContext,
  to: AudioNode,
  { buffer, stroke, pitch: recorded }: Sample & { readonly pitch: number },
  pitch: number,
  velocity: number,
): { start(at: number): void; stop(at: number): void } {
  const playbackRate = 2 ** ((pitch - recorded) / 12), loudness = (velocity / 127) ** 1.6;
  const source = new AudioBufferSourceNode(audio, { buffer, playbackRate });
  const gain = new GainNode(audio, { gain: loudness });
  source.connect(gain).connect(to);
  return {
    start: (at) => source.start(Math.max(0, at), stroke + Math.max(0, -at) * playbackRate),
    stop(at) {
      if (at < 0) gain.gain.value = loudness * Math.exp(at / RELEASE);
      gain.gain.cancelScheduledValues(Math.max(0, at));
      gain.gain.setTargetAtTime(0, Math.max(0, at), RELEASE);
      source.stop(at + FADED);
    },
  };
}

/** Position of the attack in a recording, in seconds. */
function strokeOf(buffer: AudioBuffer): number {
  const wave = buffer.getChannelData(0);
  let peak = 0, first = 0;
  for (let at = 0; at < wave.length; at++) peak = Math.max(peak, Math.abs(wave[at]!));
  while (Math.abs(wave[first]!) < 0.03 * peak) first++;
  return Math.max(0, first / buffer.sampleRate - 0.001);
}
