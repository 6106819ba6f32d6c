#!/usr/bin/env bash
# @tonejs/midi loses a note that is held over a program change.
#
# Expected: a program change is for the notes that begin after it; a note that sounds goes on to its
# note off, as the General MIDI synthesizers play it.
# Seen: a track is split where the program changes, and a note with one end on either side is in
# neither part, in format 0 and in format 1; nothing is reported.
# Why it matters: in a recording where a player changes the sound while a chord is held, the chord is
# missing from what is learned, counted or written back.
# Versions: @tonejs/midi 2.0.28.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
echo '{"type":"module"}' >package.json
npm install --no-audit --no-fund --ignore-scripts --loglevel=error @tonejs/midi@2.0.28 >/dev/null

cat >finding.mjs <<'END'
import tone from "@tonejs/midi";

const events = [
  [0, 0xc0, 0], [0, 0x90, 60, 80], // C4 begins as a piano
  [96, 0xc0, 4], [0, 0x90, 64, 80], // electric piano, E4
  [96, 0x80, 60, 0], [0, 0x80, 64, 0], [0, 0xff, 0x2f, 0],
].flat();
const pitches = (format) => {
  const file = Buffer.from([
    ...Buffer.from("MThd"), 0, 0, 0, 6, 0, format, 0, 1, 1, 0xe0,
    ...Buffer.from("MTrk"), 0, 0, 0, events.length, ...events,
  ]);
  const { tracks } = new tone.Midi(file);
  return tracks.flatMap(({ notes }) => notes.map((note) => note.midi)).sort().join(" ");
};
console.log(`pitches: expected 60 64; seen ${pitches(0)} (format 0), ${pitches(1)} (format 1)`);
process.exit(pitches(0) === "64" && pitches(1) === "64" ? 0 : 1);
END

node finding.mjs
