import { DecantError } from "@decant/core";
import { parsePath } from "./parse-path.ts";
import type { Redaction, RedactVerb } from "./redaction.ts";

/** A key on the way to what is named, or the last one. */
export interface PathNode {
  readonly children: Map<string, PathNode>;
  /** What is done with the values that lie here. Absent: the way goes on. */
  leaf?: { readonly verb: RedactVerb; readonly path: string };
}

/**
 * Makes one tree of the paths of some verbs.
 *
 * @throws {DecantError} `PATH_INVALID`, also for a path that lies in another one: it would do
 * nothing.
 */
export function createPathTree(redaction: Redaction, verbs: readonly RedactVerb[]): PathNode {
  const root: PathNode = { children: new Map() };
  for (const verb of verbs) {
    for (const path of redaction[verb] ?? []) addPath(root, { verb, path });
  }
  return root;
}

function addPath(root: PathNode, leaf: NonNullable<PathNode["leaf"]>): void {
  let node = root;
  for (const key of parsePath(leaf.path)) {
    const child: PathNode = node.children.get(key) ?? { children: new Map() };
    if (child.leaf) throw overlap(leaf.path, child.leaf);
    node.children.set(key, child);
    node = child;
  }
  const inside = firstLeaf(node);
  if (inside) throw overlap(inside.path, leaf);
  node.leaf = leaf;
}

function firstLeaf({ children }: PathNode): PathNode["leaf"] {
  for (const child of children.values()) return child.leaf ?? firstLeaf(child);
  return undefined;
}

function overlap(path: string, { verb, path: other }: NonNullable<PathNode["leaf"]>): DecantError {
  const where = path === other ? "is" : "lies in what is";
  return new DecantError("PATH_INVALID", `Cannot use path "${path}": it ${where} named already`, {
    kind: "usage",
    hint: `"${other}" is given with ${verb}: leave one of them out.`,
  });
}
