#!/usr/bin/env bash
# Verovio writes an added degree of a chord symbol that MusicXML says not to print, and its
# accidentals in a font of its own.
#
# Expected: `<kind text="m7b5">` is the whole text of the quality, so that a `<degree
# print-object="no">`, which tells players what it means, adds nothing: Cm7b5.
# Seen: the degree is written behind the text, too, and the flat of a root such as B flat is a
# character of the SMuFL private area, which a viewer without that font shows as an empty box.
# Why it matters: leave such degrees out, and replace U+EA64 and U+EA66 where pages are to be shown
# without Verovio's fonts.
# Versions: verovio 6.3.0.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
echo '{"type":"module"}' >package.json
npm install --no-audit --no-fund --ignore-scripts --loglevel=error verovio@6.3.0 >/dev/null

cat >finding.mjs <<'END'
import createVerovioModule from "verovio/wasm";
import { VerovioToolkit } from "verovio/esm";

const toolkit = new VerovioToolkit(await createVerovioModule());
const symbol = (degree) => `<?xml version="1.0"?>
<score-partwise version="4.0"><part-list><score-part id="P"><part-name>P</part-name></score-part>
</part-list><part id="P"><measure number="1"><attributes><divisions>1</divisions>
<time><beats>4</beats><beat-type>4</beat-type></time>
<clef><sign>G</sign><line>2</line></clef></attributes>
<harmony><root><root-step>B</root-step><root-alter>-1</root-alter></root>
<kind text="m7b5">half-diminished</kind>${degree}</harmony>
<note><pitch><step>C</step><octave>5</octave></pitch><duration>4</duration><type>whole</type></note>
</measure></part></score-partwise>`;
const hidden = '<degree print-object="no"><degree-value>9</degree-value>' +
  "<degree-alter>0</degree-alter><degree-type>add</degree-type></degree>";
const textOf = (degree) => {
  toolkit.loadData(symbol(degree));
  const svg = toolkit.renderToSVG(1);
  const harm = /class="harm">(.*?)<\/g>/s.exec(svg)[1];
  return harm.replace(/<[^>]*>/g, "").replace(/\s+/g, "")
    .replace(/[\uE000-\uF8FF]/gu, (c) => `{${c.codePointAt(0).toString(16)}}`);
};
const plain = textOf(""), seen = textOf(hidden);
console.log(`without a hidden degree: ${plain}; with one: expected the same; seen ${seen}`);
process.exit(plain !== seen && /\{ea6/.test(plain) ? 0 : 1);
END

node finding.mjs
