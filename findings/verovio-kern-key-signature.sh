#!/usr/bin/env bash
# Verovio 6.3.0 plays **kern with wrong pitches where 6.2.0 plays the right ones.
#
# Expected: **kern writes the sounding pitch: 4e- is E flat, whether or not the key signature has it.
# Seen: notes that need no printed accidental lose it in MIDI: 64 69 71 for 63 68 70. The same file
# in 6.2.0 is right, so that an update within a major version transposes notes silently.
# Why it matters: many free piano scores (sonatas, rags) are in **kern; a corpus read through 6.3.0
# keeps its rhythm and loses its keys, which no check of the note count notices.
# Versions: verovio 6.2.0 and 6.3.0, module wasm-hum.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
echo '{"type":"module"}' >package.json
npm install --no-audit --no-fund --ignore-scripts --loglevel=error verovio@6.3.0 verovio-6-2@npm:verovio@6.2.0 >/dev/null

cat >finding.mjs <<'END'
const kern = "**kern\n*clefG2\n*k[b-e-a-]\n*M4/4\n=1\n4e-\n4a-\n4b-\n4c\n==\n*-\n";
const seen = [];
for (const name of ["verovio-6-2", "verovio"]) {
  const { default: createModule } = await import(`${name}/wasm-hum`);
  const { VerovioToolkit } = await import(`${name}/esm`);
  const toolkit = new VerovioToolkit(await createModule());
  toolkit.loadData(kern);
  toolkit.renderToMIDI();
  const ids = toolkit.renderToTimemap().flatMap(({ on = [] }) => on);
  seen.push(ids.map((id) => toolkit.getMIDIValuesForElement(id).pitch).join(" "));
}
console.log(`pitches: expected 63 68 70 60, seen ${seen[0]} (6.2.0), ${seen[1]} (6.3.0)`);
process.exit(seen.join() === "63 68 70 60,64 69 71 60" ? 0 : 1);
END

node finding.mjs
