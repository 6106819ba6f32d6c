import { loadPackage } from "../packages.ts";

interface Toolkit {
  setOptions(options: Readonly<Record<string, unknown>>): void;
  loadData(music: string): boolean;
  getPageCount(): number;
  renderToSVG(page: number): string;
  getLog(): string;
  destroy(): void;
}

/** Page size A4 in tenths of a millimetre, and the size of the music on it. */
const PAGE = {
  pageWidth: 2100,
  pageHeight: 2970,
  pageMarginLeft: 120,
  pageMarginRight: 120,
  pageMarginTop: 100,
  pageMarginBottom: 100,
  scale: 40,
} as const;

/**
 * Engraves a score with Verovio.
 * @param xml the MusicXML score
 * @param onPage called with the number of pages done, and of all
 * @returns one SVG document per page, A4 portrait
 * @throws {Error} if the engraver is missing and cannot be fetched, or rejects the music
 */
export async function engrave(
  xml: string,
  onPage?: (done: number, total: number) => void,
): Promise<string[]> {
  const { wasm, toolkit } = await engraver();
  const module = await wasm.default();
  toolkit.enableLogToBuffer(true, module); // its warnings are about spacing and of no use to anyone
  const verovio: Toolkit = new toolkit.VerovioToolkit(module);
  try {
    verovio.setOptions({
      ...PAGE,
      inputFrom: "musicxml",
      header: "auto",
      footer: "none",
      breaks: "auto",
      justifyVertically: false,
      xmlIdSeed: 1, // the same music, the same bytes
      smuflTextFont: "none", // the note of a metronome mark as a glyph, not in a font to be fetched
    });
    if (!verovio.loadData(withoutHiddenDegrees(xml))) {
      throw new Error(`Cannot engrave music: Verovio refused it: ${verovio.getLog().trim()}`);
    }
    const total = verovio.getPageCount();
    return Array.from({ length: total }, (_, i) => {
      const page = plainNotes(verovio.renderToSVG(i + 1));
      onPage?.(i + 1, total);
      return page;
    });
  } finally {
    verovio.destroy();
  }
}

/** MusicXML without the hidden degrees of its chord symbols, which Verovio would display. */
function withoutHiddenDegrees(xml: string): string {
  return xml.replace(/<degree print-object="no">.*?<\/degree>/g, "");
}

/**
 * Verovio's glyphs for notes, dots and accidentals in running text, and their replacements found in
 * every font.
 */
const GLYPHS: Readonly<Record<string, string>> = {
  ...{ "\uECA5": "♩", "\uECA7": "♪", "\uECB7": "." },
  ...{ "\uEA63": "𝄫", "\uEA64": "♭", "\uEA66": "♯", "\uEA67": "𝄪" },
};

/**
 * A page without music font in its text: the notes of metronome marks and the accidentals of chord
 * symbols use an ordinary font.
 */
function plainNotes(svg: string): string {
  return svg.replace(
    /<tspan font-family="Leipzig" font-size="\d+px">([^<]*)<\/tspan>/g,
    (_, glyphs: string) => {
      const text = [...glyphs.replaceAll(/\s/g, "")].map((glyph) => GLYPHS[glyph] ?? glyph).join(
        "",
      );
      return `<tspan font-size="405px">${text}</tspan>`;
    },
  );
}

interface Verovio {
  readonly wasm: { default(): Promise<unknown> };
  readonly toolkit: {
    readonly VerovioToolkit: new (module: unknown) => Toolkit;
    enableLogToBuffer(value: boolean, module: unknown): void;
  };
}

async function engraver(): Promise<Verovio> {
  const [wasm, toolkit] = await Promise.all([
    loadPackage<Verovio["wasm"]>("engrave music", "verovio", "/wasm"),
    loadPackage<Verovio["toolkit"]>("engrave music", "verovio", "/esm"),
  ]);
  return { wasm, toolkit };
}
