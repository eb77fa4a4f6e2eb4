/**
 * Joins the parts of an id to one that is unique: `7` and `ab12` to `7/ab12`. The hexadecimal digits
 * of a UUID count for the same with and without dashes, in capitals or not.
 *
 * @param parts What tells the row from all others of its stream, such as its project and its event.
 * @returns The id.
 *
 * @example
 * ```ts
 * import { joinId } from "@decant/core";
 *
 * joinId(["web", "FC6D8C0C-43FC-4630-AD85-0EE518F1B9D0"]); // web/fc6d8c0c43fc4630ad850ee518f1b9d0
 * joinId(["a/b", "c"]); // a%2Fb/c
 * ```
 */
export function joinId(parts: readonly string[]): string {
  const plain = parts.map((part) => (isUuid(part) ? part.replaceAll("-", "").toLowerCase() : part));
  if (plain.length === 1) return plain[0] ?? "";
  // Or else "a/b" and "c" would be the same id as "a" and "b/c".
  return plain.map((part) => part.replace(/[%/]/g, encodeURIComponent)).join("/");
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{32}$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
