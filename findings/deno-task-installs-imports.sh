#!/usr/bin/env bash
# `deno task` installs every npm package of the import map before it runs a command that needs none.
#
# Expected: a task that runs `echo` downloads nothing; packages are downloaded when a program that
# imports them is run.
# Seen: `deno task hello` downloads the package of "imports" first, also with "lock": false. The same
# package under "scopes" is not downloaded, and a module of the project can import it all the same.
# Why it matters: whoever tries a project by one of its tasks waits for all that any other task
# needs. Keep large packages under "scopes": {"./": {...}}.
# Versions: deno 2.9.6.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
echo '{"type":"module"}' >package.json
npm install --no-audit --no-fund --loglevel=error deno@2.9.6 >/dev/null
deno="$tmp/node_modules/.bin/deno"
export DENO_NO_UPDATE_CHECK=1 NO_COLOR=1 DENO_NO_PACKAGE_JSON=1
packages='{"minimist":"npm:minimist@1.2.8"}'

installed() { # installed NAME CONFIG COMMAND...: whether the package is in an empty cache afterwards
  mkdir "$1" && echo "$2" >"$1/deno.json" && echo 'import m from "minimist"; m([]);' >"$1/use.js"
  (cd "$1" && DENO_DIR="$tmp/$1/cache" "$deno" "${@:3}" >/dev/null 2>&1) || echo -n "failed, "
  [ -n "$(find "$1/cache" -type d -name minimist -print -quit)" ] && echo yes || echo no
}
tasks='"tasks":{"hello":"echo hello"},"lock":false,"nodeModulesDir":"none"'
imports=$(installed imports "{\"imports\":$packages,$tasks}" task hello)
scopes=$(installed scopes "{\"scopes\":{\"./\":$packages},$tasks}" task hello)
used=$(installed used "{\"scopes\":{\"./\":$packages},$tasks}" run use.js)
echo "downloaded by a task that echoes, with imports: expected no; seen $imports"
echo "with scopes: $scopes; by a program that imports it through scopes: $used"
[ "$imports, $scopes, $used" = "yes, no, yes" ]
