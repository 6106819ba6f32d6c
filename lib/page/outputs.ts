/// <reference lib="dom" />
import type { KernelMessage } from "./kernel.ts";

/**
 * Shows a kernel's outputs in a place of the page, as a notebook does below a cell.
 * @returns a function for its messages
 */
export function showOutputs(place: HTMLElement): (message: KernelMessage) => void {
  const displays = new Map<string, HTMLElement>();
  const add = (className: string) => {
    const element = document.createElement("div");
    element.className = className;
    return place.appendChild(element);
  };
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
        const element = (id && displays.get(id)) || add("display");
        if (id) displays.set(id, element);
        return draw(element, content.data);
      }
    }
  };
}

/** Draws an output in the best of its forms that any page can show. */
function draw(element: HTMLElement, data: Readonly<Record<string, string>>): void {
  const svg = data["image/svg+xml"], html = data["text/html"];
  if (svg !== undefined) {
    const image = new Image();
    image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
    image.alt = data["text/plain"] ?? "";
    image.style.maxWidth = "100%";
    element.replaceChildren(image);
  } else if (html !== undefined) {
    element.innerHTML = html;
    for (const script of element.querySelectorAll("script")) {
      const live = document.createElement("script"); // those of innerHTML do not run
      live.textContent = script.textContent;
      script.replaceWith(live);
    }
  } else element.textContent = data["text/plain"] ?? "";
}
