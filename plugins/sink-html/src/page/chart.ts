import UPlot from "uplot";
import type { Report } from "../report.ts";
import { fold, make } from "./dom.ts";
import { formatCount, formatMoment, formatPlural, formatTick } from "./format.ts";
import { colorOf, levelMark } from "./levels.ts";
import { type Bars, stackBars } from "./stack-bars.ts";

/** A range of time, in milliseconds since 1970. */
export interface TimeRange {
  readonly from?: number;
  readonly to?: number;
}

/** The chart of events over time. */
export interface Chart {
  readonly element: HTMLElement;
  /** Draws it: it must be in the page by then. */
  draw(): void;
  redraw(): void;
  /** Shows which range is chosen. */
  mark(from: number | undefined, to: number | undefined): void;
}

/** Makes the chart. Drawing over it with the pointer chooses a range. */
export function createChart(
  { timeline, main }: Report,
  { choose }: { readonly choose: (range: TimeRange) => void },
): Chart {
  const bars = stackBars(timeline);
  const box = make("div", { class: "plot", "aria-hidden": "true" });
  const hint = "Draw over the chart to choose a range of time.";
  const reading = make("p", { class: "quiet reading", "aria-hidden": "true" }, hint);
  const element = make(
    "section",
    { class: "card", "aria-labelledby": "over-time" },
    make("h2", { id: "over-time" }, "Over time"),
    make("p", { class: "legend" }, ...timeline.levels.map((level) => levelMark(level))),
    bars.times.length > 0 ? box : make("p", { class: "quiet" }, "No row has a time."),
    bars.times.length > 0 && reading,
    timeline.untimed > 0 &&
      make("p", { class: "note" }, `${formatPlural(timeline.untimed, "rows")} without a time.`),
    fold(`Chart as a table`, () => createTable(bars, main)),
  );
  let plot: UPlot | undefined;

  function describe(index: number | null | undefined): void {
    reading.textContent = typeof index === "number" ? describeBar(bars, index) : hint;
  }

  function draw(): void {
    if (bars.times.length === 0) return;
    const events = { choose, describe };
    plot = new UPlot(plotOptions(bars, { ...events, width: box.clientWidth }), dataOf(bars), box);
    new ResizeObserver(() => plot?.setSize({ width: box.clientWidth, height })).observe(box);
  }

  return {
    element,
    draw,
    redraw: () => plot?.redraw(),
    mark(from, to) {
      if (!plot) return;
      if (from === undefined && to === undefined) {
        plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        return;
      }
      const wide = plot.over.clientWidth;
      const at = (ms: number | undefined, otherwise: number) =>
        ms === undefined ? otherwise : Math.min(wide, Math.max(0, plot!.valToPos(ms / 1000, "x")));
      const left = at(from, 0);
      const width = Math.max(1, at(to, wide) - left);
      plot.setSelect({ left, top: 0, width, height: plot.over.clientHeight }, false);
    },
  };
}

const height = 200;

interface PlotEvents {
  readonly width: number;
  choose(range: TimeRange): void;
  describe(index: number | null | undefined): void;
}

function plotOptions(bars: Bars, { width, choose, describe }: PlotEvents): UPlot.Options {
  const first = bars.times[0]! / 1000;
  const last = (bars.times.at(-1)! + bars.step) / 1000;
  const axis: UPlot.Axis = {
    ...{ stroke: () => colorIn("--quiet"), grid: { stroke: () => colorIn("--line"), width: 1 } },
    ...{ ticks: { stroke: () => colorIn("--line"), width: 1 }, font: "12px system-ui, sans-serif" },
  };
  return {
    ...{ width, height, legend: { show: false }, padding: [8, 20, 0, 0] },
    tzDate: (seconds) => UPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
    cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
    scales: { x: { time: true, range: () => [first, last] } },
    axes: [
      {
        ...{ ...axis, space: 76, size: 32 },
        values: (_plot, splits, _axis, _space, step) =>
          splits.map((seconds) => formatTick(seconds * 1000, step * 1000)),
      },
      { ...axis, size: 56, values: (_plot, values) => values.map((value) => formatCount(value)) },
    ],
    series: [{}, ...bars.levels.toReversed().map((level) => barSeries(level))],
    hooks: {
      setCursor: [(plot) => describe(plot.cursor.left! < 0 ? null : plot.cursor.idx)],
      setSelect: [
        (plot) => {
          const { left, width: wide } = plot.select;
          if (wide < 3) return;
          const at = (px: number) => Math.round(plot.posToVal(px, "x") * 1000);
          choose({ from: at(left), to: at(left + wide) });
        },
      ],
    },
  };
}

function barSeries(level: string): UPlot.Series {
  const color = () => colorIn(`--level-${colorOf(level)}`);
  return {
    ...{ label: level, fill: color, width: 0, points: { show: false } },
    paths: UPlot.paths.bars!({ size: [0.88, 48], align: 1 }),
  };
}

/** The tallest first, so that each lower bar is drawn over those above it. */
function dataOf({ times, sums }: Bars): UPlot.AlignedData {
  return [times.map((ms) => ms / 1000), ...sums.toReversed()] as UPlot.AlignedData;
}

/** What a colour of the style is now. */
function colorIn(name: string): string {
  const probe = make("span", { hidden: true });
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function describeBar(bars: Bars, index: number): string {
  const from = bars.times[index];
  const counts = bars.counts[index];
  if (from === undefined || !counts) return "";
  const parts = bars.levels
    .map((level, at) => ({ level, count: counts[at] ?? 0 }))
    .filter(({ count }) => count > 0)
    .map(({ level, count }) => `${formatCount(count)} ${level}`);
  const range = `${formatMoment(from)} – ${formatMoment(from + bars.step)}`;
  return `${range}: ${parts.join(", ") || "nothing"}`;
}

function createTable(bars: Bars, main: string): HTMLElement {
  const head = ["From (UTC)", ...bars.levels];
  const body = bars.times.flatMap((from, index) => {
    const counts = bars.counts[index]!;
    if (counts.every((count) => count === 0)) return [];
    const cells = counts.map((count) => make("td", { class: "number" }, formatCount(count)));
    return [make("tr", {}, make("th", { scope: "row" }, formatMoment(from)), ...cells)];
  });
  return make(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": `${main} over time` },
    make(
      "table",
      {},
      make("thead", {}, make("tr", {}, ...head.map((name) => make("th", { scope: "col" }, name)))),
      make("tbody", {}, ...body),
    ),
  );
}
