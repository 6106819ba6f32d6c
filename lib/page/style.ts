/** The page's style sheet: light and dark, from a phone's width on. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --ink: #1f2328; --faint: #59636e; --paper: #fff; --card: #f6f8fa;
  --line: #d1d9e0; --you: #2a66a5; --model: #b65309; --now: #c2202c; --accent: #2a66a5; }
@media (prefers-color-scheme: dark) { :root { --ink: #f0f3f6; --faint: #9da7b1; --paper: #12161b;
  --card: #1b2128; --line: #3a434d; --you: #6ea8e0; --model: #ee9448; --now: #ff6a6a;
  --accent: #6ea8e0; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.45 system-ui, -apple-system, "Segoe UI", sans-serif; }
header, main, footer { max-width: 70rem; margin: 0 auto; padding: 0 1rem; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem 1.5rem; padding-top: .8rem; }
main { min-height: 100vh; display: flow-root; }
h1 { font-size: 1.35rem; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: .6rem 0; }
[role=tablist] { display: flex; gap: .25rem; }
button, select, input[type=file], input[type=text] { font: inherit; color: inherit; }
input[type=text] { background: var(--paper); border: 1px solid var(--line); border-radius: .45rem;
  padding: .35rem .6rem; min-width: 0; max-width: 100%; }
input[aria-invalid=true] { border-color: var(--now); border-style: dashed; }
button, select { background: var(--card); border: 1px solid var(--line); border-radius: .45rem;
  padding: .4rem .75rem; min-height: 2.4rem; cursor: pointer; }
button:disabled { opacity: .5; cursor: default; }
button:focus-visible, select:focus-visible, input:focus-visible, a:focus-visible {
  outline: 3px solid var(--accent); outline-offset: 2px; }
[role=tab][aria-selected=true] { border-color: var(--accent); box-shadow: inset 0 -3px var(--accent);
  font-weight: 600; }
[role=tab] { height: 2.6rem; min-width: 4.5rem; }
#turn { display: flex; align-items: center; gap: .6rem; min-height: 3rem; margin: .7rem 0 .4rem;
  padding: .3rem .8rem; border-radius: .5rem; background: var(--card); border-left: .5rem solid var(--line); }
#turn b { white-space: nowrap; min-width: 9.5rem; }
#turn span { color: var(--faint); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
#turn[data-turn=person] { border-left: .5rem solid var(--you); }
#turn[data-turn=model] { border-left: .5rem double var(--model); }
#turn b::before { content: "○ "; }
#turn[data-turn=person] b::before { content: "■ "; color: var(--you); }
#turn[data-turn=model] b::before { content: "□ "; color: var(--model); }
canvas { display: block; width: 100%; height: 15rem; border: 1px solid var(--line);
  border-radius: .5rem; background: var(--card); }
#keyboard { position: relative; height: 7rem; margin: .5rem 0; touch-action: none; user-select: none; }
#keyboard button { position: absolute; top: 0; padding: 0; min-height: 0; border-radius: 0 0 .3rem .3rem; }
#keyboard .white { height: 100%; background: #fdfdfb; border: 1px solid #8a929a; }
#keyboard .black { height: 62%; background: #23272c; border: 1px solid #000; z-index: 1; }
#keyboard [data-who=person] { background: #2a66a5; }
#keyboard [data-who=model] { background: #fff; box-shadow: inset 0 0 0 .3rem #d9731a; }
#keyboard .black[data-who=model] { background: #23272c; }
.hint { color: var(--faint); font-size: .9rem; margin: .35rem 0; }
kbd { font: .85em ui-monospace, monospace; border: 1px solid var(--line); border-radius: .25rem;
  padding: 0 .3em; }
#problem, .problem { color: var(--now); margin: .35rem 0; font-weight: 600; min-height: 1.45em; }
#midi, #bars-status { min-height: 1.45em; }
#chords-problem { margin: 0; font-size: .9rem; }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap: .8rem; }
fieldset { border: 1px solid var(--line); border-radius: .5rem; margin: 0; padding: .5rem .8rem .8rem;
  display: flex; flex-direction: column; gap: .5rem; align-items: flex-start; min-width: 0; }
legend { font-weight: 600; padding: 0 .3rem; }
fieldset label { display: flex; align-items: center; gap: .5rem; flex-wrap: wrap; }
.row { margin: 0; display: flex; gap: .4rem; flex-wrap: wrap; align-items: center; }
.choice { display: flex; }
.choice label { gap: 0; }
.choice input { position: absolute; opacity: 0; }
.choice span { border: 1px solid var(--line); padding: .4rem .7rem; margin-left: -1px; cursor: pointer;
  background: var(--card); }
.choice label:first-child span { border-radius: .45rem 0 0 .45rem; }
.choice label:last-child span { border-radius: 0 .45rem .45rem 0; }
.choice input:checked + span { background: var(--accent); color: var(--paper); border-color: var(--accent);
  text-decoration: underline; }
.choice input:focus-visible + span { outline: 3px solid var(--accent); outline-offset: 2px; }
#tempo { font-size: 1.3rem; font-weight: 600; min-width: 6.5rem; }
footer { color: var(--faint); font-size: .82rem; padding-top: 1rem; padding-bottom: 1.5rem; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: .5rem; background: var(--card); }
.scroll + .row, #bars > .row:first-child { margin: .6rem 0; }
.piece { position: relative; height: 15rem; min-width: 100%; }
.piece svg { position: absolute; inset: 0; width: 100%; height: 100%; }
.piece .bar { position: absolute; top: 0; bottom: 0; padding: 0; border: 0; border-left: 1px solid var(--line);
  border-radius: 0; background: none; font-size: .8rem; color: var(--faint); display: flex;
  align-items: flex-end; justify-content: flex-start; min-height: 0; }
.piece .bar:focus-visible { outline-offset: -3px; }
.piece .bar[aria-pressed=true] { background: repeating-linear-gradient(45deg, transparent 0 6px,
  color-mix(in srgb, var(--accent) 30%, transparent) 6px 9px); box-shadow: inset 0 0 0 2px var(--accent);
  color: var(--ink); font-weight: 700; }
.piece .head { position: absolute; top: 0; bottom: 0; width: 2px; background: var(--now); display: none; }
.old { fill: var(--you); } .new { fill: none; stroke: var(--model); stroke-width: 2px;
  vector-effect: non-scaling-stroke; }
[hidden] { display: none !important; }
@media (max-width: 30rem) { .piece, canvas { height: 11rem; } #keyboard { height: 5.5rem; }
  #turn { align-items: flex-start; flex-direction: column; gap: 0; min-height: 5.1rem; }
  #bars-status { min-height: 2.9em; } #turn span { white-space: normal; } header, main, footer { padding-left: .7rem; padding-right: .7rem; } }
`;
