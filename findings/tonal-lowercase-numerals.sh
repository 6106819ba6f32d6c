#!/usr/bin/env bash
# Tonal turns lower-case Roman numerals into major chords.
#
# Expected: ii, iii and vi in C are D minor, E minor and A minor: lower case means minor wherever
# harmony is taught with two cases.
# Seen: D, E and A major; ii7 is D7. The case is parsed (RomanNumeral.get("ii").major is false), but
# not used; only an explicit "IIm" is minor. The way back writes IIm as well, never ii.
# Why it matters: the commonest progressions on song sheets (I vi ii V) sound wrong without an
# error, as if they were full of secondary dominants.
# Versions: tonal 6.5.1.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
echo '{"type":"module"}' >package.json
npm install --no-audit --no-fund --ignore-scripts --loglevel=error tonal@6.5.1 >/dev/null

cat >finding.mjs <<'END'
import { Chord, Progression, RomanNumeral } from "tonal";

const chords = Progression.fromRomanNumerals("C", ["I", "vi", "ii7", "V7"]);
const seen = chords.map((chord) => `${chord} (${Chord.get(chord).notes.join(" ")})`).join(", ");
const back = Progression.toRomanNumerals("C", ["C", "Am", "Dm7", "G7"]).join(" ");
console.log("I vi ii7 V7 in C: expected C, Am, Dm7, G7");
console.log(`seen ${seen}`);
console.log(`C Am Dm7 G7 is written ${back}; "vi" is major: ${RomanNumeral.get("vi").major}`);
const same = chords.join(" ") === "C A D7 G7" && back === "I VIm IIm7 V7" &&
  RomanNumeral.get("vi").major === false;
process.exit(same ? 0 : 1);
END

node finding.mjs
