#!/usr/bin/env bash
# tfjs's WebAssembly backend adds up in a single float32, so that long sums stand still.
#
# Expected: the mean of 2^25 ones is 1, as on the CPU backend, and as pairwise or blocked sums, usual
# in numerical libraries, would give.
# Seen: 0.5. The running sum reaches 2^24, where adding 1 in float32 changes nothing any more.
# Why it matters: losses and norms over large tensors (a batch of logits over many note combinations)
# come out too small, gradually and without an error.
# Versions: @tensorflow/tfjs-core, -backend-cpu and -backend-wasm 4.22.0.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
echo '{"type":"module"}' >package.json
npm install --no-audit --no-fund --ignore-scripts --loglevel=error @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0 >/dev/null

cat >finding.mjs <<'END'
import * as tf from "@tensorflow/tfjs-core";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import "@tensorflow/tfjs-backend-cpu";

setWasmPaths(`${process.cwd()}/node_modules/@tensorflow/tfjs-backend-wasm/dist/`);
const means = [];
for (const backend of ["cpu", "wasm"]) {
  await tf.setBackend(backend);
  means.push(tf.mean(tf.ones([2 ** 25])).dataSync()[0]);
}
console.log(`mean of 2^25 ones: expected 1, seen ${means[0]} (cpu), ${means[1]} (wasm)`);
process.exit(means[0] === 1 && means[1] === 0.5 ? 0 : 1);
END

node finding.mjs
