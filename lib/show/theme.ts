/** Blue, for human music as input: files, and the training music. */
export const FIRST = "#3b76b8";
/** Orange, for generated music and the model; distinguishable from blue for the colour-blind. */
export const SECOND = "#d9731a";
/** Green, for human music that the model has not seen. */
export const UNSEEN = "#4d9a5b";
/**
 * Pale blue and orange with the same meanings, for backgrounds; visible on light and dark pages.
 */
export const PALE_FIRST = "#7ea6d3", PALE_SECOND = "#e5ac78";
/** Colours of categories without such a meaning, such as keys. */
const CATEGORIES = ["#2f8f9d", "#8a63b8", "#a68a1f", "#b8567f", "#6f8f3f", "#7a7fc9"];

/** Grey that is readable on white and on black. */
export const INK = "#737b85";
const FAINT = INK;
/** Grid lines, for white and black backgrounds. */
export const GRID = "rgba(128,136,144,0.35)";

/**
 * Vega-Lite `config` of all plots. There is no background: a picture in a notebook cannot know
 * whether the page is light or dark, and its greys are readable on both.
 */
export const theme = {
  background: "transparent",
  padding: 10,
  aria: false,
  font: "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif",
  view: { stroke: null },
  range: { category: CATEGORIES },
  title: {
    anchor: "start",
    fontSize: 14,
    fontWeight: 600,
    color: INK,
    offset: 8,
    subtitleColor: FAINT,
  },
  axis: {
    labelColor: FAINT,
    titleColor: INK,
    titleFontWeight: "normal",
    labelFontSize: 12,
    titleFontSize: 13,
    gridColor: GRID,
    domainColor: "#8c959f",
    tickColor: "#8c959f",
    titlePadding: 6,
    labelLimit: 300,
  },
  legend: {
    labelColor: INK,
    titleColor: INK,
    labelFontSize: 12,
    titleFontSize: 13,
    titleFontWeight: "normal",
    labelLimit: 300,
  },
  header: { labelColor: INK, titleColor: INK, labelFontSize: 13 },
  text: { color: INK, fontSize: 12 },
  bar: { color: FIRST },
  line: { color: FIRST },
} as const;
