/** Pages that a notebook cell shows. */
const SHOWN_PAGES = 4;

/** The first pages of engraved music as HTML. */
export function pagesHtml(images: readonly string[]): string {
  return images.slice(0, SHOWN_PAGES).map(imageHtml).join("");
}

/** A page as a picture on white: engraved music is black. */
function imageHtml(svg: string): string {
  const data = new TextEncoder().encode(withoutNames(svg)).toBase64();
  return `<img alt="a page of music" style="max-width:100%;background:white;display:block;` +
    `margin:0.5em 0" src="data:image/svg+xml;base64,${data}">`;
}

/** The same picture in half of the characters: without the names of its notes, and the indentation. */
function withoutNames(svg: string): string {
  const music = svg.indexOf("</style>"); // before it stand the shapes that names refer to
  const named = svg.slice(0, music), rest = svg.slice(music).replace(/ id="[^"]*"/g, "");
  return (named + rest).replace(/>\s+</g, "><");
}
