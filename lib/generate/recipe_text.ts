/** A recipe as JSON for reading and editing by hand: one line for every bar of its plan. */
export function recipeText(recipe: object): string {
  const lines: string[] = [];
  const inLine = (value: unknown) => `\0${lines.push(JSON.stringify(value)) - 1}`;
  return JSON.stringify(recipe, (key, value) => {
    if (key === "start") return inLine(value);
    return key === "bars" ? value.map(inLine) : value;
  }, 1).replace(/"\\u0000(\d+)"/g, (_, line) => lines[line]!);
}
