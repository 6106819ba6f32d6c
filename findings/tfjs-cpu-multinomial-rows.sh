#!/usr/bin/env bash
# On the CPU backend every row of a batch is sampled with the same random numbers.
#
# Expected: tf.multinomial draws each row of a batch independently, as the WebAssembly backend does.
# Seen: rows with equal probabilities get equal samples, in the same order, with a seed and without:
# the generator is made anew for each row, from one seed.
# Why it matters: a batch of pieces that starts from one primer stays one piece, however many rows
# it has; and a test on the CPU backend says nothing about the WebAssembly backend here.
# Versions: @tensorflow/tfjs 4.22.0, @tensorflow/tfjs-backend-wasm 4.22.0.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
echo '{"type":"module"}' >package.json
npm install --no-audit --no-fund --ignore-scripts --loglevel=error @tensorflow/tfjs@4.22.0 \
  @tensorflow/tfjs-backend-wasm@4.22.0 >/dev/null

cat >finding.mjs <<'END'
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";

const rows = 8;
const different = (seed) =>
  tf.tidy(() => {
    const samples = tf.multinomial(tf.zeros([rows, 1000]), 16, seed).arraySync();
    return new Set(samples.map(String)).size;
  });
const seen = {};
for (const backend of ["cpu", "wasm"]) {
  await tf.setBackend(backend);
  await tf.ready();
  seen[backend] = [different(7), different()];
  console.log(
    `${backend}: ${rows} rows of 16 samples out of 1,000 classes, expected ${rows} different, ` +
      `seen ${seen[backend][0]} with a seed, ${seen[backend][1]} without`,
  );
}
process.exit(String(seen.cpu) === "1,1" && String(seen.wasm) === `${rows},${rows}` ? 0 : 1);
END

node finding.mjs
