/// <reference lib="dom" />
import { type Heard, heardOf } from "../show/sounding.ts";
import { type BarsView, viewOfBars } from "./bars_view.ts";
import type { PlayerLink } from "./player_link.ts";
import { download, recipeFile } from "./save.ts";
import type { Sound } from "./sound.ts";
import { zipOf } from "./zip.ts";

/** An open piece: each state with the change that made it from the preceding one. */
interface OpenPiece {
  readonly name: string;
  readonly states: {
    readonly midi: Uint8Array;
    readonly heard: Heard;
    readonly recipe?: object;
    readonly made?: Range;
  }[];
  at: number;
}

/** Range of bars by their positions in the piece, from 1, inclusive. */
interface Range {
  readonly first: number;
  readonly last: number;
}

/** Dependencies on the page. */
interface BarsStage {
  readonly player: PlayerLink;
  readonly sound: Sound;
  readonly now: () => number;
  readonly pieces: readonly { readonly name: string; readonly midi: Uint8Array }[];
  /** Index of the piece to be opened first. */
  readonly first: number;
}

/** Bars played before those made anew. */
const LEAD_BARS = 2;

/** Lead time in seconds with which notes are scheduled on the piano. */
const AHEAD = 0.2;

/** Share of a bar's beats made anew by varying. */
const VARIED = 0.4;

/** Bars that can be made anew. */
interface Bars {
  /** Stops playback. */
  stop(): void;
  /** Goes on with playback; to be called every few hundredths of a second. */
  tick(): void;
}

