#!/usr/bin/env bash
# A package reached through "links" in deno.json loses its own "scopes", but keeps its "imports".
#
# Expected: a linked package resolves its imports by its own deno.json, as it does when it is run by
# itself.
# Seen: a bare import that the package maps under "imports" works for whoever links it; the same
# mapping under "scopes", with which the package itself runs, fails with "not a dependency and not in
# import map".
# Why it matters: a project that keeps its packages under "scopes" must import by full specifiers
# (npm:NAME@VERSION) what those who link it are to reach.
# Versions: deno 2.9.6.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
echo '{"type":"module"}' >package.json
npm install --no-audit --no-fund --loglevel=error deno@2.9.6 >/dev/null
deno="$tmp/node_modules/.bin/deno"
export DENO_DIR="$tmp/cache" DENO_NO_UPDATE_CHECK=1 NO_COLOR=1 DENO_NO_PACKAGE_JSON=1

tried() { # tried NAME MAPPING FROM: runs a program in the folder FROM, which imports the package
  mkdir -p "$1/package" "$1/user"
  echo "{\"name\":\"@some/one\",\"version\":\"1.0.0\",\"exports\":\"./mod.js\",\"lock\":false,$2}" \
    >"$1/package/deno.json"
  echo 'import m from "minimist"; console.log(typeof m);' >"$1/package/mod.js"
  echo '{"links":["../package"],"imports":{"one":"jsr:@some/one@1.0.0"},"lock":false}' \
    >"$1/user/deno.json"
  echo 'import "one";' >"$1/user/mod.js"
  (cd "$1/$3" && "$deno" run mod.js 2>&1 || true) | grep -oE "^function$|not in import map" | head -1
}
map='{"minimist":"npm:minimist@1.2.8"}'
itself=$(tried a "\"scopes\":{\"./\":$map}" package)
scopes=$(tried b "\"scopes\":{\"./\":$map}" user)
imports=$(tried c "\"imports\":$map" user)
echo "package with scopes, by itself: $itself; linked, with imports: $imports"
echo "linked, with scopes: expected function; seen $scopes"
[ "$itself, $imports, $scopes" = "function, function, not in import map" ]
