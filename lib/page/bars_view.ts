/// <reference lib="dom" />
import { type Heard, placeOf } from "../show/sounding.ts";
import type { PlayedNote } from "../midi/music.ts";
import { buttonFor, element } from "./element.ts";

/** User actions on the bars of a piece. */
interface BarsActions {
  readonly pieces: readonly string[];
  /** Index of the piece that is open first. */
  readonly first: number;
  choose(index: number): void;
  openFile(file: File): void;
  fill(): void;
  vary(): void;
  again(): void;
  undo(): void;
  redo(): void;
  play(): void;
  save(): void;
}

/** View of the bars. */
export interface BarsView {
  /** Shows a piece; notes not among the earlier ones are drawn hollow. */
  show(
    heard: Heard | undefined,
    before: readonly PlayedNote[],
    can: { undo: boolean; redo: boolean; again: boolean; isMaking: boolean },
  ): void;
  /** Positions of the selected bars, the first at 1; undefined: none. */
  selected(): { first: number; last: number } | undefined;
  say(text: string, isProblem?: boolean): void;
  /** Sets the playback position in seconds; undefined: none. */
  head(at: number | undefined, seconds: number): void;
}

/** Least width of a bar in pixels. */
const LEAST_WIDTH = 36;

/** Builds the view of the bars. */
export function viewOfBars(place: HTMLElement, actions: BarsActions): BarsView {
  const button = (id: string, text: string, act: () => void) =>
    buttonFor(text, { id: `bars-${id}` }, act);
  const status = element("p", { role: "status", "aria-live": "polite", id: "bars-status" });
  const problem = element("p", { role: "alert", class: "problem" });
  const list = element("select", { id: "bars-piece", "aria-label": "Piece" });
  actions.pieces.forEach((name, at) => list.append(element("option", { value: String(at) }, name)));
  list.selectedIndex = actions.first;
  list.hidden = actions.pieces.length < 2;
  list.onchange = () => actions.choose(Number(list.value));
  const file = element("input", { type: "file", accept: ".mid,.midi", id: "bars-file" });
  file.onchange = () => file.files?.[0] && actions.openFile(file.files[0]);
  const scroll = element("div", { class: "scroll" });
  const piece = element("div", {
    class: "piece",
    role: "group",
    "aria-label": "Bars: arrow keys move, Space chooses, with Shift up to there",
  });
  scroll.append(piece);
  const buttons = {
    fill: button("fill", "Make anew", actions.fill),
    vary: button("vary", "Vary", actions.vary),
    again: button("again", "Once more", actions.again),
    undo: button("undo", "Undo", actions.undo),
    redo: button("redo", "Redo", actions.redo),
    play: button("play", "Play or stop", actions.play),
    save: button("save", "Save MIDI and recipes", actions.save),
  };
  place.append(
    element("p", { class: "row" }, list, element("label", {}, "Open a MIDI file ", file)),
    status,
    problem,
    scroll,
    element("p", { class: "row" }, ...Object.values(buttons)),
    element(
      "p",
      { class: "hint" },
      "Chosen bars are made anew to fit the music around them; all others keep every byte. ",
      "You hear it from two bars before.",
    ),
  );
  let chosen: { first: number; last: number } | undefined, anchor = 1, count = 0;
  const head = element("div", { class: "head" });
  const barAt = (bar: number) => piece.querySelector<HTMLElement>(`[data-bar="${bar}"]`);

  return {
    show(heard, before, can) {
      buttons.undo.disabled = !can.undo || can.isMaking;
      buttons.redo.disabled = !can.redo || can.isMaking;
      buttons.again.disabled = !can.again || can.isMaking;
      buttons.fill.disabled = buttons.vary.disabled = can.isMaking || !heard;
      buttons.play.disabled = buttons.save.disabled = !heard;
      scroll.hidden = !heard;
      if (!heard) return;
      const focused = (document.activeElement as HTMLElement | null)?.dataset.bar;
      count = heard.bars.length;
      if (chosen && chosen.last > count) chosen = undefined;
      piece.replaceChildren(rollOf(heard, before));
      piece.style.width = `max(100%, ${LEAST_WIDTH * count}px)`;
      heard.bars.forEach((start, index) => {
        const end = heard.bars[index + 1] ?? heard.seconds, bar = index + 1;
        const number = `${index + heard.firstBar}`;
        const attributes = { class: "bar", "data-bar": `${bar}`, "aria-label": `Bar ${number}` };
        const own = element("button", { type: "button", ...attributes }, number);
        own.style.left = `${100 * start / heard.seconds}%`;
        own.style.width = `${100 * (end - start) / heard.seconds}%`;
        own.onclick = (event) => choose(bar, event.shiftKey);
        own.onkeydown = (event) => move(event, bar);
        piece.append(own);
      });
      piece.append(head);
      mark();
      if (focused) barAt(Number(focused))?.focus();
    },
    selected: () => chosen,
    say(text, isProblem = false) {
      status.textContent = isProblem ? "" : text;
      problem.textContent = isProblem ? text : "";
    },
    head(at, seconds) {
      head.style.display = at === undefined ? "none" : "block";
      head.style.left = `${100 * (at ?? 0) / seconds}%`;
    },
  };

  function choose(bar: number, extend: boolean): void {
    const isOnly = chosen?.first === bar && chosen.last === bar;
    if (extend) chosen = { first: Math.min(anchor, bar), last: Math.max(anchor, bar) };
    else {
      chosen = isOnly ? undefined : { first: bar, last: bar };
      anchor = bar;
    }
    mark();
  }

  function move(event: KeyboardEvent, bar: number): void {
    const to = { ArrowLeft: bar - 1, ArrowRight: bar + 1, Home: 1, End: count }[event.key];
    if (event.key === " " && event.shiftKey) {
      event.preventDefault();
      choose(bar, true);
    }
    if (to === undefined) return;
    event.preventDefault();
    const next = Math.max(1, Math.min(count, to));
    barAt(next)?.focus();
    if (event.shiftKey) choose(next, true);
  }

  function mark(): void {
    for (let bar = 1; bar <= count; bar++) {
      const isChosen = !!chosen && bar >= chosen.first && bar <= chosen.last;
      const own = barAt(bar)!;
      own.ariaPressed = String(isChosen);
      own.tabIndex = bar === (chosen?.first ?? 1) ? 0 : -1;
    }
  }
}

const SVG = "http://www.w3.org/2000/svg";

/** Piano roll of the notes: earlier ones are filled, new ones hollow. */
function rollOf({ notes, seconds }: Heard, before: readonly PlayedNote[]): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  const pitches = notes.map(({ pitch }) => pitch);
  const low = pitches.reduce((a, b) => Math.min(a, b), 60) - 4,
    high = pitches.reduce((a, b) => Math.max(a, b), 72) + 2;
  svg.setAttribute("viewBox", `0 0 1000 ${high - low}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `Piano roll, ${notes.length} notes`);
  const old = new Set(before.map(placeOf));
  for (const note of notes) {
    const rect = svg.appendChild(document.createElementNS(SVG, "rect"));
    const width = Math.max(1.5, 1000 * (note.end - note.start) / seconds - 0.8);
    rect.setAttribute("x", `${1000 * note.start / seconds}`);
    rect.setAttribute("width", `${width}`);
    rect.setAttribute("y", `${high - note.pitch}`);
    rect.setAttribute("height", "0.85");
    rect.setAttribute("class", before.length > 0 && !old.has(placeOf(note)) ? "new" : "old");
  }
  return svg;
}
