#!/usr/bin/env bash
# In ABC read by Verovio, an accidental sounds on its own note only, though it is drawn for the bar.
#
# Expected: "^F F F2" is three F sharps, as an accidental holds to the end of its bar; that is how the
# page that Verovio draws is read, and what abcjs plays.
# Seen: Verovio's MIDI has F sharp, F, F: the later notes have neither accidental nor sounding
# alteration in its MEI. MusicXML states the alteration of each note, so that it does not happen there.
# Why it matters: pages look right and sound wrong; a corpus made of ABC through Verovio has wrong
# notes wherever a bar repeats an altered one.
# Versions: verovio 6.3.0, abcjs 6.7.2, midi-file 1.2.4.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
echo '{"type":"module"}' >package.json
npm install --no-audit --no-fund --ignore-scripts --loglevel=error verovio@6.3.0 abcjs@6.7.2 midi-file@1.2.4 >/dev/null

cat >finding.mjs <<'END'
import abcjs from "abcjs";
import { parseMidi } from "midi-file";
import createModule from "verovio/wasm";
import { VerovioToolkit } from "verovio/esm";

const tune = "X:1\nT:Sharps\nM:4/4\nL:1/4\nK:C\n^F F F2|F4|\n";
const pitches = (bytes) =>
  parseMidi(Buffer.from(bytes)).tracks.flat().filter(({ type }) => type === "noteOn")
    .map(({ noteNumber }) => noteNumber).join(" ");
const toolkit = new VerovioToolkit(await createModule());
toolkit.setOptions({ inputFrom: "abc" });
toolkit.loadData(tune);
const verovio = pitches(Buffer.from(toolkit.renderToMIDI(), "base64"));
const [file] = [abcjs.synth.getMidiFile(tune, { midiOutputType: "binary" })].flat();
const other = pitches(file);
console.log(`expected 66 66 66 65; abcjs ${other}; seen ${verovio}`);
process.exit(other === "66 66 66 65" && verovio === "66 65 65 65" ? 0 : 1);
END

node finding.mjs
