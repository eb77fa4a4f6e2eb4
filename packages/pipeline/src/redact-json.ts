import { concatBytes, endOfValue, type JsonMember, skipJsonSpace } from "@decant/core";
import type { PathNode } from "./path-tree.ts";

/** How {@linkcode redactJson} is called. */
export interface RedactJsonOptions {
  /** Whether all that the tree does not name goes. */
  readonly select: boolean;
  /** Gives what stands in the place of a value. */
  hash(json: Uint8Array): string;
  /** Called for each value that is named. */
  onMatch(leaf: NonNullable<PathNode["leaf"]>): void;
}

/** A part of a text, in bytes. */
interface Span {
  readonly start: number;
  readonly end: number;
}

interface Walk extends RedactJsonOptions {
  readonly bytes: Uint8Array;
  /** What stands in the place of which span; spans do not overlap. */
  readonly edits: (Span & { readonly text: string })[];
}

const quote = 0x22;
const comma = 0x2c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Edits a JSON text where a tree of paths says so; all other bytes stay as they are. It goes down
 * the paths alone, so no depth of a row is too much.
 *
 * @param bytes A JSON text that was checked.
 * @returns The text that was given, if the tree names nothing or nothing in it is to be edited.
 */
export function redactJson(
  bytes: Uint8Array,
  tree: PathNode,
  options: RedactJsonOptions,
): Uint8Array {
  if (tree.children.size === 0) return bytes;
  const walk: Walk = { ...options, bytes, edits: [] };
  visit(walk, skipJsonSpace(bytes, 0), tree);
  if (walk.edits.length === 0) return bytes;
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const { start, end, text } of walk.edits.sort((a, b) => a.start - b.start)) {
    parts.push(bytes.subarray(at, start), encoder.encode(text));
    at = end;
  }
  return concatBytes([...parts, bytes.subarray(at)]);
}

/** Looks for what the node's children name in a value. */
function visit(walk: Walk, start: number, node: PathNode): void {
  const byte = walk.bytes[start];
  if (byte === openBrace) visitObject(walk, start, { node, inList: false });
  else if (byte === openBracket) visitList(walk, start, node);
  else visitScalar(walk, start);
}

function visitObject(
  walk: Walk,
  start: number,
  { node, inList }: { readonly node: PathNode; readonly inList: boolean },
): number {
  const members: (JsonMember & { readonly name: unknown })[] = [];
  const end = endOfValue(walk.bytes, start, (member) => {
    const name = parseAt(walk, { start: member.keyStart, end: member.keyEnd });
    members.push({ ...member, name });
  });
  const names = inList ? members.filter(({ name }) => name === "key") : [];
  const pairs = names.flatMap((member) => pairNode(walk, member, node) ?? []);
  const dropped = members.map((member) => {
    const own = node.children.get(String(member.name)) ?? [];
    if (member.name !== "key") return treat(walk, member, pairs.concat(own));
    // The name of a pair that is kept stays with it.
    return !(pairs.length > 0 && walk.select) && treat(walk, member, [own].flat());
  });
  remove(
    walk,
    members.map(({ keyStart, end }) => ({ start: keyStart, end })),
    dropped,
  );
  return end;
}

/** Goes through a list and the lists in it, without a stack: they may be nested ever so deep. */
function visitList(walk: Walk, start: number, node: PathNode): void {
  const { bytes } = walk;
  let at = start;
  let depth = 0;
  do {
    const byte = bytes[at];
    const behindPair = byte === openBracket && depth > 0 && visitPair(walk, at, node);
    if (behindPair) at = behindPair;
    else if (byte === openBrace) at = visitObject(walk, at, { node, inList: true });
    else if (byte === openBracket || byte === closeBracket || byte === comma) at++;
    else at = visitScalar(walk, at);
    if (byte === openBracket && !behindPair) depth++;
    if (byte === closeBracket) depth--;
    at = skipJsonSpace(bytes, at);
  } while (depth > 0);
}

/** @returns Where a list ends that is a pair with a name of the node, if it is one. */
function visitPair(walk: Walk, start: number, node: PathNode): number | undefined {
  const { bytes } = walk;
  const from = skipJsonSpace(bytes, start + 1);
  if (bytes[from] !== quote) return undefined;
  const items: Span[] = [{ start: from, end: endOfValue(bytes, from) }];
  const pair = pairNode(walk, items[0]!, node);
  if (!pair) return undefined;
  let at = skipJsonSpace(bytes, items[0]!.end);
  while (bytes[at] === comma) {
    const first = skipJsonSpace(bytes, at + 1);
    const item = { start: first, end: endOfValue(bytes, first) };
    items.push(item);
    at = skipJsonSpace(bytes, item.end);
  }
  const dropped = items.map((item, index) => index > 0 && treat(walk, item, [pair]));
  remove(walk, items, dropped);
  return at + 1;
}

/** Something else than an object or a list lies where one was named. */
function visitScalar(walk: Walk, start: number): number {
  const end = endOfValue(walk.bytes, start);
  if (walk.select) walk.edits.push({ start, end, text: "null" });
  return end;
}

/** The last key of a path, if it is the name of a pair. */
function pairNode(walk: Walk, name: Span, node: PathNode): PathNode | undefined {
  if (walk.bytes[name.start] !== quote) return undefined;
  const child = node.children.get(String(parseAt(walk, name)));
  return child?.leaf && child;
}

/** @returns Whether the value is to be dropped. */
function treat(walk: Walk, { start, end }: Span, nodes: readonly PathNode[]): boolean {
  const leaves = nodes.flatMap(({ leaf }) => leaf ?? []);
  for (const leaf of leaves) walk.onMatch(leaf);
  const verbs = leaves.map(({ verb }) => verb);
  if (verbs.includes("drop")) return true;
  if (verbs.includes("hash")) {
    const text = JSON.stringify(walk.hash(walk.bytes.subarray(start, end)));
    walk.edits.push({ start, end, text });
  }
  if (verbs.length > 0) return false;
  const [node] = nodes;
  if (node) visit(walk, start, node);
  return !node && walk.select;
}

/** Takes members or elements out, each with one comma. */
function remove(walk: Walk, items: readonly Span[], dropped: readonly boolean[]): void {
  let kept = false;
  items.forEach(({ start, end }, index) => {
    const before = kept ? items[index - 1] : undefined;
    const next = kept ? undefined : items[index + 1];
    if (!dropped[index]) kept = true;
    else walk.edits.push({ start: before?.end ?? start, end: next?.start ?? end, text: "" });
  });
}

function parseAt({ bytes }: Walk, { start, end }: Span): unknown {
  return JSON.parse(decoder.decode(bytes.subarray(start, end)));
}
