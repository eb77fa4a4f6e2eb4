import { fold, foreign, make } from "./dom.ts";
import type { ExceptionPart, Frame } from "./event-parts.ts";
import { formatPlural } from "./format.ts";

/** An exception with its calls: those of the program in view, those of libraries folded. */
export function createStack({ type, value, frames }: ExceptionPart): HTMLElement {
  return make(
    "div",
    { class: "exception" },
    type !== "" && make("h4", {}, foreign(type)),
    value !== "" && make("pre", { class: "text" }, foreign(value)),
    frames.length > 0 && make("ol", { class: "frames" }, ...createFrames(frames)),
  );
}

function createFrames(frames: readonly Frame[]): HTMLElement[] {
  const items: HTMLElement[] = [];
  const first = frames.find(({ inApp }) => inApp) ?? frames[0];
  let others: Frame[] = [];
  function flush(): void {
    if (others.length === 0) return;
    const hidden = others;
    others = [];
    const title = `${formatPlural(hidden.length, "calls")} in libraries`;
    const list = () => make("ol", { class: "frames" }, ...hidden.map((one) => createFrame(one)));
    items.push(make("li", {}, fold(title, list)));
  }
  for (const frame of frames) {
    if (!frame.inApp && frame !== first) {
      others.push(frame);
      continue;
    }
    flush();
    items.push(createFrame(frame, frame === first));
  }
  flush();
  return items;
}

function createFrame(frame: Frame, open = false): HTMLElement {
  const head = make(
    "span",
    {},
    make("code", {}, foreign(frame.name)),
    make("span", { class: "quiet" }, " ", foreign(frame.place)),
  );
  if (frame.source.length === 0) return make("li", { class: "frame" }, head);
  return make(
    "li",
    { class: "frame" },
    fold(head, () => createSource(frame), open),
  );
}

function createSource({ source, line }: Frame): HTMLElement {
  const lines = source.map(([number, text]) =>
    make(
      "span",
      { class: number === line && line !== undefined ? "source-line current" : "source-line" },
      make("span", { class: "quiet", "aria-hidden": "true" }, `${number ?? ""}`),
      foreign(text === "" ? " " : text),
    ),
  );
  return make("pre", { class: "source", tabindex: 0 }, ...lines);
}
