/// <reference lib="dom" />
/**
 * Main script of the page: connects the duet with its sound, inputs and displays.
 * @module
 */
import { showBars } from "./bars.ts";
import { connectControls } from "./controls.ts";
import { Duet } from "./duet.ts";
import { drawKeyboard, listenToKeys, listenToMidi, type Playing } from "./inputs.ts";
import { keeperOf } from "./keep.ts";
import { bytesOf } from "./bytes.ts";
import { PlayerLink } from "./player_link.ts";
import { signatureOf } from "./pulse.ts";
import { drawRoll } from "./roll.ts";
import { download, sessionFiles } from "./save.ts";
import { Sound } from "./sound.ts";
import { metronomeFor } from "./tempo.ts";
import { zipOf } from "./zip.ts";

/** Data embedded by page.ts. */
interface PageData {
  readonly piano: Readonly<Record<string, string>>;
  readonly encoder: string;
  readonly pieces: readonly { readonly name: string; readonly midi: string }[];
  readonly name: string;
  readonly hash: string;
  readonly steps: number;
  readonly beatsPerMinute: number;
}

const $ = <Kind extends HTMLElement = HTMLElement>(id: string) =>
  document.getElementById(id) as Kind;
const input = (id: string) => $<HTMLInputElement>(id);
const textOf = (id: string) => {
  const text = $(id).textContent!;
  $(id).textContent = ""; // to free memory
  return text;
};
const now = () => performance.now() / 1000;
const problem = (text: string) => $("problem").textContent = text;
const data: PageData = JSON.parse(textOf("data"));
const pieces = data.pieces.map(({ name, midi }) => ({ name, midi: bytesOf(midi) }));

// First, as it takes longest.
const player = new PlayerLink(textOf("worker"), problem);
const loaded = player.start(textOf("model"), pieces[0]?.midi);
const sound = new Sound(data.piano, problem);
const duet = new Duet(
  {
    now,
    send: (message) => player.send(message),
    strike: (...note) => sound.strike(...note),
    changed: () => changed = true,
  },
  {
    ...{ boldness: 0, follow: 0.5, slower: 1, chords: "", stepsPerBar: undefined },
    seed: Date.now() % 1_000_000,
  },
  data.beatsPerMinute,
);
const keeper = keeperOf(data.hash || data.name, (session) => {
  duet.history.restore(session, now());
  changed = true;
});
let changed = true, clicks = 0;

player.listen((message) => {
  if (message.kind === "failed") duet.fail(message.id!);
  else duet.hear(message);
});
loaded.then((backend) => {
  const files = () => sessionFiles(duet.history.session, sound, data.encoder, problem);
  // For tests, and for curious users of the browser's console.
  Object.assign(globalThis, {
    duetPage: {
      duet,
      sound,
      player,
      midi,
      files,
      backend,
      playable,
      readyAfter: performance.now(),
    },
  });
}, (error) => problem(`The model cannot play: ${error.message}`));

const playing: Playing = {
  press(pitch, velocity, at) {
    sound.start();
    duet.press(pitch, velocity, at);
  },
  release: (pitch, at) => duet.release(pitch, at),
  sustain: (down, at) => duet.sustain(down, at),
  handOver: () => duet.handOver(),
};
const light = drawKeyboard($("keyboard"), playing);
listenToKeys(playing, (c) => $("octave").textContent = `C${c / 12 - 1}`);
const controls = connectControls(duet, { steps: data.steps, now });
const midi = () => listenToMidi(playing, (text) => $("midi").textContent = text);
void midi();
addEventListener("pointerdown", () => sound.start());
addEventListener("keydown", (event) => {
  sound.start();
  if (event.key === "Enter" && event.target === document.body) controls.tap();
});

// A worker's clock keeps running where the page's own is slowed down in the background.
const clock = new Worker(URL.createObjectURL(
  new Blob(["setInterval(() => postMessage(0), 20)"], { type: "text/javascript" }),
));
const tick = () => {
  duet.tick();
  bars.tick();
  click();
  keeper.keep(duet.history.session, now());
};
clock.onmessage = tick;
clock.onerror = () => setInterval(tick, 20);
addEventListener("pagehide", () => keeper.keep(duet.history.session, now(), true));

