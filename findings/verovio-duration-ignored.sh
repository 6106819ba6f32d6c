#!/usr/bin/env bash
# Verovio takes time from a note's printed shape and brackets, not from MusicXML's <duration>.
#
# Expected: <duration> is how long a note lasts; <type> and <tuplet> say how it is drawn. Three notes
# of a third of a beat with <time-modification> are a triplet, bracket or no bracket, and eight notes
# that last half a beat fill four beats, whatever their shape.
# Seen: without <tuplet> the three are played as plain eighths and all that follows is late; eight
# half-beat notes drawn as quarters last eight beats.
# Why it matters: a program that turns MIDI into MusicXML easily leaves <tuplet> out, and hidden
# notes that write out an ornament have other lengths than shapes; bars grow, and all that follows is
# late. Verovio's MIDI or timemap is a risky way to read MusicXML for its notes.
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
const note = (duration, type, more = "") =>
  `<note><pitch><step>C</step><octave>4</octave></pitch><duration>${duration}</duration>
  <voice>1</voice><type>${type}</type>${more}</note>`;
const third = "<time-modification><actual-notes>3</actual-notes><normal-notes>2</normal-notes>" +
  "</time-modification>";
const bracket = (type) => `<notations><tuplet type="${type}"/></notations>`;
const triplet = (start, stop) =>
  note(2, "eighth", third + start) + note(2, "eighth", third) + note(2, "eighth", third + stop);
const beats = (notes) => {
  toolkit.loadData(score(6, notes));
  toolkit.renderToMIDI();
  return toolkit.renderToTimemap().at(-1).qstamp;
};
const rest = note(6, "quarter").repeat(3);
const seen = [
  beats(triplet(bracket("start"), bracket("stop")) + rest),
  beats(triplet("", "") + rest),
  beats(note(3, "quarter").repeat(8)),
].join(" ");
console.log(`beats with bracket, without, shape unlike length: expected 4 4 4, seen ${seen}`);
process.exit(seen === "4 4.5 8" ? 0 : 1);
END

node finding.mjs
