import type { Report } from "../report.ts";
import { foreign, make } from "./dom.ts";
import { formatCount, formatRange } from "./format.ts";

/** The heading, what range it is about, and the switch between light and dark. */
export function createHeader(report: Report, redraw: () => void): HTMLElement {
  const main = report.streams.find(({ name }) => name === report.main);
  const range = formatRange(main?.from, main?.to);
  return make(
    "header",
    {},
    make(
      "div",
      {},
      make("h1", {}, foreign(report.title)),
      make("p", { class: "quiet" }, range, " (UTC) · ", describeRows(report)),
    ),
    createSwitch(redraw),
  );
}

function describeRows({ streams }: Report): string {
  return streams.map(({ name, rows }) => `${formatCount(rows)} ${name}`).join(", ");
}

function createSwitch(redraw: () => void): HTMLElement {
  const root = document.documentElement;
  const choices = ["auto", "light", "dark"] as const;
  const inputs = choices.map((choice) =>
    make(
      "label",
      {},
      make("input", {
        ...{ type: "radio", name: "theme", value: choice, checked: choice === "auto" },
        change() {
          if (choice === "auto") delete root.dataset["theme"];
          else root.dataset["theme"] = choice;
          redraw();
        },
      }),
      make("span", {}, choice[0]!.toUpperCase() + choice.slice(1)),
    ),
  );
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  return make(
    "fieldset",
    { class: "theme" },
    make("legend", { class: "hidden" }, "Colours"),
    ...inputs,
  );
}
