#!/usr/bin/env bash
# `deno compile` takes the `deno` program itself as its base, reports success, and makes a plain deno.
#
# Expected: DENORT_BIN with a base that cannot run the program is refused; `deno` would be an obvious
# base where the small one cannot be downloaded.
# Seen: exit code 0 and the usual report of what was embedded; the result ignores the program in it
# and is deno: it prints deno's version, not what the program prints.
# Why it matters: a build without a network seems to work. Run what was compiled, once, before it is
# released.
# Versions: deno 2.9.6.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
echo '{"type":"module"}' >package.json
npm install --no-audit --no-fund --loglevel=error deno@2.9.6 >/dev/null
export DENO_DIR="$tmp/cache" DENO_NO_UPDATE_CHECK=1 NO_COLOR=1 DENO_NO_PACKAGE_JSON=1
deno=$(node_modules/.bin/deno eval 'console.log(Deno.execPath())')
echo 'console.log("this is the program");' >main.js
DENORT_BIN="$deno" "$deno" compile --no-config --output program main.js >/dev/null 2>&1
echo "compile: exit code $?"
seen=$(./program --version | head -1 | cut -d" " -f1)
echo "what the result prints: expected this is the program; seen $seen"
[ "$seen" = deno ]
