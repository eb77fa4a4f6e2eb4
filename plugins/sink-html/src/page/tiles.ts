import type { Distinct, Report } from "../report.ts";
import { make } from "./dom.ts";
import { formatCount } from "./format.ts";

/** The counts that say how large it all is. */
export function createTiles(report: Report): HTMLElement {
  const main = report.streams.find(({ name }) => name === report.main);
  const tiles: [string, string][] = [
    [report.main === "" ? "Rows" : capital(report.main), formatCount(main?.rows ?? 0)],
    ["Issues", formatDistinct(report.issues.values)],
    ["Users affected", formatDistinct(report.users)],
    ["Releases", formatDistinct(report.releases.values)],
    ["Environments", formatDistinct(report.environments.values)],
  ];
  const unreadable = main?.unreadable ?? 0;
  return make(
    "section",
    { "aria-labelledby": "numbers" },
    make("h2", { id: "numbers", class: "hidden" }, "Numbers"),
    make(
      "dl",
      { class: "tiles" },
      ...tiles.map(([name, value]) =>
        make("div", { class: "card" }, make("dt", {}, name), make("dd", {}, value)),
      ),
    ),
    unreadable > 0 &&
      make(
        "p",
        { class: "note" },
        `${formatCount(unreadable)} rows could not be read as JSON: they are counted, and no list has them.`,
      ),
  );
}

/** `1,234`, or `about 1,234` where there were too many to count each. */
export function formatDistinct({ count, exact }: Distinct): string {
  return exact ? formatCount(count) : `≈ ${formatCount(count)}`;
}

/** With a capital at the start. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
