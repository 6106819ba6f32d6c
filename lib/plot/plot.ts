import { type Displayed, JUPYTER_DISPLAY, type MimeBundle } from "./summary.ts";
import { escapeMarkup, visible } from "./text.ts";
import { theme } from "./theme.ts";

/** A Vega-Lite specification: plain JSON, data included. */
export type VegaLiteSpec = Readonly<Record<string, unknown>>;

/** A picture as data: shows itself in a cell, gives its SVG anywhere else. */
export interface Plot extends Displayed {
  /** The whole specification, with data and theme. */
  readonly spec: VegaLiteSpec;
  /** The picture in one line of words. */
  readonly text: string;
  /** The picture as an SVG document. */
  svg(): Promise<string>;
  /** Vega-Lite for front ends that draw it themselves, SVG for all others, and the line of text. */
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
export function plot(spec: VegaLiteSpec, text: string): Plot {
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
      [VEGA_LITE_MIME_TYPE]: whole,
      "image/svg+xml": await svg(),
      "text/plain": visible(text),
    }),
  };
}

async function renderSvg(spec: VegaLiteSpec, text: string): Promise<string> {
  const { vega, vegaLite } = await loadVega();
  // Its warnings are about the front end's own choices; a specification that fails throws.
  const logger = vega.logger(vega.Error);
  const compiled = vegaLite.compile(spec as never, { logger }).spec;
  const view = new vega.View(vega.parse(compiled), { renderer: "none", logger });
  try {
    const svg = (await view.toSVG()).replace(/<[^<>]*>/g, rounded);
    const named = withOwnIds(svg, await shortHash(JSON.stringify(spec)));
    return named.replace(/>/, ` role="img"><title>${escapeMarkup(text)}</title>`);
  } finally {
    view.finalize();
  }
}

/** A tag with its numbers cut to hundredths of a pixel: a third of the size, the same picture. */
function rounded(tag: string): string {
  return tag.replace(
    /-?\d+\.\d{3,}(e-?\d+)?/g,
    (number) => `${Math.round(Number(number) * 100) / 100}`,
  );
}

/**
 * Vega numbers its clip paths on from picture to picture. On a page with several pictures each
 * needs ids of its own, and the same picture should always be the same text.
 */
function withOwnIds(svg: string, prefix: string): string {
  const names = new Map<string, string>();
  return svg.replace(/( id="|"url\(#)(clip\d+)/g, (_, before: string, id: string) => {
    const name = names.get(id) ?? `${prefix}-${names.size}`;
    names.set(id, name);
    return before + name;
  });
}

async function shortHash(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `p${new Uint8Array(hash).toHex().slice(0, 10)}`;
}

// Deno fetches what a literal `import()` names before anything runs; these names are looked up
// only when the first picture is drawn, so that a run without pictures neither fetches nor waits.
const packages = { vega: "vega", vegaLite: "vega-lite" };

async function loadVega(): Promise<
  { vega: typeof import("vega"); vegaLite: typeof import("vega-lite") }
> {
  try {
    const [vega, vegaLite] = await Promise.all([
      import(packages.vega),
      import(packages.vegaLite),
    ]);
    return { vega, vegaLite };
  } catch (cause) {
    throw new Error(
      'Cannot draw a plot: the packages "vega" and "vega-lite" are not in Deno\'s cache and could ' +
        "not be fetched; run it once with a network connection",
      { cause },
    );
  }
}
