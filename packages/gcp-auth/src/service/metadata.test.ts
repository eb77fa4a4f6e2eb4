import {
  array,
  assert,
  constantFrom,
  dictionary,
  letrec,
  oneof,
  property,
  string,
} from "fast-check";
import { expect, test } from "vitest";
import { etag } from "./etag.ts";
import { findMetadata } from "./find-metadata.ts";
import {
  digits,
  folder,
  list,
  type MetadataFolder,
  type MetadataNode,
  text,
} from "./metadata-node.ts";
import { renderMetadata } from "./render-metadata.ts";

const name = oneof(
  string({ minLength: 1 }),
  constantFrom("__proto__", "project-id", "a b", "..", "%2F"),
);
const { tree } = letrec<{ node: MetadataNode; tree: MetadataFolder }>((tie) => ({
  node: oneof(
    { maxDepth: 3 },
    string().map(text),
    constantFrom("0", "7", "4520031799277581759").map(digits),
    array(string()).map((values) => list(values)),
    constantFrom({ kind: "action", run: () => Promise.reject(new Error("run")) } as const),
    tie("tree"),
  ),
  tree: dictionary(name, tie("node")).map((entries) => folder(entries, { chosen: true })),
}));

/** Every node with its path, as a client writes it. */
function paths(node: MetadataNode, path = ""): { path: string; node: MetadataNode }[] {
  if (node.kind !== "folder") return [{ path, node }];
  const below = [...node.entries].flatMap(([key, child]) =>
    paths(child, `${path}/${encodeURIComponent(key)}`),
  );
  return [{ path: `${path}/`, node }, ...below];
}

/** What a recursive listing must say. */
function plain(node: MetadataNode): unknown {
  if (node.kind === "folder") {
    const values = [...node.entries].filter(([, { kind }]) => kind !== "action");
    return new Map(values.map(([key, child]) => [key, plain(child)]));
  }
  if (node.kind === "list") return node.values;
  return node.kind === "digits"
    ? Number(node.value)
    : node.kind === "text"
      ? node.value
      : undefined;
}

function maps(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return new Map(Object.entries(value).map(([key, child]) => [key, maps(child)]));
}

const wellFormed = (value: MetadataFolder) => paths(value).every(({ path }) => path.isWellFormed());

test("findMetadata() finds each node at its path, and folders at the slash", () => {
  assert(
    property(tree.filter(wellFormed), (root) => {
      for (const { path, node } of paths(root)) {
        expect(findMetadata(root, path)).toEqual({ node });
        const other = node.kind === "folder" ? path.slice(0, -1) : `${path}/`;
        // Without its slash, the root has no path at all.
        if (other === "") continue;
        const found = findMetadata(root, other);
        if (node.kind === "folder") expect(found).toEqual({ redirect: path });
        else expect(found).toBeUndefined();
      }
    }),
  );
});

test("findMetadata() has nothing at other paths, whatever they are", () => {
  const root = folder({ a: folder({ b: text("x") }) });
  const known = new Set(["/", "/a", "/a/", "/a/b"]);
  assert(
    property(
      array(oneof(string(), constantFrom("a", "b", "", "%", "%zz", "..", "%2e"))),
      (parts) => {
        const path = `/${parts.join("/")}`;
        const decoded = path.replaceAll("%61", "a").replaceAll("%62", "b");
        if (!known.has(decoded)) expect(findMetadata(root, path)).toBeUndefined();
      },
    ),
  );
});

test("renderMetadata() writes recursively all but what is made when asked for", () => {
  assert(
    property(tree, (root) => {
      const { body } = renderMetadata(root, { recursive: true });
      expect(maps(JSON.parse(body))).toEqual(plain(root));
    }),
  );
});

test("renderMetadata() lists the names of a folder, as text and as JSON", () => {
  assert(
    property(tree, (root) => {
      const names = [...root.entries].map(([key, { kind }]) =>
        kind === "folder" ? `${key}/` : key,
      );
      const asText = renderMetadata(root, { recursive: false });
      expect(asText.body).toBe(names.map((line) => `${line}\n`).join(""));
      expect(JSON.parse(renderMetadata(root, { recursive: false, alt: "json" }).body)).toEqual(
        names,
      );
    }),
  );
});

test("renderMetadata() writes names in camel case unless people chose them", () => {
  const node = folder({ "numeric-project-id": digits("123"), "tags-x": list(["a"], "json") });
  expect(renderMetadata(node, { recursive: true }).body).toBe(
    '{"numericProjectId":123,"tagsX":["a"]}',
  );
  expect(renderMetadata(folder({ in: node }), { recursive: true, alt: "text" }).body).toBe(
    "in/numeric-project-id 123\nin/tags-x a\n",
  );
});

test("renderMetadata() keeps digits that no number holds", () => {
  expect(renderMetadata(digits("4520031799277581759"), { recursive: false, alt: "json" })).toEqual({
    status: 200,
    headers: { "content-type": "application/json" },
    body: "4520031799277581759",
  });
});

test("etag() is 16 digits, and another for another text", () => {
  const seen = new Map<string, string>();
  assert(
    property(string(), (value) => {
      const tag = etag(value);
      expect(tag).toMatch(/^[0-9a-f]{16}$/);
      expect(seen.get(tag) ?? value).toBe(value);
      seen.set(tag, value);
    }),
  );
});
