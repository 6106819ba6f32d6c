import { loadPackage } from "../packages.ts";
import { JUPYTER_DISPLAY, type MimeBundle } from "./summary.ts";
import { escapeMarkup, visible } from "./text.ts";
import { compactSvg } from "./svg.ts";
import { FIRST, SECOND, theme } from "./theme.ts";

/** A picture as data: shows itself in a cell, gives its SVG anywhere else. */
export interface Plot {
  /** The whole Vega-Lite specification: plain JSON, with data and theme. */
  readonly spec: Readonly<Record<string, unknown>>;
  /** The picture in one line of words. */
  readonly text: string;
  /** The picture as an SVG document. */
  svg(): Promise<string>;
  /**
   * In a live JupyterLab, Vega-Lite, which it draws itself, and Markdown with the picture for
   * nbconvert. Elsewhere HTML with the picture as an image: that is shown in pages that are not
   * trusted, fits into narrow windows, and is not emptied by nbconvert 6.5.3 to 7.6, as SVG is.
   * Always SVG and the line of text besides.
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

/** The newest major version that JupyterLab (4.6) draws; later majors of Vega-Lite read it as well. */
export const VEGA_LITE_MIME_TYPE = "application/vnd.vegalite.v5+json";

/**
 * Makes a plot of a specification.
 * @param spec Vega-Lite without `$schema` and `config`
 * @param text the picture in one line of words, for those who do not see it
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
      ...(drawsVega() ? { [VEGA_LITE_MIME_TYPE]: whole } : {}),
      ...pictures(await svg(), text),
    }),
  };
}

const encoded = (type: string) => <More extends object>(field: string, more: More) => ({
  field,
  type,
  ...more,
});

/** How a field of each type is drawn. */
export const quantitative = encoded("quantitative"),
  nominal = encoded("nominal"),
  ordinal = encoded("ordinal");

/** Bars, with what each has as `text` behind it; those that are `own` in another colour. */
export const labelledBars: readonly object[] = [
  {
    mark: "bar",
    encoding: { color: { condition: { test: "datum.own", value: SECOND }, value: FIRST } },
  },
  { mark: { type: "text", align: "left", dx: 4 }, encoding: { text: { field: "text" } } },
];

/** What front ends that know nothing of Vega-Lite show. */
export function pictures(svg: string, text: string): MimeBundle {
  const source = `data:image/svg+xml;base64,${new TextEncoder().encode(svg).toBase64()}`;
  const image = `<img alt="${escapeMarkup(text)}" src="${source}" style="max-width:100%">`;
  return {
    "image/svg+xml": svg,
    [drawsVega() ? "text/markdown" : "text/html"]: image, // HTML would come before Vega-Lite
    "text/plain": visible(text),
  };
}

/** Whether the front end draws Vega-Lite itself: Jupyter Server, under JupyterLab, names sessions. */
function drawsVega(): boolean {
  try {
    return Deno.env.has("JPY_SESSION_NAME");
  } catch {
    return false; // nobody gave leave to read it
  }
}

async function renderSvg(spec: Plot["spec"], text: string): Promise<string> {
  const { vega, vegaLite } = await loadVega();
  // Its warnings are about the front end's own choices; a specification that fails throws.
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
