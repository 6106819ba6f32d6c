/// <reference lib="dom" />

/** An element with attributes and children. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** A button with its click handler. */
export function buttonFor(
  text: string,
  attributes: Readonly<Record<string, string>>,
  act: (button: HTMLButtonElement) => void,
): HTMLButtonElement {
  const button = element("button", { type: "button", ...attributes }, text);
  button.onclick = () => act(button);
  return button;
}

/** Downloads the content of a URL as a file. */
export function downloadFrom(href: string, download: string): void {
  element("a", { href, download }).click();
}
