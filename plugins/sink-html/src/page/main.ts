import { createBreakdowns } from "./breakdowns.ts";
import { createChart } from "./chart.ts";
import { make } from "./dom.ts";
import { createExplorer } from "./explorer.ts";
import { createHeader } from "./header.ts";
import { createIssues } from "./issues.ts";
import { readReport } from "./read-data.ts";
import { createTiles } from "./tiles.ts";

const report = readReport();
const explorer = createExplorer(report);
const chart = createChart(report, {
  choose: (range) => explorer.filter(range),
});
explorer.onRange((from, to) => chart.mark(from, to));

document.getElementById("page")?.replaceWith(
  make("a", { class: "skip", href: "#rows" }, "Skip to the events"),
  createHeader(report, () => chart.redraw()),
  make(
    "main",
    {},
    createTiles(report),
    chart.element,
    createIssues(report, (issue) => explorer.filter({ issue }, true)),
    createBreakdowns(report, (filters) => explorer.filter(filters, true)),
    explorer.element,
  ),
  make(
    "footer",
    {},
    make("p", {}, "Made by decant from an export, run ", make("code", {}, report.run), ". "),
    make("p", {}, "A report shows an export; it does not keep all of it. All times are in UTC."),
  ),
);
chart.draw();
