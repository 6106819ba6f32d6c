/// <reference lib="dom" />

/** Time in which a notebook puts the output into its page, after its script has run. */
const SETTLING_MILLISECONDS = 300;

/**
 * Prepares every element with a data attribute, each once: those in the page, and those that a
 * notebook puts there right after the script has run.
 * @param name of the attribute, without `data-`
 */
export function prepareEach(name: string, prepare: (element: HTMLElement) => void): void {
  const start = () => {
    for (
      const element of document.querySelectorAll<HTMLElement>(`[data-${name}]:not([data-ready])`)
    ) {
      element.dataset.ready = "yes";
      prepare(element);
    }
  };
  start();
  setTimeout(start, SETTLING_MILLISECONDS);
}
