/** What an element may be given. Texts become text nodes: nothing here is ever parsed as HTML. */
type Child = Node | string | undefined | false;

/** Attributes by name; `true` is the empty one, and `false` none. Functions listen. */
type Attributes = Readonly<
  Record<string, string | number | boolean | undefined | ((event: never) => void)>
>;

/** Makes an element. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(key, value as EventListener);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== undefined && child !== false));
  return element;
}

/** Text of others: its direction is its own, and cannot turn what stands around it. */
export function foreign(text: string, className = ""): HTMLElement {
  return make("bdi", className === "" ? {} : { class: className }, text);
}

/** A folded part that is filled when it is opened first. */
export function fold(
  summary: Node | string,
  fill: () => Node | readonly Node[],
  open = false,
): HTMLElement {
  const details = make("details", {}, make("summary", {}, summary));
  let filled = false;
  function show(): void {
    if (filled || !details.open) return;
    filled = true;
    details.append(...[fill()].flat());
  }
  details.addEventListener("toggle", show);
  details.open = open;
  show();
  return details;
}
