/// <reference lib="dom" />
import { buttonFor, element } from "./element.ts";
import { runInKernel } from "./kernel.ts";
import { showOutputs } from "./outputs.ts";
import { type CardPress, codeFor, type Wishes } from "./messages.ts";

/** Sliders: the setting, its name, and its words from left to right. */
const SLIDERS: readonly {
  readonly name: keyof Wishes;
  readonly title: string;
  readonly words: readonly string[];
}[] = [
  { name: "density", title: "how full", words: ["sparse", "as it comes", "full"] },
  { name: "register", title: "how high", words: ["low", "as it comes", "high"] },
  {
    name: "boldness",
    title: "how bold",
    words: ["much calmer", "calmer", "as it comes", "bolder", "much bolder"],
  },
  {
    name: "style",
    title: "how much your music",
    words: ["none of it", "half of it", "as it comes", "more of it", "most of it"],
  },
];

/** Adds the buttons to the cards of an audition, and sliders below them. */
export function addButtons(all: HTMLElement): void {
  const place = element("div", { "data-made": "" }), busy = element("p", { role: "status" });
  const run = async (what: Omit<CardPress, "card" | "kernel">) => {
    const press: CardPress = { ...what, card: all.dataset.audition!, kernel: all.dataset.kernel! };
    const within = place.appendChild(element("div"));
    busy.textContent = "Asking the kernel …";
    const show = showOutputs(within);
    const acted = await runInKernel(codeFor(press), (message) => {
      busy.textContent = "";
      show(message);
    });
    busy.textContent = acted
      ? ""
      : "This was made in an earlier session of the notebook: run its cell again first.";
    return acted;
  };
  all.querySelectorAll("figure").forEach((figure, variant) => {
    figure.append(buttonsOf(figure, (press) => run({ ...press, variant })));
  });
  if (all.querySelector("figure[data-planned]")) {
    // A model that was not adapted to anybody's music has no style to be weighed.
    const isAdapted = all.querySelector("figure")?.dataset.adapted !== undefined;
    const sliders = SLIDERS.filter(({ name }) => name !== "style" || isAdapted);
    all.append(wishPanel(sliders, (wishes) => run({ what: "ask", variant: 0, wishes })));
  }
  all.after(busy, place);
}

/** Buttons of one card. */
function buttonsOf(
  figure: HTMLElement,
  press: (press: Pick<CardPress, "what" | "bar">) => Promise<boolean>,
): HTMLElement {
  const row = element("div", { "data-buttons": "" });
  const audio = figure.querySelector("audio");
  const bars: number[] = JSON.parse(figure.dataset.bars ?? "[]");
  const first = Number(figure.dataset.firstBar ?? 1);
  const barNow = () => {
    const time = (audio?.currentTime ?? 0) + Number(figure.dataset.skipped ?? 0) + 0.02;
    return first + Math.max(0, bars.findLastIndex((start) => start <= time));
  };
  const add = (what: CardPress["what"], text: string, title: string, ofBar = false) => {
    return row.appendChild(buttonFor(text, { title, "data-press": what }, async (button) => {
      button.disabled = true;
      const acted = await press({ what, ...(ofBar ? { bar: barNow() } : {}) });
      if (what !== "keep" || !acted) button.disabled = false;
    }));
  };
  add("keep", "keep", "Moves it to data/favourites");
  add("bolder", "bolder", "Others like it, but less expected");
  add("calmer", "calmer", "Others like it, but more expected");
  add("again", "again", "Others like it");
  add("page", "click its bars", "Opens it below, with bars to be clicked and made anew");
  if (!audio || bars.length < 2) return row;
  const from = add(
    "from",
    "",
    "Keeps the music before this bar, and continues it in other ways",
    true,
  );
  const anew = add("refill", "", "Makes this bar anew, to fit the music around it", true);
  const say = () => {
    const bar = barNow();
    from.textContent = `on from bar ${bar}`;
    from.hidden = bar <= Math.max(1, first);
    anew.textContent = `bar ${bar} anew`;
  };
  for (const event of ["timeupdate", "seeked"]) audio.addEventListener(event, say);
  say();
  return row;
}

/** Sliders for properties of the next pieces. */
function wishPanel(
  asked: typeof SLIDERS,
  ask: (wishes: Wishes) => Promise<boolean>,
): HTMLElement {
  const legend = element("legend", {}, "Ask for others");
  const panel = element("fieldset", { "data-wishes": "" }, legend);
  const sliders = asked.map(({ name, title, words }) => {
    const last = words.length - 1, said = element("output");
    const range = { type: "range", min: "0", max: `${last}`, value: `${last / 2}` };
    const slider = element("input", { ...range, name });
    const say = () => said.value = slider.ariaValueText = words[Number(slider.value)]!;
    slider.oninput = say;
    say();
    panel.append(element("label", {}, title, slider, said));
    return { name, value: () => Number(slider.value) - last / 2 };
  });
  panel.append(buttonFor("make them", { "data-press": "ask" }, async (button) => {
    button.disabled = true;
    await ask(Object.fromEntries(sliders.map(({ name, value }) => [name, value()])));
    button.disabled = false;
  }));
  return panel;
}
