/** Maximum number of pages shown in a notebook cell. */
const SHOWN_PAGES = 4;

/** HTML of the first pages of engraved music. */
export function pagesHtml(images: readonly string[]): string {
  return images.slice(0, SHOWN_PAGES).map(imageHtml).join("");
}

/** Image of a page on white, because engraved music is black. */
function imageHtml(svg: string): string {
  const data = new TextEncoder().encode(withoutNames(croppedPage(svg))).toBase64();
  return `<img alt="a page of music" style="max-width:100%;background:white;display:block;` +
    `margin:0.5em 0" src="data:image/svg+xml;base64,${data}">`;
}

/** SVG reduced to half of its characters: note names and indentation removed. */
function withoutNames(svg: string): string {
  const music = svg.indexOf("</style>"); // before it are the shapes that names refer to
  const named = svg.slice(0, music), rest = svg.slice(music).replace(/ id="[^"]*"/g, "");
  return (named + rest).replace(/>\s+</g, "><");
}

/** Room kept below the lowest mark of a page, as a share of its width. */
const FOOT = 0.06;

/**
 * A page cropped to its music: an A4 page of a short piece is mostly empty. The width stays the
 * same, and the height never grows. @param svg as Verovio writes it
 */
export function croppedPage(svg: string): string {
  const [size, wide, high] = /<svg width="([\d.]+)px" height="([\d.]+)px"/.exec(svg) ?? [];
  const [box, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? [];
  if (size === undefined || box === undefined) return svg;
  const top = Number(/class="page-margin" transform="translate\(\d+, (\d+)\)"/.exec(svg)?.[1] ?? 0);
  const music = svg.slice(svg.indexOf('class="page-margin"'));
  let lowest = 0;
  for (const pattern of [/translate\(-?[\d.]+, (\d+)/g, /L-?\d+ (\d+)"/g, / y="(\d+)"/g]) {
    for (const [, y] of music.matchAll(pattern)) lowest = Math.max(lowest, Number(y));
  }
  const used = Math.min(Number(height), Math.ceil(top + lowest + FOOT * Number(width)));
  return svg
    .replace(size, `<svg width="${wide}px" height="${Number(high) * used / Number(height)}px"`)
    .replace(box, `viewBox="0 0 ${width} ${used}"`);
}
