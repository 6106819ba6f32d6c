import { escapeMarkup } from "../show/text.ts";
import { inScript, scriptOf } from "./link.ts";
import { packBytes, textOf } from "./bytes.ts";
import { packPageModel, type PageModel } from "./model.ts";
import { PAGE_STYLE } from "./style.ts";

/** A piece with bars that can be made anew in a page. */
export interface PagePiece {
  /** Name in recipes: its path. */
  readonly name: string;
  readonly midi: Uint8Array;
}

/** Contents of a page. */
export interface PageContent {
  readonly model: PageModel;
  /** MP3 recording of each key. */
  readonly piano: ReadonlyMap<number, Uint8Array>;
  /** Credit for the piano. */
  readonly credit: string;
  /** The MP3 encoder: its script and its module. */
  readonly encoder: { readonly script: string; readonly wasm: Uint8Array<ArrayBuffer> };
  readonly pieces: readonly PagePiece[];
}

/** Content security policy: no network and no external scripts, only the page's own contents. */
const POLICY = "default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval' blob:; " +
  "worker-src blob:; style-src 'unsafe-inline'; img-src data: blob:; media-src data: blob:; " +
  "form-action 'none'; base-uri 'none'";

/** The page as self-contained HTML that cannot fetch anything. */
export async function duetPage(
  { model, piano, credit, encoder, pieces }: PageContent,
): Promise<string> {
  const script = (name: string) => scriptOf(new URL(name, import.meta.url));
  const packed = async (name: string) =>
    await packBytes(new TextEncoder().encode(await script(name)));
  const name = escapeMarkup(model.model.name), opensBars = pieces.length > 0;
  const data = {
    piano: Object.fromEntries([...piano].map(([pitch, mp3]) => [pitch, textOf(mp3)])),
    encoder: await packBytes(encoder.wasm),
    pieces: pieces.map(({ name, midi }) => ({ name, midi: textOf(midi) })),
    name: model.model.name,
    hash: model.model.hash,
    steps: model.style.tokenize.grid.steps,
    beatsPerMinute: model.style.beatsPerMinute,
  };
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>Duet with ${name}</title>
<style>${PAGE_STYLE}</style></head>
<body>
<header><h1>Duet with <span>${name}</span></h1>
<div role="tablist" aria-label="What to do">
<button type="button" role="tab" id="tab-duet" aria-controls="duet" aria-selected="${!opensBars}">Duet</button>
<button type="button" role="tab" id="tab-bars" aria-controls="bars" aria-selected="${opensBars}">Bars</button>
</div></header>
<main>
<section id="duet" role="tabpanel" aria-labelledby="tab-duet"${opensBars ? " hidden" : ""}>
<p id="turn" role="status" aria-live="polite" data-turn="nobody"><b>Loading …</b> <span></span></p>
<canvas id="roll" role="img" aria-label="What you play (filled) and what the model plays (hollow)"></canvas>
<div id="keyboard" data-keys role="group" aria-label="Piano: arrow keys move, Enter plays"></div>
<p class="hint">Play a phrase and pause, or press <kbd>Space</kbd> (or the left pedal): the model answers.
Play on, and it stops. Keys <kbd>A</kbd>–<kbd>;</kbd> play from <output id="octave">C4</output>,
<kbd>Z</kbd> <kbd>X</kbd> change the octave.</p>
<p id="midi" class="hint" aria-live="polite"></p>
<p id="problem" role="alert"></p>
<div class="panels">
<fieldset><legend>Answers</legend>
<div class="choice" role="radiogroup" aria-label="Manner">
<label><input type="radio" name="boldness" value="-1"><span>calmer</span></label>
<label><input type="radio" name="boldness" value="0" checked><span>as it is</span></label>
<label><input type="radio" name="boldness" value="1"><span>bolder</span></label></div>
<label>Follows you <input type="range" id="follow" min="0" max="1" step="0.25" value="0.5"
 aria-valuetext="half of the bars"><output for="follow">half</output></label>
<label class="check"><input type="checkbox" id="slower"> slower than you</label>
<label>Chords <input type="text" id="chords" size="18" placeholder="Am F C G" autocomplete="off"
 spellcheck="false" aria-describedby="chords-problem"></label>
<p id="chords-problem" class="problem" role="alert"></p>
<button type="button" id="hand">Your turn, model <kbd>Space</kbd></button>
<button type="button" id="end">End now</button></fieldset>
<fieldset><legend>Tempo</legend>
<p class="row"><output id="tempo">–</output> <span id="metre"></span></p>
<p class="row"><button type="button" id="half" aria-label="Half the tempo">½ ×</button>
<button type="button" id="twice" aria-label="Twice the tempo">2 ×</button>
<button type="button" id="tap">Tap the beat <kbd>Enter</kbd></button></p>
<label>Metre <select id="bar"><option value="">as you play</option><option value="4">4/4</option>
<option value="3">3/4 or 6/8</option><option value="2">2/4</option></select></label>
<label class="check"><input type="checkbox" id="metronome"> metronome</label></fieldset>
<fieldset><legend>What was played</legend>
<p id="kept" class="row" aria-live="polite">Nothing yet</p>
<button type="button" id="save" disabled>Save all: MIDI, MP3, recipes</button>
<button type="button" id="drop" disabled>Drop it</button></fieldset>
</div>
</section>
<section id="bars" role="tabpanel" aria-labelledby="tab-bars"${
    opensBars ? "" : " hidden"
  }></section>
</main>
<footer>Piano: ${
    escapeMarkup(credit)
  }. MP3 by LAME (LGPL), wasm-media-encoders (MIT). This page holds
the model: who gets the page gets the model. It can reach no network.</footer>
<script type="application/json" id="model">${await packPageModel(model)}</script>
<script type="application/json" id="data">${JSON.stringify(data).replace(/</g, "\\u003c")}</script>
<script type="text/plain" data-packed id="worker">${await packed("./worker.ts")}</script>
<script type="text/plain" data-packed id="app">${await packed("./app.ts")}</script>
<script>${inScript(encoder.script)}</script>
<script>${inScript(await script("./boot.ts"))}</script>
</body></html>
`;
}
