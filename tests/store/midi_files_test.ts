import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { findMidiFiles } from "../../lib/store/midi_files.ts";
import { inFolder } from "./support.ts";

Deno.test({
  name: "findMidiFiles follows links to files, and no link to a folder, wherever it leads",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (root) => {
      const music = join(root, "music"), elsewhere = join(root, "music of others");
      await Deno.mkdir(join(music, "deeper"), { recursive: true });
      await Deno.mkdir(elsewhere);
      await Deno.writeTextFile(join(music, "deeper", "a.MID"), "");
      await Deno.writeTextFile(join(elsewhere, "b.mid"), "");
      await Deno.symlink(join(elsewhere, "b.mid"), join(music, "b.mid"));
      await Deno.symlink(music, join(music, "deeper", "circle"));
      await Deno.symlink("/", join(music, "all of the disk"));
      await Deno.symlink(elsewhere, join(music, "others"));
      await Deno.symlink("nowhere", join(music, "lost.mid"));
      const reason =
        "a link to a folder elsewhere, which is not followed: copy it, or name it itself";
      assertEquals(await findMidiFiles(music), {
        folder: await Deno.realPath(music),
        names: ["b.mid", "deeper/a.MID"],
        unreadable: [
          { name: "all of the disk", reason },
          { name: "lost.mid", reason: "it does not exist" },
          { name: "others", reason },
        ],
      });
      await Deno.symlink(elsewhere, join(root, "link"));
      assertEquals((await findMidiFiles(join(root, "link"))).names, ["b.mid"]);
      const stopped = AbortSignal.abort(new Error("stopped by Ctrl-C"));
      await assertRejects(() => findMidiFiles(music, { signal: stopped }), Error, "by Ctrl-C");
    }),
});

Deno.test({
  name: "findMidiFiles says of a name that is not UTF-8 that it is the name",
  ignore: Deno.build.os !== "linux", // the others have no such names
  fn: () =>
    inFolder(async (root) => {
      const made = await new Deno.Command("sh", {
        args: [
          "-c",
          `cd "$0" && touch "$(printf 'caf\\351.mid')" && mkdir "$(printf 'd\\351')"`,
          root,
        ],
      }).output();
      if (!made.success) return; // nor has every file system of Linux
      await Deno.writeTextFile(join(root, "\ufffd.mid"), "");
      const reason = "its name is not in UTF-8, so that it cannot be opened: rename it";
      const { names, unreadable } = await findMidiFiles(root);
      assertEquals(names, ["\ufffd.mid"]);
      assertEquals(unreadable, ["caf\ufffd.mid", "d\ufffd"].map((name) => ({ name, reason })));
    }),
});
