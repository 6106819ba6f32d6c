#!/usr/bin/env bash
# @tonejs/midi flattens all pitch bends of a file that it writes.
#
# Expected: a file that is read and written again bends its notes as before; bends are numbers from -1
# to 1 in the object, and 14 bits in the file.
# Seen: reading divides by 8,192, writing does not multiply: half a bend up (4,096) is written as 0, a
# whole one down (-8,192) as -1. Times and number of the bends are right.
# Why it matters: slides and vibrato are gone from every file that passes through it, and bends set in
# code are not heard; nothing is reported, and the object itself shows the right values.
# Versions: @tonejs/midi 2.0.28, midi-file 1.2.4.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
echo '{"type":"module"}' >package.json
npm install --no-audit --no-fund --ignore-scripts --loglevel=error @tonejs/midi@2.0.28 midi-file@1.2.4 >/dev/null

cat >finding.mjs <<'END'
import tone from "@tonejs/midi";
import { parseMidi, writeMidi } from "midi-file";

const event = (type, deltaTime, more) => ({ type, deltaTime, channel: 0, ...more });
const end = { type: "endOfTrack", deltaTime: 0 };
const file = Buffer.from(writeMidi({
  header: { format: 1, numTracks: 2, ticksPerBeat: 480 },
  tracks: [[end], [
    event("noteOn", 0, { noteNumber: 60, velocity: 80 }),
    event("pitchBend", 0, { value: 4096 }),
    event("pitchBend", 240, { value: -8192 }),
    event("noteOff", 240, { noteNumber: 60, velocity: 0 }),
    end,
  ]],
}));
const bends = (bytes) =>
  parseMidi(bytes).tracks.flat().filter(({ type }) => type === "pitchBend")
    .map(({ value }) => value).join(" ");
const midi = new tone.Midi(file), read = midi.tracks[0].pitchBends.map(({ value }) => value);
const written = bends(Buffer.from(midi.toArray()));
console.log(`in the file ${bends(file)}, read ${read.join(" ")}`);
console.log(`written again: expected 4096 -8192, seen ${written}`);
process.exit(bends(file) === "4096 -8192" && read.join(" ") === "0.5 -1" && written === "0 -1" ? 0 : 1);
END

node finding.mjs
