import { atMost, type ScoreLimits } from "./limits.ts";

/** An element of an XML document. */
export interface XmlElement {
  /** Element name, with any namespace prefix. */
  readonly name: string;
  /** Rest of the start tag after the name; read by {@linkcode attribute}. */
  readonly head: string;
  /** Child elements, in order. */
  readonly children: XmlElement[];
  /** Text directly within the element, references resolved, white space at both ends removed. */
  text: string;
}

/** Options of the XML parser. */
interface XmlReading {
  readonly limits: Pick<ScoreLimits, "depth" | "elements">;
  /**
   * Called when an element ends, with its parent; undefined for the root. If it returns true the
   * element is dropped, so that a long document need not be kept whole.
   */
  readonly onElement?: (element: XmlElement, parent: XmlElement | undefined) => boolean | void;
}

/**
 * Parses an XML document without validation: elements, attributes, text, character references and
 * the five predefined entities. Comments, processing instructions and an external document type are
 * skipped, and nothing is ever fetched. Entities that a document declares are refused, as they may
 * expand without bound.
 *
 * Why not a package: MusicXML needs no more than this, which takes two thirds of the time of `saxes`
 * and an eighth of that of `fast-xml-parser` on the 60 scores measured, and attributes are parsed
 * only on request.
 *
 * @returns the root element
 * @throws {Error} if it is not well formed, declares entities, has several roots, or exceeds a limit
 */
export function parseXml(text: string, { limits, onElement }: XmlReading): XmlElement {
  const open: XmlElement[] = [];
  let root: XmlElement | undefined, elements = 0, at = 0;
  const fail = (what: string, where = at) => new Error(`${what} (line ${lineOf(text, where)})`);
  const until = (mark: string, from: number, what: string) => {
    const end = text.indexOf(mark, from);
    if (end < 0) throw fail(`its XML breaks off within ${what}`);
    return end;
  };
  const close = (element: XmlElement) => {
    element.text = element.text.trim();
    const parent = open.at(-1), forgotten = onElement?.(element, parent) === true;
    if (parent === undefined) root = element;
    else if (!forgotten) parent.children.push(element);
  };
  for (;;) {
    const next = text.indexOf("<", at), inside = open.at(-1);
    const from = inside?.text === "" ? afterSpace(text, at) : at; // it would be trimmed in the end
    const between = next < 0 ? text.slice(from) : text.slice(from, next);
    if (inside !== undefined) {
      if (between !== "") inside.text += resolved(between);
    } else if (between.trim() !== "" && between.trim() !== "\u0000") {
      throw fail(root ? "there is text after its root element" : "it is not XML");
    }
    if (next < 0) break;
    at = next;
    const kind = text.charCodeAt(at + 1);
    if (kind === SLASH) {
      const end = until(">", at, "an end tag"), element = open.pop();
      const name = text.slice(at + 2, end).trim();
      if (element?.name !== name) {
        throw fail(`<${element?.name ?? "nothing"}> is closed by </${name.slice(0, 40)}>`);
      }
      at = end + 1;
      close(element);
    } else if (kind === BANG) {
      if (text.startsWith("<!--", at)) at = until("-->", at + 4, "a comment") + 3;
      else if (text.startsWith("<![CDATA[", at)) {
        const end = until("]]>", at + 9, "a CDATA section");
        if (inside === undefined) throw fail("there is text outside of its root element");
        inside.text += text.slice(at + 9, end);
        at = end + 3;
      } else {
        const end = until(">", at, "its document type");
        const type = text.slice(at, end);
        if (type.includes("[") || /<!ENTITY/i.test(type)) {
          throw fail("its document type declares entities, which are not read");
        }
        at = end + 1;
      }
    } else if (kind === QUESTION) at = until("?>", at, "a processing instruction") + 2;
    else {
      const { name, head, isEmpty, end } = startTag(text, at, fail);
      if (inside === undefined && root) throw fail("it has several root elements");
      atMost(++elements, limits.elements, "XML elements");
      atMost(open.length + 1, limits.depth, "nested XML elements");
      const element = { name, head, children: [], text: "" };
      at = end;
      if (isEmpty) close(element);
      else open.push(element);
    }
  }
  if (open.length > 0) throw fail(`its XML breaks off within <${open.at(-1)!.name}>`, text.length);
  if (root === undefined) throw new Error("it is not XML");
  return root;
}

