#!/usr/bin/env bash
# Without a canvas Vega cuts axis labels that would fit.
#
# Expected: an axis label of 32 characters, 119 pixels wide in 10-pixel Helvetica, fits a labelLimit
# of 160 pixels (and the default of 180) in an SVG made in Node, as it does in a browser.
# Seen: it is cut after 18 characters, with an ellipsis. Without a canvas a text is taken to be as
# wide as 0.8 of the font's size times its characters (256 pixels here), whatever they are.
# Why it matters: a plot made on a server or at the command line loses the ends of its labels
# (titles of pieces), and the same specification shows them whole in a browser.
# Versions: vega 6.4.0, vega-lite 6.5.0, without the optional package canvas.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
echo '{"type":"module"}' >package.json
npm install --no-audit --no-fund --ignore-scripts --omit=optional --loglevel=error vega@6.4.0 \
  vega-lite@6.5.0 >/dev/null

cat >finding.mjs <<'END'
import * as vega from "vega";
import { compile } from "vega-lite";

const title = "Prelude in C major, illicit lilt";
/** Widths of Helvetica's letters in thousandths of the font's size (its published metrics). */
const widths = {
  " ": 278, ",": 278, P: 667, C: 722, r: 333, e: 556, l: 222, u: 556, d: 556, i: 222, n: 556,
  m: 833, a: 556, j: 222, o: 556, c: 500, t: 278,
};
const width = [...title].reduce((sum, letter) => sum + widths[letter], 0) / 100;
const spec = (labelLimit) => ({
  data: { values: [{ title, value: 1 }] },
  mark: "bar",
  encoding: {
    y: { field: "title", type: "nominal", axis: { labelLimit } },
    x: { field: "value", type: "quantitative" },
  },
  config: { axis: { labelFontSize: 10, labelFont: "Helvetica" } },
});
const label = async (limit) => {
  const view = new vega.View(vega.parse(compile(spec(limit)).spec), { renderer: "none" });
  return (await view.toSVG()).match(/>(Prelude[^<]*)</)[1];
};
const [narrow, wide] = [await label(160), await label(260)];
console.log(`"${title}" is ${Math.round(width)} pixels wide`);
console.log(`labelLimit 160: expected it whole, seen "${narrow}"`);
console.log(`labelLimit 260: seen "${wide}"`);
process.exit(width < 160 && narrow !== title && narrow.endsWith("…") && wide === title ? 0 : 1);
END

node finding.mjs