/** Shows pieces with bars that can be made anew. */
export function showBars(place: HTMLElement, stage: BarsStage): Bars {
  const view: BarsView = viewOfBars(place, {
    pieces: stage.pieces.map(({ name }) => name),
    first: stage.first,
    choose: (index) => open(stage.pieces[index]!.name, stage.pieces[index]!.midi),
    openFile: async (file) => {
      try {
        open(file.name, new Uint8Array(await file.arrayBuffer()));
      } catch (error) {
        view.say(`Cannot open ${file.name}: ${(error as Error).message}`, true);
      }
    },
    fill: () => make(undefined),
    vary: () => make(VARIED),
    again: () => again(),
    undo: () => go(-1),
    redo: () => go(1),
    play: () => playing ? stop() : play(view.selected()?.first ?? 1),
    save: () => save(),
  });
  let piece: OpenPiece | undefined, seed = 1, isMaking = false;
  let playing:
    | { from: number; began: number; next: number; voices: { stop(at: number): void }[] }
    | undefined;
  const given = stage.pieces[stage.first];
  if (given) open(given.name, given.midi);
  else show();
  return { stop, tick: schedule };

  function open(name: string, midi: Uint8Array): void {
    stop();
    piece = { name, states: [{ midi, heard: heardOf(midi) }], at: 0 };
    view.say("Choose bars: click them, or move with the arrow keys and press Space.");
    show();
  }

  function show(): void {
    const state = piece?.states[piece.at];
    const before = piece && piece.at > 0 ? piece.states[piece.at - 1]!.heard.notes : [];
    view.show(state?.heard, before, {
      undo: !!piece && piece.at > 0,
      redo: !!piece && piece.at < piece.states.length - 1,
      again: !!state?.made,
      isMaking,
    });
  }

  /** Makes the selected bars anew; meanwhile those before them are played. */
  async function make(distance: number | undefined, range = view.selected()): Promise<void> {
    if (!piece || isMaking) return;
    if (!range) return view.say("Choose bars first: click them in the roll.", true);
    const own = piece, { midi } = own.states[own.at]!;
    isMaking = true;
    show();
    view.say(`Making ${inWords(range)} anew …`);
    const asked = performance.now();
    if (stage.sound.isRunning) play(range.first, range);
    try {
      const made = await stage.player.make({
        midi,
        name: own.name,
        ...range,
        distance,
        seed: seed++,
      });
      own.states.splice(own.at + 1);
      const { midi: changed, recipe } = made;
      own.states.push({ midi: changed, heard: heardOf(changed), recipe, made: range });
      own.at++;
      const seconds = ((performance.now() - asked) / 1000).toFixed(1);
      const but = made.problems.length > 0 ? `, but ${made.problems.join(", ")}` : "";
      view.say(`${inWords(range)} made anew in ${seconds} s${but}.`);
      if (playing) playing.next = Math.max(playing.next, secondsOf(range.first));
    } catch (error) {
      view.say((error as Error).message, true);
      stop();
    }
    isMaking = false;
    show();
  }

  /** Makes the latest bars again. */
  async function again(): Promise<void> {
    const state = piece?.states[piece.at];
    if (!piece || !state?.made || isMaking) return;
    const scope = (state.recipe as { scope: { distance?: number } }).scope;
    piece.at--;
    await make(scope.distance, state.made);
  }

  function go(by: -1 | 1): void {
    if (!piece || isMaking || !piece.states[piece.at + by]) return;
    const { made } = piece.states[by < 0 ? piece.at : piece.at + 1]!;
    piece.at += by;
    stop();
    view.say(`${by < 0 ? "Undone" : "Done again"}${made ? `: ${inWords(made)}` : ""}.`);
    show();
  }

  /** Bars of the open piece in words, by their numbers. */
  function inWords({ first, last }: Range): string {
    const before = piece!.states[piece!.at]!.heard.firstBar - 1;
    return first === last ? `Bar ${first + before}` : `Bars ${first + before} to ${last + before}`;
  }

  function secondsOf(bar: number): number {
    return piece!.states[piece!.at]!.heard.bars[bar - 1] ?? 0;
  }

  /** Plays from two bars before a given one, up to a range still being made, if there is one. */
  function play(bar: number, until?: Range): void {
    if (!piece) return;
    stage.sound.start();
    stop();
    const from = secondsOf(Math.max(1, bar - LEAD_BARS));
    playing = { from, began: stage.now() + 0.1, next: from, voices: [] };
    if (until && bar === 1) playing.next = Infinity; // there is nothing before it
    schedule();
  }

  /** Schedules the next notes on the piano; waits before bars still being made. */
  function schedule(): void {
    if (!playing || !piece) return;
    const { notes, bars, seconds } = piece.states[piece.at]!.heard;
    const time = () => playing!.from + stage.now() - playing!.began;
    const range = isMaking ? view.selected() : undefined;
    const gap = range ? bars[range.first - 1] ?? 0 : Infinity;
    if (time() > gap - AHEAD / 2 || playing.next === Infinity) {
      if (isMaking) { // pauses on the bar line
        playing.began = stage.now() + AHEAD / 2;
        playing.from = playing.next = gap;
        return;
      }
    }
    const until = Math.min(gap, time() + AHEAD);
    for (const { pitch, start, end, velocity } of notes) {
      if (start < playing.next || start >= until) continue;
      const at = playing.began + start - playing.from;
      const voice = stage.sound.strike("model", pitch, velocity, at);
      voice.stop(at + end - start);
      playing.voices.push(voice);
    }
    playing.next = Math.max(playing.next, until);
    view.head(Math.max(0, Math.min(seconds, time())), seconds);
    if (time() > seconds + 0.5) stop();
  }

  function stop(): void {
    for (const voice of playing?.voices ?? []) voice.stop(stage.now());
    playing = undefined;
    view.head(undefined, 1);
  }

  /**
   * Saves the piece, and the recipes of its changes in order: each makes a state from the preceding
   * one.
   */
  async function save(): Promise<void> {
    if (!piece) return;
    const name = piece.name.replace(/^.*[\\/]/, "").replace(/\.midi?$/i, "");
    const files: Record<string, Uint8Array> = { [`${name}.mid`]: piece.states[piece.at]!.midi };
    for (const [index, { recipe, midi }] of piece.states.slice(0, piece.at + 1).entries()) {
      if (recipe) files[`${name}-change-${index}.json`] = await recipeFile(recipe, midi);
    }
    download(`${name}-bars.zip`, zipOf(files), "application/zip");
  }
}
