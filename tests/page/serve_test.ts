import { assert, assertEquals } from "@std/assert";
import { output } from "../../lib/cli/kernel.ts";
import { servePage } from "../../lib/phases/duet.ts";
import config from "../../deno.json" with { type: "json" };

Deno.test("a served page, and nothing else, is at 127.0.0.1 only, until the run is stopped", async () => {
  const page = await Deno.makeTempFile({ suffix: ".html" });
  const { signal, abort } = stopper(), listening = Promise.withResolvers<string>();
  try {
    await Deno.writeTextFile(page, "<p>here</p>");
    const served = servePage(page, { signal }, listening.resolve);
    const address = await listening.promise, { hostname, port } = new URL(address);
    assertEquals(hostname, "127.0.0.1");
    if (Deno.build.os === "linux") assertEquals(await listenersAt(Number(port)), ["0100007F"]);
    const found = await fetch(address);
    assertEquals(await found.text(), "<p>here</p>");
    for (const path of ["other.html", "../deno.json"]) {
      const answer = await fetch(new URL(path, `${address}sub/`));
      assertEquals(answer.status, 404);
      await answer.body?.cancel();
    }
    abort();
    await served;
    assert(await fetch(address).then(() => false, () => true));
  } finally {
    await Deno.remove(page);
  }
});

Deno.test("the task that serves may use no other address", () => {
  assertEquals(config.permissions.duet.net, ["127.0.0.1"]);
});

function stopper() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

/** Addresses at which this machine listens at a port, as hexadecimal numbers of the kernel. */
async function listenersAt(port: number): Promise<string[]> {
  const hex = port.toString(16).toUpperCase().padStart(4, "0"), found: string[] = [];
  for (const table of ["tcp", "tcp6"]) {
    // Deno itself may not read it without all rights.
    const text = (await output("cat", [`/proc/net/${table}`]))?.stdout ?? "";
    for (const [, address, state] of text.matchAll(new RegExp(` (\\w+):${hex} \\S+ (\\w+)`, "g"))) {
      if (state === "0A") found.push(address!);
    }
  }
  return found;
}
