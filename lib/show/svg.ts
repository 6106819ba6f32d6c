import { escapeMarkup } from "./text.ts";

/** Title, id prefix and font of a compact SVG. */
interface SvgName {
  /** Alternative text of the picture. */
  readonly title: string;
  /** Prefix of all its ids, so that pictures on one page share none. */
  readonly idPrefix: string;
  /** Font of all text. */
  readonly font: string;
}

/**
 * Compresses an SVG to a third of its characters: paths in tenths of a pixel, the font
 * given once, adjacent paths of the same style merged.
 * @param svg as Vega writes it, without line breaks between tags
 */
export function compactSvg(svg: string, { title, idPrefix, font }: SvgName): string {
  const ids = new Map<string, string>();
  const parts = svg.split(/(<[^<>]*>)/).filter((part) => part !== "").map((part) =>
    part.startsWith("<") ? shortTag(part, idPrefix, ids) : part
  ).filter((part) => !/^<path [^>]*d="(M0,0h0v0h0Z)?"/.test(part) && part !== "</line>");
  const merged: string[] = [];
  for (const part of parts) {
    const both = merge(merged.at(-1) ?? "", part);
    if (both === undefined) merged.push(part);
    else merged[merged.length - 1] = both;
  }
  const named = ` font-family="${
    escapeMarkup(font)
  }" role="img" style="max-width:100%;height:auto"><title>${escapeMarkup(title)}</title>`;
  // deno-lint-ignore no-control-regex -- characters that XML may not have
  const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
  return merged.join("").replace(/>/, named).replace(forbidden, "\ufffd");
}

const NOISE =
  / (?:opacity="1"|(?:class|pointer-events|xmlns:xlink|version|aria-\w+|font-family)="[^"]*")/g;

function shortTag(tag: string, idPrefix: string, ids: Map<string, string>): string {
  return tag
    .replace(NOISE, "")
    .replace(/-?\d+\.\d{3,}(e-?\d+)?/g, (number) => rounded(number, 100))
    .replace(
      / d="[^"]*"/,
      (path) => path.replace(/-?\d+\.\d{2,}(e-?\d+)?/g, (number) => rounded(number, 10)),
    )
    .replace(/( id="|url\(#)(clip\d+)/g, (_, before: string, id: string) => {
      const name = ids.get(id) ?? `${idPrefix}-${ids.size}`;
      ids.set(id, name);
      return before + name;
    })
    .replace(
      /^<line transform="translate\(([^,()]+),([^,()]+)\)" x2="([^"]+)" y2="([^"]+)"(.*)\/>$/,
      '<path d="M$1,$2l$3,$4"$5/>',
    );
}

function rounded(number: string, per: number): string {
  return `${Math.round(Number(number) * per) / per}`;
}

const PATH = /^<path d="([^"]*)"((?: [\w-]+="[^"]*")*)\/>$/;

/** Merges two paths of the same style, unless they have transforms of their own. */
function merge(first: string, second: string): string | undefined {
  const [, d1, looks1] = first.match(PATH) ?? [];
  const [, d2, looks2] = second.match(PATH) ?? [];
  if (d1 === undefined || d2 === undefined || looks1 !== looks2) return undefined;
  if (looks1?.includes("transform") || looks1?.includes(" id=")) return undefined;
  return `<path d="${d1}${d2}"${looks1}/>`;
}
