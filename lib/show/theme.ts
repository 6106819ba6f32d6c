/** Blue, for what was read or learned. */
export const FIRST = "#3b76b8";
/** Orange, for what was made, or kept aside: told apart from blue by the colour-blind too. */
export const SECOND = "#d9731a";

/** Greys that can be read on white and on black. */
export const INK = "#737b85";
const FAINT = INK;
/** Lines behind the data, on white and on black. */
export const GRID = "rgba(128,136,144,0.35)";

/**
 * Vega-Lite `config` of all plots. There is no background: a picture in a notebook does not know
 * whether the page around it is light or dark, and its greys can be read on both.
 */
export const theme = {
  background: "transparent",
  mark: { tooltip: true },
  padding: 10,
  aria: false,
  font: "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif",
  view: { stroke: null },
  range: { category: [FIRST, SECOND, "#4d9a5b", "#8a63b8"] },
  title: {
    anchor: "start",
    fontSize: 13,
    fontWeight: 600,
    color: INK,
    offset: 8,
    subtitleColor: FAINT,
  },
  axis: {
    labelColor: FAINT,
    titleColor: INK,
    titleFontWeight: "normal",
    labelFontSize: 11,
    titleFontSize: 12,
    gridColor: GRID,
    domainColor: "#8c959f",
    tickColor: "#8c959f",
    titlePadding: 6,
    labelLimit: 200,
  },
  legend: {
    labelColor: INK,
    titleColor: INK,
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: "normal",
    labelLimit: 300,
  },
  header: { labelColor: INK, titleColor: INK, labelFontSize: 12 },
  text: { color: INK, fontSize: 11 },
  bar: { color: FIRST },
  line: { color: FIRST },
} as const;
