import { loadPackage } from "../packages.ts";
import { JUPYTER_DISPLAY, type MimeBundle } from "./summary.ts";
import { escapeMarkup, visible } from "./text.ts";
import { compactSvg } from "./svg.ts";
import { INK, SECOND, theme } from "./theme.ts";

/** A plot as data: renders itself in a cell, gives its SVG anywhere else. */
export interface Plot {
  /** Complete Vega-Lite specification: plain JSON, with data and theme. */
  readonly spec: Readonly<Record<string, unknown>>;
  /** Alternative text: the picture in one line. */
  readonly text: string;
  /** SVG document of the picture. */
  svg(): Promise<string>;
  /**
   * In a live JupyterLab: Vega-Lite, which JupyterLab renders itself and {@linkcode VEGA_FITS} keeps
   * within its cell, and Markdown with the picture for nbconvert. Elsewhere: HTML with the picture
   * as an image, which untrusted pages display, which fits narrow windows, and which nbconvert 6.5.3
   * to 7.6 does not empty as it does SVG. SVG and the line of text are always included.
   */
  [JUPYTER_DISPLAY](): Promise<MimeBundle>;
}

/** Size of a plot. */
export interface PlotOptions {
  /** Width of the drawing area in pixels, without axes. */
  readonly width?: number;
  /** Height of the drawing area in pixels, without axes. */
  readonly height?: number;
}

/**
 * The newest major version that JupyterLab (4.6) renders; later versions of Vega-Lite read it too.
 */
export const VEGA_LITE_MIME_TYPE = "application/vnd.vegalite.v5+json";

/** How JupyterLab is to draw a plot: as SVG, which shrinks as an image does. */
const IN_LAB = { embedOptions: { renderer: "svg", actions: false } };

/**
 * Style by which plots that JupyterLab draws are no wider than their cells. Vega-Lite's own way
 * (`width: "container"`) never comes to rest in JupyterLab 4.6, and the page stands still.
 */
export const VEGA_FITS = ".vega-embed svg.marks { max-width: 100%; height: auto; } " +
  ".jp-RenderedVegaCommon5:has(svg.marks) { margin-left: 0; }";

/**
 * Creates a plot from a specification.
 * @param spec Vega-Lite without `$schema` and `config`
 * @param text alternative text: the picture in one line
 */
export function plot(spec: Plot["spec"], text: string): Plot {
  const whole = {
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    description: visible(text),
    ...spec,
    config: theme,
  };
  const svg = () => renderSvg(whole, text);
  return {
    spec: whole,
    text: visible(text),
    svg,
    [JUPYTER_DISPLAY]: async () => ({
      ...(drawsVega() ? { [VEGA_LITE_MIME_TYPE]: { ...whole, usermeta: IN_LAB } } : {}),
      ...pictures(await svg(), text, true),
    }),
  };
}

const encoded = (type: string) => <More extends object>(field: string, more: More) => ({
  field,
  type,
  ...more,
});

/** Encoding of a field of each type. */
export const quantitative = encoded("quantitative"),
  nominal = encoded("nominal"),
  ordinal = encoded("ordinal");

/**
 * Labels of an axis in nats: the number, and the perplexity, which is the number of equally likely
 * choices that are as hard to predict.
 */
export const AS_CHOICES =
  "format(datum.value, '.2~f') + ' = 1 of ' + format(exp(datum.value), exp(datum.value) < 10 ? '.2~r' : '.2~s')";

/** Title of an axis with such labels; in two lines, as it is longer than a plot is high. */
export const SURPRISE = ["surprise in nats", "= 1 of so many equal choices"];

/**
 * Bar marks with the field `text` as a label behind each; the model's `own` bars have its colour.
 */
export const labelledBars: readonly object[] = [
  {
    mark: "bar",
    encoding: { color: { condition: { test: "datum.own", value: SECOND }, value: INK } },
  },
  { mark: { type: "text", align: "left", dx: 4 }, encoding: { text: { field: "text" } } },
];

/**
 * MIME bundle of a picture.
 * @param hasVega whether the same output also carries a Vega-Lite chart
 */
export function pictures(svg: string, text: string, hasVega = false): MimeBundle {
  const source = `data:image/svg+xml;base64,${new TextEncoder().encode(svg).toBase64()}`;
  const image = `<img alt="${escapeMarkup(text)}" src="${source}" style="max-width:100%">`;
  return {
    "image/svg+xml": svg,
    [hasVega && drawsVega() ? "text/markdown" : "text/html"]: image, // HTML is preferred to Vega-Lite
    "text/plain": visible(text),
  };
}

/** Whether the front end renders Vega-Lite: Jupyter Server, under JupyterLab, names sessions. */
function drawsVega(): boolean {
  try {
    return Deno.env.has("JPY_SESSION_NAME");
  } catch {
    return false; // no permission to read it
  }
}

async function renderSvg(spec: Plot["spec"], text: string): Promise<string> {
  const { vega, vegaLite } = await loadVega();
  // Its warnings concern the front end's own choices; a specification that fails throws.
  const logger = vega.logger(vega.Error);
  const compiled = vegaLite.compile(spec as never, { logger }).spec;
  const view = new vega.View(vega.parse(compiled), { renderer: "none", logger });
  try {
    const idPrefix = await shortHash(JSON.stringify(spec));
    return compactSvg(await view.toSVG(), { title: text, idPrefix, font: theme.font });
  } finally {
    view.finalize();
  }
}

async function shortHash(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `p${new Uint8Array(hash).toHex().slice(0, 10)}`;
}

async function loadVega() {
  const [vega, vegaLite] = await Promise.all([
    loadPackage<typeof import("vega")>("draw a plot", "vega"),
    loadPackage<typeof import("vega-lite")>("draw a plot", "vega-lite"),
  ]);
  return { vega, vegaLite };
}
