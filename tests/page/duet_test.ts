import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Duet } from "../../lib/page/duet.ts";
import { metronomeFor } from "../../lib/page/tempo.ts";
import type { FromPlayer, HearMessage, ToPlayer } from "../../lib/page/worker.ts";

const effort = { plans: 1, candidates: 2 };
const pulse = { step: 0.125, origin: 0, stepsPerBar: 16, stepsPerBeat: 4, stepsPerQuarter: 4 };

/** A duet on a stage whose clock stands still until it is moved on. */
function onStage() {
  let now = 0;
  const sent: ToPlayer[] = [], stopped: number[] = [];
  const duet = new Duet(
    {
      now: () => now,
      send: (message) => void sent.push(message),
      strike: () => ({ stop: (at) => void stopped.push(at) }),
      changed: () => {},
    },
    { boldness: 0, follow: 0.5, slower: 1, chords: "", stepsPerBar: undefined, seed: 1 },
    120,
  );
  const asked = () => sent.findLast((message): message is HearMessage => message.kind === "hear");
  return {
    duet,
    asked,
    stopped,
    sent,
    /** Looks at the clock every 20 ms until a moment. */
    until(moment: number) {
      while (now < moment) {
        now += 0.02;
        duet.tick();
      }
    },
    play(pitch: number, from: number, to: number) {
      this.until(from);
      duet.press(pitch, 80, from);
      this.until(to);
      duet.release(pitch, to);
    },
    /** The worker answers what it was asked last: at most two bars, a note on each beat. */
    answer(due: number, bars = 2) {
      const { id } = asked()!, past = { frames: [], metres: [] };
      const say = (message: FromPlayer) => duet.hear(message);
      say({ kind: "heard", id, pulse, due, key: "C major", steps: 32, past, effort });
      for (const from of [0, 16].slice(0, bars)) {
        const notes = [0, 4, 8, 12].map((at) => ({
          ...{ pitch: 60, velocity: 80, start: from + at, end: from + at + 3 },
        }));
        const frames = Array.from({ length: 16 }, () => [60]);
        say({ kind: "bar", id, from, to: from + 16, notes, frames });
      }
      if (bars < 2) return;
      say({ kind: "answered", id, recipe: {}, midi: new Uint8Array() });
    },
  };
}

Deno.test("a phrase that fills its bars is answered at the bar line, and the answer ends by itself", () => {
  const stage = onStage(), { duet } = stage;
  for (let beat = 0; beat < 7; beat++) {
    stage.play(60 + beat, beat / 2, beat / 2 + 0.45);
    if (stage.asked()) stage.answer(4); // drawn ahead, until the next note
  }
  stage.until(3.8);
  assertEquals(duet.turn, "person");
  stage.until(4.1);
  assertEquals([duet.turn, duet.span!.from], ["model", 4]); // no bar late
  stage.until(7.9);
  assertEquals(duet.turn, "model");
  stage.until(8.6);
  assertEquals([duet.turn, duet.history.session.answers.length, duet.late], ["person", 1, 0]);
  assertEquals(duet.history.session.notes.filter(({ who }) => who === "model").length, 8);
});

Deno.test("the space bar hands over at once, and an answer that comes late waits for the next beat", () => {
  const stage = onStage(), { duet } = stage;
  stage.play(60, 0, 0.4);
  duet.handOver();
  assertEquals(duet.turn, "model");
  stage.until(1.3);
  stage.answer(0.5);
  assertAlmostEquals(duet.span!.from, 1.5, 1e-9);
  assertEquals(duet.late, 0);
});

Deno.test("the pulse is estimated at every beat and refined after each rest, and what is ready is played", () => {
  const stage = onStage(), { duet } = stage;
  stage.play(60, 0, 0.2);
  stage.until(0.3);
  const first = stage.asked()!;
  assertEquals([first.notes.length, first.near], [1, undefined]);
  stage.answer(2); // its pulse is known from now on
  stage.play(62, 0.34, 0.4);
  stage.until(0.45);
  const second = stage.asked()!;
  assertEquals([second.notes.length, second.near], [2, pulse]);
  stage.answer(2, 1); // one bar of two
  stage.until(0.6); // a beat after the first estimate
  const third = stage.asked()!;
  assertEquals([third.notes.length, third.near], [2, undefined]);
  assert(third.id > second.id);
  duet.handOver();
  assertEquals(duet.showing.planned.length, 4); // of the second answer: the third is not there yet
  assertEquals(stage.asked()!.id, second.id); // goes on
  stage.answer(2);
  assertEquals(duet.showing.planned.length, 8);
  assertEquals(duet.waits, [0]);
});

Deno.test("a request is not replaced before its pulse is known, except at a hand-over", () => {
  const stage = onStage(), { duet } = stage;
  for (let note = 0; note < 6; note++) stage.play(60 + note, note / 2, note / 2 + 0.3);
  const { id } = stage.asked()!;
  assertEquals([id, duet.pulse], [1, undefined]); // a slow machine would never come to an end
  stage.answer(4, 0);
  stage.until(3);
  assert(stage.asked()!.id > id);
  duet.handOver();
  assertEquals([stage.asked()!.isUrgent, stage.asked()!.near], [true, pulse]);
});

Deno.test("an answer that is made again is made with the same effort", () => {
  const stage = onStage(), { duet } = stage;
  stage.play(60, 0, 0.2);
  stage.until(0.3);
  stage.answer(2);
  stage.play(62, 0.34, 0.4);
  stage.until(0.45);
  stage.answer(2, 1); // one bar of two
  stage.until(0.6); // it is estimated anew
  const { id } = stage.asked()!;
  duet.handOver();
  assertEquals([stage.asked()!.id < id, stage.asked()!.effort], [true, effort]);
});

