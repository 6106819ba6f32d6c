/// <reference lib="dom" />
/**
 * First script of the page: unpacks the other ones, and runs the main one.
 * @module
 */
import { unpackBytes } from "./bytes.ts";

const packed = [...document.querySelectorAll<HTMLScriptElement>("script[data-packed]")];
Promise.all(packed.map(async (script) => {
  script.textContent = new TextDecoder().decode(await unpackBytes(script.textContent!));
})).then(() => {
  const main = document.createElement("script"), packed = document.getElementById("app")!;
  main.textContent = packed.textContent;
  packed.replaceWith(main); // runs it
}).catch((error) => {
  document.getElementById("problem")!.textContent =
    `This browser cannot unpack the page: ${error.message}`;
});
