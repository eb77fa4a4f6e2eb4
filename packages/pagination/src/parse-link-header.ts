/** One link of a `Link` header. */
export interface Link {
  /** The target as it was sent. It may be relative, and its host may be wrong. */
  readonly url: string;
  /** The relation types as they were sent, separated by spaces; empty where there is none. */
  readonly rel: string;
  /** Whether the page that it points to holds rows: what Sentry and GlitchTip add. */
  readonly results?: boolean;
  /** Where that page begins: what Sentry and GlitchTip add. */
  readonly cursor?: string;
}

/**
 * Reads a `Link` header (RFC 8288, section 3). It takes what servers really send: commas inside of
 * addresses, values without quotes, and GlitchTip's form, where the whole value stands in `{'` and
 * `'}`. What cannot be read is passed over: it never throws.
 *
 * @param value The value of the header; several headers joined by commas are one value.
 * @returns The links in their order.
 *
 * @example
 * ```ts
 * import { parseLinkHeader } from "@decant/pagination";
 *
 * const [link] = parseLinkHeader('<https://example.com/?page=2>; rel="next"');
 * link?.rel; // "next"
 * ```
 */
export function parseLinkHeader(value: string): readonly Link[] {
  const text = unwrap(value);
  const links: Link[] = [];
  let start = text.indexOf("<");
  while (start !== -1) {
    const end = text.indexOf(">", start);
    if (end === -1) break;
    const { parameters, index } = parseParameters(text, end + 1);
    links.push(toLink(text.slice(start + 1, end).trim(), parameters));
    start = text.indexOf("<", index);
  }
  return links;
}

/** GlitchTip sends the Python text of a set with the header in it. */
function unwrap(value: string): string {
  const text = value.trim();
  return text.startsWith("{'") && text.endsWith("'}") ? text.slice(2, -2) : text;
}

function toLink(url: string, parameters: ReadonlyMap<string, string>): Link {
  const cursor = parameters.get("cursor");
  const results = parameters.get("results")?.toLowerCase();
  return {
    url,
    rel: parameters.get("rel") ?? "",
    ...(results === "true" || results === "false" ? { results: results === "true" } : {}),
    ...(cursor === undefined ? {} : { cursor }),
  };
}

/**
 * Reads up to the end of one link: a comma, or the next `<` where the comma is missing. Names are in
 * lower case, and the first of a name counts.
 */
function parseParameters(text: string, from: number) {
  const parameters = new Map<string, string>();
  let index = from;
  while (index < text.length && text[index] !== "," && text[index] !== "<") {
    if (text[index] !== ";") {
      index++;
      continue;
    }
    const parameter = parseParameter(text, index + 1);
    index = parameter.index;
    if (parameter.name && !parameters.has(parameter.name)) {
      parameters.set(parameter.name, parameter.value);
    }
  }
  return { parameters, index };
}

function parseParameter(text: string, from: number) {
  const name = match(/\s*([^\s=;,<]*)\s*/y, text, from);
  const found = { name: name.text.toLowerCase(), value: "", index: name.index };
  if (text[name.index] !== "=") return found;
  const quoted = match(/=\s*"((?:[^"\\]|\\[\s\S]?)*)"?/y, text, name.index);
  if (quoted.index > name.index) {
    return { ...found, value: quoted.text.replace(/\\([\s\S])/g, "$1"), index: quoted.index };
  }
  const token = match(/=\s*([^\s;,]*)/y, text, name.index);
  return { ...found, value: token.text, index: token.index };
}

function match(pattern: RegExp, text: string, from: number) {
  pattern.lastIndex = from;
  const found = pattern.exec(text);
  return { text: found?.[1] ?? "", index: found ? pattern.lastIndex : from };
}