/** Name, attributes and end of a start tag. */
function startTag(text: string, at: number, fail: (what: string) => Error) {
  const plain = endOfPlainName(text, at + 1), end = endOfTag(text, plain);
  if (end < 0) throw fail("its XML breaks off within a tag");
  const isEmpty = text.charCodeAt(end - 1) === SLASH;
  const tag = text.slice(at + 1, isEmpty ? end - 1 : end);
  const isPlain = plain > at + 1 && (plain === at + 1 + tag.length || isSpace(text, plain));
  const gap = isPlain ? plain - at - 1 : tag.search(/\s/);
  const name = gap < 0 ? tag : tag.slice(0, gap);
  if (!isPlain && !NAME.test(name)) throw fail(`"<${name.slice(0, 40)}" is not an XML tag`);
  return { name, head: gap < 0 ? "" : tag.slice(gap), isEmpty, end: end + 1 };
}

const SLASH = 0x2f, BANG = 0x21, QUESTION = 0x3f;
const NAME = /^[\p{L}_:][\p{L}\p{N}_:.\-]*$/u;

/** Whether white space stands at a position. */
function isSpace(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** Position after any white space. */
function afterSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text, at)) at++;
  return at;
}

/** End of the lower-case ASCII letters and hyphens from a position on: nearly every tag's name. */
function endOfPlainName(text: string, from: number): number {
  for (let at = from;; at++) {
    const code = text.charCodeAt(at);
    const isLetter = code >= 0x61 && code <= 0x7a;
    if (!isLetter && (code !== 0x2d || at === from)) return at;
  }
}

/** End of the tag that goes on at `from`, ignoring any `>` in quotes; -1 if it never ends. */
function endOfTag(text: string, from: number): number {
  let inQuotes = 0;
  for (let end = from; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (inQuotes) inQuotes = code === inQuotes ? 0 : inQuotes;
    else if (code === 0x22 || code === 0x27) inQuotes = code;
    else if (code === 0x3e) return end;
  }
  return -1;
}

function lineOf(text: string, at: number): number {
  return text.slice(0, at).split("\n").length;
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

/** Text with character references and predefined entities resolved; others are left unchanged. */
function resolved(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(
    /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w{1,8}));/gi,
    (all, hex, decimal, name) => {
      if (name !== undefined) return ENTITIES[name] ?? all;
      const code = hex !== undefined ? parseInt(hex, 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all;
    },
  );
}

/**
 * Value of an attribute, references resolved; undefined where the element has none of that name.
 */
export function attribute({ head }: XmlElement, name: string): string | undefined {
  for (let at = head.indexOf(name); at >= 0; at = head.indexOf(name, at + 1)) {
    if (!/\s/.test(head[at - 1] ?? "")) continue;
    const value = /^\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(head.slice(at + name.length));
    if (value) return resolved(value[1] ?? value[2]!);
  }
  return undefined;
}

/** First child with a given name. */
export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((one) => one.name === name);
}

/** All children with a given name, in order. */
export function childrenOf(element: XmlElement | undefined, name: string): XmlElement[] {
  return element?.children.filter((one) => one.name === name) ?? [];
}

/** Text of the first child with a given name; empty where there is none. */
export function textOf(element: XmlElement | undefined, name: string): string {
  return child(element, name)?.text ?? "";
}

/**
 * Number in the first child with a given name; `otherwise` where there is none, or it is not a
 * number.
 */
export function numberOf(element: XmlElement | undefined, name: string, otherwise: number): number {
  const text = textOf(element, name), value = Number(text);
  return text !== "" && Number.isFinite(value) ? value : otherwise;
}
