/** What the detail view finds in an event, whichever shape it was sent in. */
export interface EventParts {
  readonly message: string | undefined;
  /** The one that was raised last comes first. */
  readonly exceptions: readonly ExceptionPart[];
  readonly breadcrumbs: readonly Item[];
  readonly request: Item | undefined;
  readonly tags: unknown;
  readonly user: Item | undefined;
  readonly contexts: Item | undefined;
  readonly extra: Item | undefined;
}

/** An object of JSON. */
export type Item = Readonly<Record<string, unknown>>;

/** An exception, or a stack trace without one. */
export interface ExceptionPart {
  readonly type: string;
  readonly value: string;
  /** The innermost call first. */
  readonly frames: readonly Frame[];
}

/** A call of a stack trace. */
export interface Frame {
  readonly name: string;
  readonly place: string;
  readonly inApp: boolean;
  readonly line: number | undefined;
  /** Lines of source, each with its number where that is known. */
  readonly source: readonly (readonly [number | undefined, string])[];
}

/**
 * Finds the parts: in `entries`, as servers send events, or beside each other, as programs send them
 * to servers: https://develop.sentry.dev/sdk/data-model/event-payloads/
 */
export function findParts(value: unknown): EventParts {
  const event = asItem(value) ?? {};
  const entry = (type: string): unknown =>
    asList(event["entries"])
      .map(asItem)
      .find((item) => item?.["type"] === type)?.["data"] ?? event[type];
  const message = asItem(entry("message")) ?? asItem(event["logentry"]);
  const raised = valuesOf(entry("exception")).map(asException).reverse();
  const trace = asItem(entry("stacktrace"));
  const threads = valuesOf(entry("threads")).filter((thread) => asItem(thread["stacktrace"]));
  const bare = trace ? [{ stacktrace: trace }] : threads.slice(0, 1);
  return {
    message:
      asText(message?.["formatted"]) ?? asText(message?.["message"]) ?? asText(event["message"]),
    exceptions: raised.length > 0 ? raised : bare.map(asException),
    breadcrumbs: valuesOf(entry("breadcrumbs")),
    request: asItem(entry("request")),
    tags: event["tags"],
    user: asItem(event["user"]),
    contexts: asItem(event["contexts"]),
    extra: asItem(event["context"]) ?? asItem(event["extra"]),
  };
}

/** An object; nothing for what is none. */
export function asItem(value: unknown): Item | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Item)
    : undefined;
}

/** Text that says something, also of a number or a boolean. */
export function asText(value: unknown): string | undefined {
  if (value === null || value === undefined || typeof value === "object") return undefined;
  const text = String(value);
  return text === "" ? undefined : text;
}

function itemsOf(value: unknown): Item[] {
  return asList(value)
    .map(asItem)
    .filter((item) => item !== undefined);
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** `{"values":[…]}`, or the list itself; either may have nulls in it. */
function valuesOf(data: unknown): Item[] {
  return itemsOf(asItem(data)?.["values"] ?? data);
}

function asException(item: Item): ExceptionPart {
  const frames = itemsOf(asItem(item["stacktrace"])?.["frames"]);
  return {
    type: asText(item["type"]) ?? "",
    value: asText(item["value"]) ?? "",
    frames: frames.map(asFrame).reverse(),
  };
}

function asFrame(frame: Item): Frame {
  const line = asNumber(frame["lineNo"] ?? frame["lineno"]);
  const column = asNumber(frame["colNo"] ?? frame["colno"]);
  const file =
    asText(frame["filename"]) ??
    asText(frame["absPath"]) ??
    asText(frame["abs_path"]) ??
    asText(frame["module"]) ??
    asText(frame["package"]) ??
    "";
  const numbers = [line, column].filter((number) => number !== undefined);
  return {
    name: asText(frame["function"]) ?? "(anonymous)",
    place: [file, ...numbers].filter((part) => part !== "").join(":"),
    inApp: frame["inApp"] === true || frame["in_app"] === true,
    line,
    source: sourceOf(frame, line),
  };
}

function sourceOf(frame: Item, line: number | undefined): Frame["source"] {
  const numbered = asList(frame["context"]).flatMap((pair): Frame["source"] =>
    Array.isArray(pair) ? [[asNumber(pair[0]), asText(pair[1]) ?? ""]] : [],
  );
  if (numbered.length > 0) return numbered;
  const own = asText(frame["context_line"]);
  if (own === undefined) return [];
  const before = asList(frame["pre_context"]).map((text) => asText(text) ?? "");
  const after = asList(frame["post_context"]).map((text) => asText(text) ?? "");
  return [...before, own, ...after].map((text, index) => [
    line === undefined ? undefined : line - before.length + index,
    text,
  ]);
}

function asNumber(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
