#!/usr/bin/env bash
# Verovio plays a tune in C in the key of the document that was loaded before it.
#
# Expected: loadData begins anew, and a new toolkit all the more: the MIDI file of a document depends
# on that document alone.
# Seen: after a tune in G, a tune in ABC with "K:C" is played with F sharp, by the same toolkit and by
# a new one of the same module, though the MEI of that tune has no key signature. Only a new module
# plays it right.
# Why it matters: of a collection converted in one process, every tune in C or A minor may be wrong,
# depending on the order of the files; each tune by itself comes out right.
# Versions: verovio 6.3.0, midi-file 1.2.4.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
echo '{"type":"module"}' >package.json
npm install --no-audit --no-fund --ignore-scripts --loglevel=error verovio@6.3.0 midi-file@1.2.4 >/dev/null

cat >finding.mjs <<'END'
import { parseMidi } from "midi-file";
import createModule from "verovio/wasm";
import { VerovioToolkit } from "verovio/esm";

const tune = (key) => `X:1\nT:Scale\nM:4/4\nL:1/4\nK:${key}\nF G A B|\n`;
const played = (toolkit, key) => {
  toolkit.setOptions({ inputFrom: "abc" });
  toolkit.loadData(tune(key));
  return parseMidi(Buffer.from(toolkit.renderToMIDI(), "base64")).tracks.flat()
    .filter(({ type }) => type === "noteOn").map(({ noteNumber }) => noteNumber).join(" ");
};
const module = await createModule(), toolkit = new VerovioToolkit(module);
const seen = [
  played(toolkit, "C"),
  played(toolkit, "G"),
  played(toolkit, "C"),
  played(new VerovioToolkit(module), "C"),
  played(new VerovioToolkit(await createModule()), "C"),
].join(", ");
console.log("C, then G, C, C by a new toolkit, C by a new module:");
console.log("expected 65 67 69 71, 66 67 69 71, 65 67 69 71, 65 67 69 71, 65 67 69 71");
console.log(`seen     ${seen}`);
const [c, g] = ["65 67 69 71", "66 67 69 71"];
process.exit(seen === [c, g, g, g, c].join(", ") ? 0 : 1);
END

node finding.mjs