Deno.test("a change of settings asks for other answers, and an answer that fails gives the turn back", () => {
  const stage = onStage(), { duet } = stage;
  stage.play(60, 0, 0.1);
  stage.until(0.2);
  stage.answer(2);
  duet.set({ boldness: 1 });
  duet.handOver();
  const { id, wishes, isUrgent } = stage.asked()!;
  assertEquals([duet.showing.planned.length, wishes.boldness, isUrgent], [0, 1, true]);
  duet.fail(id);
  assertEquals(duet.turn, "person");
  stage.until(3);
  assertEquals(stage.asked()!.id, id);
});

Deno.test("an answer that comes after its time is played, and a bar that is late waits for a beat", () => {
  const stage = onStage(), { duet } = stage;
  stage.play(60, 0, 0.4);
  duet.handOver();
  stage.answer(0.5, 0); // nothing but the pulse is known
  stage.until(9.3);
  assertEquals(duet.turn, "model"); // its time is over, but it has not begun
  stage.answer(0.5, 1);
  assertAlmostEquals(duet.span!.from, 9.5, 1e-9);
  stage.until(11.8); // a beat after its bar
  stage.answer(0.5);
  const starts = duet.showing.planned.map(({ start }) => start);
  for (const [at, start] of [9.5, 10, 10.5, 11, 12, 12.5, 13, 13.5].entries()) {
    assertAlmostEquals(starts[at]!, start, 1e-9);
  }
  stage.until(13.8);
  assertEquals(duet.turn, "model");
  stage.until(14.1);
  assertEquals([duet.turn, duet.late], ["person", 0]);
  assertEquals(duet.history.session.answers.length, 1);
});

Deno.test("playing on takes the turn back at once; within the first bar the phrase goes on", () => {
  for (const [at, notes] of [[4.5, 3], [7, 1]] as const) {
    const stage = onStage(), { duet } = stage;
    stage.play(60, 0, 0.4);
    stage.play(62, 0.5, 0.9);
    stage.until(1);
    duet.handOver();
    stage.answer(4);
    stage.until(at);
    duet.press(64, 80, at);
    assertEquals(duet.turn, "person");
    assert(stage.stopped.filter((moment) => moment === at).length >= 8); // all voices of the answer
    stage.until(at + 0.6);
    assertEquals(stage.asked()!.notes.length, notes);
  }
});

Deno.test("what the pedal holds sounds on, and a corrected tempo is asked for again", () => {
  const stage = onStage(), { duet } = stage;
  duet.sustain(true, 0);
  stage.play(60, 0, 0.4);
  stage.until(0.8);
  assertEquals(duet.turn, "person"); // the pedal is down
  duet.sustain(false, 0.8);
  stage.until(1.4);
  assertEquals(duet.turn, "model");
  assertAlmostEquals(duet.history.session.notes[0]!.end, 0.8, 1e-9);
  assertEquals(stage.asked()!.notes[0]!.end, 0.4); // as long as the key was held
  const { beatsPerMinute } = duet;
  duet.correct({ times: 2 });
  assertEquals(stage.asked()!.prior.beatsPerMinute, 2 * beatsPerMinute);
});

Deno.test("a metronome keeps the tempo and the metre that are shown, unless another one is chosen", () => {
  const stage = onStage(),
    { duet } = stage,
    siciliana = { ...pulse, stepsPerBar: 12, stepsPerBeat: 6 };
  const metronome = () => metronomeFor(duet, 3, 4);
  assertAlmostEquals(60 / metronome().step / 4, duet.beatsPerMinute, 1e-9); // as expected
  assertEquals(metronome().stepsPerBar, 16);
  stage.play(60, 0, 0.4);
  stage.until(0.6);
  stage.answer(2); // at another tempo
  assertAlmostEquals(duet.beatsPerMinute, 120, 1e-9);
  assertEquals(metronome(), { ...pulse, origin: 3 });
  duet.pulse = siciliana;
  assertAlmostEquals(duet.beatsPerMinute, 80, 1e-9);
  assertEquals(metronome(), { ...siciliana, origin: 3 });
  duet.set({ stepsPerBar: 16 });
  assertAlmostEquals(60 / metronome().step / 4, 80, 1e-9);
  assertEquals([metronome().stepsPerBar, metronome().stepsPerBeat], [16, 4]);
  // After a choice or a correction it begins anew.
  for (const change of [() => duet.set({ stepsPerBar: 12 }), () => duet.correct({ times: 2 })]) {
    duet.keepTo(metronome());
    assert(duet.tempo.metronome);
    change();
    assertEquals(duet.tempo.metronome, undefined);
  }
});

Deno.test("a session that was kept ends before the new one begins", () => {
  const { duet } = onStage();
  const note = { who: "person", pitch: 60, velocity: 80 } as const;
  duet.history.restore({
    notes: [{ ...note, start: 500, end: 501 }],
    lines: [{ at: 500, quarter: 0.5, quartersPerBar: 4 }],
    answers: [],
  }, 0);
  const { notes: [kept], lines: [line] } = duet.history.session;
  assertEquals([kept!.start, kept!.end, line!.at], [-3, -2, -3]);
});

Deno.test("a session that is read after the first note comes before it, and neither is lost", () => {
  const stage = onStage(), { duet: { history } } = stage;
  stage.play(60, 1, 1.5);
  const note = { who: "model", pitch: 62, velocity: 80, start: 500, end: 501 } as const;
  history.restore({ notes: [note], lines: [], answers: [] }, 2);
  assertEquals(history.session.notes.map(({ pitch, end }) => [pitch, end]), [[62, -1], [60, 1.5]]);
});
