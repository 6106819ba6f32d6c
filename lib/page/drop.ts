/// <reference lib="dom" />
/**
 * Script of the drop zone for music in a notebook: it hands the files to the kernel.
 * @module
 */
import { buttonFor, element } from "./element.ts";
import { hasKernel, runInKernel } from "./kernel.ts";
import { codeFor, type MusicFiles } from "./messages.ts";
import { showOutputs } from "./outputs.ts";
import { prepareEach } from "./prepare_each.ts";

/** Endings of music that the program reads. */
const MUSIC = /\.(midi?|kar|rmi|musicxml|mxl|xml|krn|abc)$/i;

/** Most bytes of a file, of all files, and of those handed over at once. */
const MOST = { file: 4e6, all: 100e6, once: 1.5e6 } as const;

function prepare(zone: HTMLElement): void {
  const said = element("div", { role: "status" });
  const invitation = element("div", {}, "Music of your own: drop a folder here, or ");
  const take = (files: readonly File[], folder?: string) =>
    void handOver(zone, said, files, folder).catch((error) => said.textContent = error.message);
  for (const [text, isFolder] of [["choose a folder", true], ["choose files", false]] as const) {
    const input = element("input", { type: "file", multiple: "", hidden: "" });
    input.webkitdirectory = isFolder;
    input.onchange = () => {
      const files = [...input.files!];
      take(files, files[0]?.webkitRelativePath.split("/")[0]);
    };
    invitation.append(buttonFor(text, {}, () => input.click()), input);
  }
  zone.append(invitation, said);
  const over = (event: DragEvent, isOver: boolean) => {
    event.preventDefault();
    event.stopPropagation(); // the notebook opens or uploads what is dropped
    zone.style.borderStyle = isOver ? "solid" : "dashed";
  };
  zone.addEventListener("dragenter", (event) => over(event, true));
  zone.addEventListener("dragover", (event) => over(event, true));
  zone.addEventListener("dragleave", (event) => over(event, false));
  zone.addEventListener("drop", async (event) => {
    over(event, false);
    const { items, files } = event.dataTransfer!, plain = [...files];
    const entries = [...items].flatMap((item) => item.webkitGetAsEntry?.() ?? []);
    const found = (await Promise.all(entries.map(filesIn))).flat();
    take(found.length > 0 ? found : plain, entries.find((one) => one.isDirectory)?.name);
  });
}

/** All files in a file or folder that was dropped. */
async function filesIn(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) {
    return [
      await new Promise((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)),
    ];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader(), all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject)
    );
    if (some.length === 0) break;
    all.push(...some);
  }
  return (await Promise.all(all.map(filesIn))).flat();
}

async function handOver(
  zone: HTMLElement,
  said: HTMLElement,
  all: readonly File[],
  folder = "my music",
): Promise<void> {
  const files: File[] = [];
  let bytes = 0;
  for (const file of all) {
    if (!MUSIC.test(file.name) || file.size > MOST.file || bytes + file.size > MOST.all) continue;
    files.push(file);
    bytes += file.size;
  }
  if (files.length === 0) {
    said.textContent = `There is no music in it: needed MIDI files or scores, found ` +
      `${all.length} other ${all.length === 1 ? "file" : "files"}.`;
    return;
  }
  const place = element("div"), show = showOutputs(place);
  said.replaceChildren(place);
  for (let at = 0; at < files.length;) {
    const some: MusicFiles["files"][number][] = [], first = at === 0;
    for (let size = 0; at < files.length && size < MOST.once; at++) {
      size += files[at]!.size;
      some.push({ name: files[at]!.name, data: await base64Of(files[at]!) });
    }
    const last = at === files.length;
    place.textContent = last ? "" : `${at} of ${files.length} files …`;
    const { music: choice, kernel } = zone.dataset as Record<string, string>;
    const message = { what: "music", choice, kernel, folder, files: some, first, last } as const;
    const acted = await runInKernel(
      codeFor({ ...message, choice: choice!, kernel: kernel!, others: all.length - files.length }),
      show,
    );
    if (!acted && last) {
      place.textContent =
        "This was shown in an earlier session of the notebook: run its cell again.";
    }
  }
}

/** A file's bytes in base 64. */
function base64Of(file: File): Promise<string> {
  const reader = new FileReader(), { promise, resolve, reject } = Promise.withResolvers<string>();
  reader.onload = () => resolve((reader.result as string).split(",")[1] ?? "");
  reader.onerror = () => reject(reader.error);
  reader.readAsDataURL(file);
  return promise;
}

prepareEach("music", (zone) => {
  if (hasKernel()) prepare(zone);
});
