/** Maximum number of pages shown in a notebook cell. */
const SHOWN_PAGES = 4;

/** HTML of the first pages of engraved music. */
export function pagesHtml(images: readonly string[]): string {
  return images.slice(0, SHOWN_PAGES).map(imageHtml).join("");
}

/** Image of a page on white, because engraved music is black. */
function imageHtml(svg: string): string {
  const data = new TextEncoder().encode(withoutNames(svg)).toBase64();
  return `<img alt="a page of music" style="max-width:100%;background:white;display:block;` +
    `margin:0.5em 0" src="data:image/svg+xml;base64,${data}">`;
}

/** SVG reduced to half of its characters: note names and indentation removed. */
function withoutNames(svg: string): string {
  const music = svg.indexOf("</style>"); // before it are the shapes that names refer to
  const named = svg.slice(0, music), rest = svg.slice(music).replace(/ id="[^"]*"/g, "");
  return (named + rest).replace(/>\s+</g, "><");
}
