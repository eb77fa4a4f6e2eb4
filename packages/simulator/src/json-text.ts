/** How much white space a JSON text holds. */
export type JsonStyle = "compact" | "spaced" | "lines";

const rawText: unique symbol = Symbol("raw JSON text");

/** JSON text that is written as it stands: odd numbers, duplicate keys. */
export interface RawJson {
  readonly [rawText]: string;
}

/** What {@linkcode writeJson} takes. Keys whose value is `undefined` are left out. */
export type JsonInput =
  | null
  | undefined
  | boolean
  | number
  | string
  | RawJson
  | readonly JsonInput[]
  | { readonly [key: string]: JsonInput };

/** Marks JSON text to be written as it stands. */
export function rawJson(text: string): RawJson {
  return { [rawText]: text };
}

/**
 * Writes JSON as text, so that what a JavaScript value cannot hold survives. As Sentry does it,
 * text outside ASCII is written as it is, but U+2028 and U+2029 are escaped.
 */
export function writeJson(value: JsonInput, style: JsonStyle = "compact", depth = 0): string {
  if (typeof value === "string") return quote(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  if (isRaw(value)) return value[rawText];
  if (Array.isArray(value)) {
    return wrap(
      value.map((item) => writeJson(item, style, depth + 1)),
      { open: "[", close: "]", style, depth },
    );
  }
  const colon = style === "compact" ? ":" : ": ";
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => quote(key) + colon + writeJson(member, style, depth + 1));
  return wrap(members, { open: "{", close: "}", style, depth });
}

function isRaw(value: object): value is RawJson {
  return rawText in value;
}

function quote(text: string): string {
  return JSON.stringify(text).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

function wrap(
  members: readonly string[],
  { open, close, style, depth }: { open: string; close: string; style: JsonStyle; depth: number },
): string {
  if (members.length === 0) return open + close;
  if (style === "compact") return open + members.join(",") + close;
  if (style === "spaced") return open + members.join(", ") + close;
  // Windows line ends too: whoever strips line breaks must strip both characters.
  const line = depth % 2 === 0 ? "\n" : "\r\n";
  return `${open}${line}${members.join(`,${line}`)}${line}${close}`;
}
