import { type Answer, jsonAnswer, textAnswer } from "./answer.ts";
import type { MetadataFolder, MetadataValue } from "./metadata-node.ts";

/** How a value is written. */
interface RenderOptions {
  readonly recursive: boolean;
  /** @default as the metadata server does: JSON for what is recursive, else text mostly */
  readonly alt?: "json" | "text" | undefined;
}

/**
 * Writes a value as the metadata server does
 * (https://cloud.google.com/compute/docs/metadata/querying-metadata): text or JSON, folders as a list
 * of names or, recursively, with all that is in them.
 */
export function renderMetadata(node: MetadataValue, { recursive, alt }: RenderOptions): Answer {
  const form = alt ?? (recursive ? "json" : node.kind === "list" ? node.alt : "text");
  const shown = node.kind !== "folder" || recursive ? node : names(node);
  return form === "json" ? jsonAnswer(toJson(shown)) : textAnswer(toText(shown));
}

function names({ entries }: MetadataFolder): MetadataValue {
  const values = [...entries].map(([name, { kind }]) => (kind === "folder" ? `${name}/` : name));
  return { kind: "list", values, alt: "text" };
}

// Written by hand, so that digits stay as they are and no name of a user is special.
function toJson(node: MetadataValue): string {
  if (node.kind === "digits") return node.value;
  if (node.kind === "text") return JSON.stringify(node.value);
  if (node.kind === "list") return JSON.stringify(node.values);
  const members = values(node).map(([name, value]) => {
    const key = node.chosen ? name : camelCase(name);
    return `${JSON.stringify(key)}:${toJson(value)}`;
  });
  return `{${members.join(",")}}`;
}

function toText(node: MetadataValue): string {
  if (node.kind === "folder") return flatten(node, "").join("");
  return node.kind === "list" ? node.values.map((line) => `${line}\n`).join("") : node.value;
}

/** One line a value: its path and the value. */
function flatten(node: MetadataFolder, path: string): string[] {
  return values(node).flatMap(([name, value]) => {
    if (value.kind === "folder") return flatten(value, `${path}${name}/`);
    const lines = value.kind === "list" ? value.values : [value.value];
    return lines.map((line) => `${path}${name} ${line}\n`);
  });
}

function values({ entries }: MetadataFolder): [string, MetadataValue][] {
  return [...entries].filter(
    (entry): entry is [string, MetadataValue] => entry[1].kind !== "action",
  );
}

function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
