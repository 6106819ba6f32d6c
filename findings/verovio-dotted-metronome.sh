#!/usr/bin/env bash
# Verovio plays dotted metronome marks too slowly.
#
# Expected: a dotted quarter at 60 is 90 quarters a minute, so a quarter lasts 667 ms.
# Seen: 80 quarters a minute, 750 ms. Every dotted unit comes out as 4/3 of the plain one instead of
# 3/2, from MusicXML and likewise from MEI's mm.dots.
# Why it matters: nearly all tempo marks in 6/8, 9/8 and 12/8 are dotted; such pieces sound a ninth
# too slow, little enough to pass unnoticed.
# Versions: verovio 6.3.0.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
echo '{"type":"module"}' >package.json
npm install --no-audit --no-fund --ignore-scripts --loglevel=error verovio@6.3.0 >/dev/null

cat >finding.mjs <<'END'
import createModule from "verovio/wasm";
import { VerovioToolkit } from "verovio/esm";

const toolkit = new VerovioToolkit(await createModule());

const score = (divisions, notes, before = "") =>
  `<score-partwise version="4.0"><part-list><score-part id="P1"><part-name>Piano</part-name>
  </score-part></part-list><part id="P1"><measure number="1"><attributes><divisions>${divisions}
  </divisions><key><fifths>0</fifths></key><time><beats>4</beats><beat-type>4</beat-type></time>
  <clef><sign>G</sign><line>2</line></clef></attributes>${before}${notes}</measure></part>
  </score-partwise>`;
const quarter = '<note><pitch><step>C</step><octave>4</octave></pitch><duration>1</duration>' +
  "<voice>1</voice><type>quarter</type></note>";
const mark = (unit, dot) =>
  `<direction><direction-type><metronome><beat-unit>${unit}</beat-unit>${dot}
  <per-minute>60</per-minute></metronome></direction-type></direction>`;
const seen = ["eighth", "quarter", "half"].flatMap((unit) =>
  ["", "<beat-unit-dot/>"].map((dot) => {
    toolkit.loadData(score(1, quarter.repeat(4), mark(unit, dot)));
    toolkit.renderToMIDI();
    return Math.round(toolkit.renderToTimemap()[0].tempo);
  })
).join(" ");
const units = "eighth, eighth., quarter, quarter., half, half. = 60";
console.log(`${units} in quarters a minute: expected 30 45 60 90 120 180, seen ${seen}`);
process.exit(seen === "30 40 60 80 120 160" ? 0 : 1);
END

node finding.mjs
