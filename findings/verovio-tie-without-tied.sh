#!/usr/bin/env bash
# Verovio's MIDI strikes a tied note twice if the MusicXML ties it by <tie> alone.
#
# Expected: one note. In MusicXML <tie> is the sound of a tie and <tied> its drawing, so that for
# playback <tie> is enough, and <tied> alone should change nothing that is heard.
# Seen: the reverse: two notes from <tie> alone, one from <tied> alone.
# Why it matters: a held note is struck again at every bar line. Whoever writes MusicXML has to write
# both; whoever reads other people's through Verovio gets wrong note counts and lengths.
# Versions: verovio 6.3.0, @tonejs/midi 2.0.28 (reads the MIDI file).
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
echo '{"type":"module"}' >package.json
npm install --no-audit --no-fund --ignore-scripts --loglevel=error verovio@6.3.0 @tonejs/midi@2.0.28 >/dev/null

cat >finding.mjs <<'END'
import createModule from "verovio/wasm";
import { VerovioToolkit } from "verovio/esm";

const toolkit = new VerovioToolkit(await createModule());
import tone from "@tonejs/midi";

const score = (divisions, notes, before = "") =>
  `<score-partwise version="4.0"><part-list><score-part id="P1"><part-name>Piano</part-name>
  </score-part></part-list><part id="P1"><measure number="1"><attributes><divisions>${divisions}
  </divisions><key><fifths>0</fifths></key><time><beats>4</beats><beat-type>4</beat-type></time>
  <clef><sign>G</sign><line>2</line></clef></attributes>${before}${notes}</measure></part>
  </score-partwise>`;
const note = (tie, tied) =>
  `<note><pitch><step>C</step><octave>4</octave></pitch><duration>2</duration>${tie}
  <voice>1</voice><type>half</type>${tied}</note>`;
const struck = (sound, drawing) => {
  const notes = ["start", "stop"].map((type) =>
    note(
      sound ? `<tie type="${type}"/>` : "",
      drawing ? `<notations><tied type="${type}"/></notations>` : "",
    )
  );
  toolkit.loadData(score(1, notes.join("")));
  const midi = new tone.Midi(Buffer.from(toolkit.renderToMIDI(), "base64"));
  return midi.tracks.flatMap((track) => track.notes).length;
};
const seen = [struck(true, true), struck(true, false), struck(false, true)].join(" ");
console.log(`notes with tie and tied, tie, tied: expected 1 1 2, seen ${seen}`);
process.exit(seen === "1 2 1" ? 0 : 1);
END

node finding.mjs
