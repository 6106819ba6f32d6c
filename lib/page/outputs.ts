/// <reference lib="dom" />
import { element } from "./element.ts";
import type { KernelMessage } from "./kernel.ts";

/**
 * Shows a kernel's outputs in a place of the page, as a notebook does below a cell.
 * @returns a function for its messages
 */
export function showOutputs(place: HTMLElement): (message: KernelMessage) => void {
  const displays = new Map<string, HTMLElement>();
  const add = (name: string) => place.appendChild(element("div", { class: name }));
  return ({ type, content }) => {
    switch (type) {
      case "stream":
        return void (add("stream").textContent = content.text);
      case "error":
        return void (add("error").textContent = content.evalue);
      case "display_data":
      case "execute_result":
      case "update_display_data": {
        const id: string | undefined = content.transient?.display_id;
        const display = (id && displays.get(id)) || add("display");
        if (id) displays.set(id, display);
        return draw(display, content.data);
      }
    }
  };
}

/** Draws an output in the best of its forms that any page can show. */
function draw(display: HTMLElement, data: Readonly<Record<string, string>>): void {
  const svg = data["image/svg+xml"], html = data["text/html"];
  if (svg !== undefined) {
    const image = new Image();
    image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
    image.alt = data["text/plain"] ?? "";
    image.style.maxWidth = "100%";
    display.replaceChildren(image);
  } else if (html !== undefined) {
    display.innerHTML = html;
    for (const script of display.querySelectorAll("script")) {
      script.replaceWith(element("script", {}, script.textContent)); // those of innerHTML do not run
    }
  } else display.textContent = data["text/plain"] ?? "";
}
