/// <reference lib="webworker" />
// Stands where a task's phase would: says what it may do.
import { attempt, possible } from "./attempts.ts";

self.onmessage = ({ data: { own, elsewhere } }) => {
  console.error(`phase: ${JSON.stringify(possible(attempt(own, elsewhere)))}`);
  self.postMessage({ kind: "done", summary: "" });
};
self.postMessage({ kind: "ready" });
