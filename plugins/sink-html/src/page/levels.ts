import { foreign, make } from "./dom.ts";

const known = ["fatal", "error", "warning", "info", "debug"];
const alike: Readonly<Record<string, string>> = { critical: "fatal", log: "info", trace: "debug" };

/** The name of the colour of a level. */
export function colorOf(level: string | undefined): string {
  const name = alike[level ?? ""] ?? level ?? "";
  return known.includes(name) ? name : "other";
}

/** A level with its colour, which never says more than the text does. */
export function levelMark(level: string | undefined): HTMLElement {
  return make(
    "span",
    { class: `level level-${colorOf(level)}` },
    make("i", { "aria-hidden": "true" }),
    foreign(level ?? "none"),
  );
}
