#!/usr/bin/env bash
# musicxml-io plays metronome marks at their bare number and slows whole notes for a fermata.
#
# Expected: a half note at 60 is 120 quarters a minute, and <sound tempo="120"/>, MusicXML's word for
# playback, says so, too.
# Seen: 60 in both cases: the beat unit is not looked at, and the mark beats <sound>. A fermata
# lengthens its note by a change of tempo for all parts (60 becomes 34).
# Why it matters: pieces in alla breve come out at half their speed; what reads the MIDI in seconds
# rather than beats gets every fermata stretched.
# Versions: musicxml-io 0.9.6, @tonejs/midi 2.0.28 (reads the MIDI file).
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
echo '{"type":"module"}' >package.json
npm install --no-audit --no-fund --ignore-scripts --loglevel=error musicxml-io@0.9.6 @tonejs/midi@2.0.28 >/dev/null

cat >finding.mjs <<'END'
import { exportMidi, parse } from "musicxml-io";
import tone from "@tonejs/midi";

const tempo = (unit, sound, notations) => {
  const midi = exportMidi(parse(`<score-partwise version="4.0"><part-list><score-part id="P1">
    <part-name>Piano</part-name></score-part></part-list><part id="P1"><measure number="1">
    <attributes><divisions>1</divisions><time><beats>4</beats><beat-type>4</beat-type></time>
    </attributes><direction><direction-type><metronome><beat-unit>${unit}</beat-unit>
    <per-minute>60</per-minute></metronome></direction-type>${sound}</direction>
    <note><pitch><step>C</step><octave>4</octave></pitch><duration>4</duration><voice>1</voice>
    <type>whole</type>${notations}</note></measure></part></score-partwise>`));
  return Math.round(new tone.Midi(midi).header.tempos[0].bpm);
};
const seen = [
  tempo("quarter", "", ""),
  tempo("half", "", ""),
  tempo("half", '<sound tempo="120"/>', ""),
  tempo("quarter", "", "<notations><fermata/></notations>"),
].join(" ");
console.log(
  `quarter, half, half with sound, fermata at 60: expected 60 120 120 60, seen ${seen}`,
);
process.exit(seen === "60 60 60 34" ? 0 : 1);
END

node finding.mjs