function show(): void {
  requestAnimationFrame(show);
  if ($("duet").hidden) return;
  if (duet.turn !== "nobody" || changed) drawRoll($<HTMLCanvasElement>("roll"), duet, now());
  lightKeys();
  if (!changed) return;
  changed = false;
  const { turn, span, key, history: { session } } = duet;
  $("turn").dataset.turn = turn;
  const bars = span && duet.pulse
    ? Math.round((span.to - span.from) / span.step / duet.pulse.stepsPerBar)
    : 0;
  const [who, what] = turn === "model"
    ? [
      "The model plays",
      bars ? `${bars} ${bars === 1 ? "bar" : "bars"} in ${key}; play on to take over` : "thinking",
    ]
    : turn === "person"
    ? ["Your turn", "pause, or press Space, and the model answers"]
    : ["Ready", "play a phrase"];
  say($("turn").firstElementChild!, who);
  say($("turn").lastElementChild!, what);
  const { pulse } = duet;
  say($("tempo"), `${duet.beatsPerMinute.toFixed(0)} bpm`);
  say($("metre"), !pulse ? "expected" : `${signatureOf(pulse).join("/")}${key ? `, ${key}` : ""}`);
  const notes = session.notes.length, answers = session.answers.length;
  say(
    $("kept"),
    notes === 0
      ? "Nothing yet"
      : `${notes} notes, ${answers} ${answers === 1 ? "answer" : "answers"}`,
  );
  $<HTMLButtonElement>("save").disabled = $<HTMLButtonElement>("drop").disabled = notes === 0;
}
requestAnimationFrame(show);

/** Sets a text only if it differs: screen readers would read it again. */
function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

let lit = new Map<number, string>();
function lightKeys(): void {
  const at = now(), next = new Map<number, string>();
  for (const { pitch, start, end } of duet.showing.planned) {
    if (start <= at && at < end) next.set(pitch, "model");
  }
  for (const { pitch } of duet.showing.held) next.set(pitch, "person");
  for (const pitch of lit.keys()) if (!next.has(pitch)) light(pitch, "");
  for (const [pitch, who] of next) if (lit.get(pitch) !== who) light(pitch, who);
  lit = next;
}

/** Clicks the next beats, and makes the duet follow them. */
function click(): void {
  if (!input("metronome").checked) return;
  const at = now();
  if (!duet.tempo.metronome) {
    duet.keepTo(metronomeFor(duet, at + 0.2, data.steps));
    clicks = 0;
  }
  const { origin, step, stepsPerBeat, stepsPerBar } = duet.tempo.metronome!;
  const beat = step * stepsPerBeat;
  for (; origin + clicks * beat < at + 0.1; clicks++) {
    sound.click(origin + clicks * beat, clicks * stepsPerBeat % stepsPerBar === 0);
  }
}

input("metronome").onchange = () => {
  if (!input("metronome").checked) duet.keepTo(undefined);
};
$("save").onclick = async () => {
  $<HTMLButtonElement>("save").disabled = true;
  try {
    const { session } = duet.history;
    const files = await sessionFiles(session, sound, data.encoder, problem);
    download("duet.zip", zipOf(files), "application/zip");
    keeper.drop(session);
  } catch (error) {
    problem(`Cannot save: ${(error as Error).message}`);
  }
  $<HTMLButtonElement>("save").disabled = false;
};
$("drop").onclick = () => {
  duet.clear();
  keeper.drop(duet.history.session);
};
const linked = Number(/^#bars=(\d+)$/.exec(location.hash)?.[1] ?? 1) - 1;
const bars = showBars($("bars"), {
  first: pieces[linked] ? linked : 0,
  player,
  sound,
  now,
  pieces,
});
const tabs = ["duet", "bars"] as const;
for (const [index, name] of tabs.entries()) {
  $(`tab-${name}`).onclick = () => {
    for (const other of tabs) {
      $(other).hidden = other !== name;
      $(`tab-${other}`).ariaSelected = String(other === name);
    }
    if (name === "duet") bars.stop();
    else duet.pause();
  };
  $(`tab-${name}`).onkeydown = ({ key }) => {
    if (key !== "ArrowLeft" && key !== "ArrowRight") return;
    const other = $(`tab-${tabs[1 - index]}`);
    other.focus();
    other.click();
  };
}
/** Time in milliseconds after which the keyboard could be played. */
const playable = performance.now();
