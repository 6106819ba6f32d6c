/** Blue, for what was read or learned. */
export const FIRST = "#3b76b8";
/** Orange, for what was made, or kept aside: told apart from blue by the colour-blind too. */
export const SECOND = "#d9731a";

const INK = "#24292f";
const FAINT = "#59636e";

/**
 * Vega-Lite `config` of all plots. The background is the plot's own: a picture in a notebook does
 * not know whether the page around it is light or dark.
 */
export const theme = {
  background: "#ffffff",
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
    gridColor: "#e4e7ea",
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
