#!/usr/bin/env bash
# @tonejs/midi writes key signatures that do not exist, and calls minor keys by their relative major.
#
# Expected: E flat major is written as three flats (byte FD), and three flats in minor, C minor, are
# read as C minor.
# Seen: E flat major is written as 11 sharps (byte 0B; the format has -7 to 7), which the library
# itself reads back without a key; C minor is read as "Eb minor", a key with six flats.
# Why it matters: a file that is read and written back changes its key signatures; programs that
# engrave or transpose by them go wrong. Read and write that event without the library.
# Versions: @tonejs/midi 2.0.28.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
echo '{"type":"module"}' >package.json
npm install --no-audit --no-fund --ignore-scripts --loglevel=error @tonejs/midi@2.0.28 >/dev/null

cat >finding.mjs <<'END'
import tone from "@tonejs/midi";

const midi = new tone.Midi();
midi.header.keySignatures.push({ ticks: 0, key: "Eb", scale: "major" });
midi.addTrack().addNote({ midi: 63, ticks: 0, durationTicks: 480 });
const file = Buffer.from(midi.toArray());
const at = file.indexOf(Buffer.from([0xff, 0x59, 2])) + 3;
const written = file[at].toString(16).padStart(2, "0");
const back = new tone.Midi(file).header.keySignatures[0].key;
file.set([0xfd, 1], at); // C minor: three flats, minor
const { key, scale } = new tone.Midi(file).header.keySignatures[0];
const seen = `${written}, ${back}, ${key} ${scale}`;
console.log(`Eb major as byte, read back; C minor: expected fd, Eb, C minor; seen ${seen}`);
process.exit(seen === "0b, undefined, Eb minor" ? 0 : 1);
END

node finding.mjs
