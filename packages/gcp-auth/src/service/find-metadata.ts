import type { MetadataFolder, MetadataNode } from "./metadata-node.ts";

/** What is at a path. */
export type FoundMetadata =
  | { readonly node: MetadataNode }
  /** A folder, asked for without the slash at its end. */
  | { readonly redirect: string };

/**
 * Finds what is at a path of a URL, such as `/instance/service-accounts/default/`. A folder's path
 * ends with a slash, a value's does not.
 *
 * @returns Undefined where nothing is.
 */
export function findMetadata(root: MetadataFolder, path: string): FoundMetadata | undefined {
  const parts = path.split("/").slice(1);
  const asFolder = parts.at(-1) === "";
  if (asFolder) parts.pop();
  let node: MetadataNode | undefined = root;
  for (const part of parts) {
    const name = decode(part);
    node = node.kind === "folder" && name !== undefined ? node.entries.get(name) : undefined;
    if (!node) return undefined;
  }
  if (asFolder === (node.kind === "folder")) return { node };
  return node.kind === "folder" ? { redirect: `${path}/` } : undefined;
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
