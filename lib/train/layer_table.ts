import type { LayerRow } from "./trainer.ts";

/**
 * Table of layers and parameters, printed before training.
 * @param combinations number of different combinations of notes, without the rest
 */
export function layerTable(layers: readonly LayerRow[], combinations: number): string {
  const number = (value: number) => value.toLocaleString("en-US");
  const line = (name: string, output: string, parameters: string) =>
    `${name.padEnd(26)} ${output.padEnd(20)} ${parameters}`;
  return [
    `For ${number(combinations)} different note combinations`,
    line("Layer (type)", "Output Shape", "Param #"),
    "=".repeat(58),
    ...layers.map(({ name, type, output, parameters }) =>
      line(`${name} (${type})`, output, number(parameters))
    ),
    "=".repeat(58),
    `Total params: ${number(layers.reduce((sum, { parameters }) => sum + parameters, 0))}`,
  ].join("\n");
}
