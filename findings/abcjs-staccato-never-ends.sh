#!/usr/bin/env bash
# In MIDI files by abcjs, the end of a staccato note stands at tick 0: the note never ends.
#
# Expected: ".d" is a quarter note that sounds for part of its length; its note-off comes after its
# note-on.
# Seen: of "c .d e f", the note-off of d is at tick 0, before everything else, and its note-on at tick
# 480 has none. The same note as "!staccato!d" lasts its full length.
# Why it matters: players hold such a note to the end of the file, and readers of MIDI lose it or
# stretch it, each in its own way.
# Versions: abcjs 6.7.2, midi-file 1.2.4.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
echo '{"type":"module"}' >package.json
npm install --no-audit --no-fund --ignore-scripts --loglevel=error abcjs@6.7.2 midi-file@1.2.4 >/dev/null

cat >finding.mjs <<'END'
import abcjs from "abcjs";
import { parseMidi } from "midi-file";

const ends = (music) => {
  const tune = `X:1\nT:Four notes\nM:4/4\nL:1/4\nK:C\n${music}|\n`;
  const [file] = [abcjs.synth.getMidiFile(tune, { midiOutputType: "binary" })].flat();
  return parseMidi(Buffer.from(file)).tracks.flatMap((track) => {
    let ticks = 0;
    return track.flatMap(({ type, deltaTime, noteNumber }) => {
      ticks += deltaTime;
      return noteNumber === 74 ? [`${type} ${ticks}`] : [];
    });
  }).join(", ");
};
const [plain, named, dot] = [ends("c d e f"), ends("c !staccato!d e f"), ends("c .d e f")];
console.log(`d plain: ${plain}; d with !staccato!: ${named}`);
console.log(`d with a dot: expected noteOn 480, noteOff from 481 to 959; seen ${dot}`);
const whole = "noteOn 480, noteOff 960";
process.exit(plain === whole && named === whole && dot === "noteOff 0, noteOn 480" ? 0 : 1);
END

node finding.mjs
