import { createHmac } from "node:crypto";
import { createRow } from "@decant/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createRedactor } from "./create-redactor.ts";
import type { Redaction } from "./redaction.ts";

const key = "0123456789abcdef0123456789abcdef";
const encoder = new TextEncoder();
const decoder = new TextDecoder();

function edit(json: string, redaction: Redaction): string {
  return count(json, redaction).json;
}

function count(json: string, redaction: Redaction) {
  const matches: Record<string, number> = {};
  const row = createRow({ id: "1", json: encoder.encode(json) });
  const edited = createRedactor(redaction, key).redact(row, (name) => {
    matches[name] = (matches[name] ?? 0) + 1;
  });
  return { json: decoder.decode(edited.json), matches };
}

function hashOf(json: string): string {
  return `"hmac-sha256:${createHmac("sha256", key).update(json).digest("hex")}"`;
}

const row =
  '{"id": 9007199254740993,"user" :{"email":"a@b.c", "id":1.0},"e":[{"d":1},{"d":2}], "n":null}';

test.each([
  [["user.email"], '{"id": 9007199254740993,"user" :{"id":1.0},"e":[{"d":1},{"d":2}], "n":null}'],
  [["user.id"], row.replace(', "id":1.0', "")],
  [["id", "n"], '{"user" :{"email":"a@b.c", "id":1.0},"e":[{"d":1},{"d":2}]}'],
  [["id", "user", "e", "n"], "{}"],
  [["e.d"], row.replace('{"d":1},{"d":2}', "{},{}")],
  [["user.email.x", "nothing", "n.x", "e.d.x"], row],
])("createRedactor() drops %j", (drop, expected) => expect(edit(row, { drop })).toBe(expected));

test("createRedactor() hashes the bytes of a value as they stand", () => {
  const json = '{"a":{"b": 1.0 ,"c":"\\u0061"},"a":{"b":[1, 2]}}';
  const hashed = `{"a":{"b": ${hashOf("1.0")} ,"c":"\\u0061"},"a":{"b":${hashOf("[1, 2]")}}}`;
  expect(edit(json, { hash: ["a.b"] })).toBe(hashed);
  expect(edit(json, { hash: ["a.b"], select: ["a.b"] })).toBe(
    hashed.replace(' ,"c":"\\u0061"', ""),
  );
});

test("createRedactor() gives the hash that others compute", () => {
  // printf '"a@b.c"' | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef
  expect(edit('{"e":"a@b.c"}', { hash: ["e"] })).toBe(
    '{"e":"hmac-sha256:7ecf3c5c77e0ce326f61b893841b4ed777894043fbfb99028fd26b8a9e583949"}',
  );
});

test("createRedactor() keeps what was selected, and null where a way ends", () => {
  expect(edit(row, { select: ["user.email", "e"] })).toBe(
    '{"user" :{"email":"a@b.c"},"e":[{"d":1},{"d":2}]}',
  );
  expect(edit(row, { select: ["user.id.x", "e.x", "n.x"] })).toBe(
    '{"user" :{"id":null},"e":[{},{}], "n":null}',
  );
  expect(edit('[1,[{"a":1,"b":2}],"x"]', { select: ["a"] })).toBe('[null,[{"a":1}],null]');
  expect(edit(' "x"', { select: ["a"] })).toBe(" null");
});

test("createRedactor() knows pairs by their name", () => {
  const tags = '{"tags":[{"key":"email","value":"a","query":"b"},{"value":1,"key":"x"}]}';
  expect(edit(tags, { drop: ["tags.email"] })).toBe(
    '{"tags":[{"key":"email"},{"value":1,"key":"x"}]}',
  );
  expect(edit(tags, { hash: ["tags.x"] })).toBe(tags.replace("1", hashOf("1")));
  expect(edit(tags, { select: ["tags.x"] })).toBe('{"tags":[{},{"value":1,"key":"x"}]}');
  const headers = '{"h":[["Cookie", "a" , "b"],["Accept","c"],[["Cookie","d"]], ["Cookie"]]}';
  expect(edit(headers, { drop: ["h.Cookie"] })).toBe(
    '{"h":[["Cookie"],["Accept","c"],[["Cookie"]], ["Cookie"]]}',
  );
  expect(edit(headers, { select: ["h.Accept"] })).toBe(
    '{"h":[[null, null , null],["Accept","c"],[[null,null]], [null]]}',
  );
});

test("createRedactor() counts what it finds", () => {
  const redaction = { drop: ["user.email", "no"], hash: ["e.d"], select: ["e.d", "user.email"] };
  expect(count(row, redaction).matches).toEqual({
    "drop user.email": 1,
    "hash e.d": 2,
    "select e.d": 2,
  });
});

test("createRedactor() takes lists of any depth", () => {
  const depth = 200_000;
  const deep = `{"a":${"[".repeat(depth)}{"b":1,"c":2}${"]".repeat(depth)}}`;
  expect(edit(deep, { drop: ["a.b"] })).toBe(deep.replace('"b":1,', ""));
});

test("createRedactor() keeps id and time of a row", () => {
  const given = createRow({
    id: "7",
    time: "2026-01-01T00:00:00Z",
    json: encoder.encode('{"a":1}'),
  });
  const edited = createRedactor({ drop: ["a"] }, undefined).redact(given, () => {});
  expect(edited).toMatchObject({ id: "7", time: "2026-01-01T00:00:00Z" });
  expect(edited.value()).toEqual({});
});

test.each([
  [{ drop: ["a.b", "a.b"] }, '"a.b": it is named already'],
  [{ drop: ["a"], hash: ["a.b"] }, '"a.b": it lies in what is named already'],
  [{ drop: ["a.b.c"], hash: ["a"] }, '"a.b.c": it lies in what is named already'],
  [{ select: ["a.b", "a"] }, '"a.b": it lies in what is named already'],
])("createRedactor() refuses paths that would do nothing: %j", (redaction, state) => {
  const message = `Cannot use path ${state}`;
  expect(() => createRedactor(redaction, key)).toThrow(
    expect.objectContaining({ code: "PATH_INVALID", message }),
  );
});

test("createRedactor() wants a key that cannot be guessed, and tells keys apart", () => {
  const hash = ["a"];
  expect(() => createRedactor({ hash }, undefined)).toThrow(
    expect.objectContaining({ code: "HASH_KEY_MISSING", hint: expect.stringContaining("openssl") }),
  );
  const short = key.slice(1);
  expect(() => createRedactor({ hash }, short)).toThrow(
    expect.objectContaining({
      code: "HASH_KEY_SHORT",
      message: expect.not.stringContaining(short),
    }),
  );
  const { keyId } = createRedactor({ hash }, key);
  expect(keyId).toMatch(/^[0-9a-f]{16}$/);
  expect(createRedactor({ hash }, key).keyId).toBe(keyId);
  expect(createRedactor({ hash }, `${key}0`).keyId).not.toBe(keyId);
  expect(createRedactor({ drop: ["a"] }, undefined).keyId).toBe(undefined);
});

// A JSON text with all that parsing would lose, and an oracle that edits it before it is text.
type Doc =
  | { readonly raw: string }
  | { readonly list: readonly Doc[] }
  | { readonly members: readonly (readonly [string, Doc])[] };

const names = ["a", "b", "key", "value", "__proto__"];
const rawKey = fc.constantFrom('"a"', '"\\u0061"', '"b"', '"key"', '"value"', '"__proto__"', '"é"');
const raw = fc.oneof(
  rawKey,
  fc.constantFrom(
    "1.0",
    "12345678901234567890",
    "1e400",
    "-0",
    "null",
    "true",
    '"\\ud800"',
    '"]}"',
  ),
);
const { doc } = fc.letrec<{ doc: Doc }>((tie) => ({
  doc: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.record({ raw }),
    fc.record({ list: fc.array(tie("doc"), { maxLength: 4 }) }),
    fc.record({ members: fc.array(fc.tuple(rawKey, tie("doc")), { maxLength: 4 }) }),
  ),
}));
const path = fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 3 });
const paths = fc.uniqueArray(path, {
  maxLength: 4,
  comparator: (a, b) => a.every((name, at) => (b[at] ?? name) === name),
});

function write(value: Doc, space: () => string): string {
  const join = (parts: string[]) => parts.map((part) => space() + part + space()).join(",");
  if ("raw" in value) return value.raw;
  if ("list" in value) return `[${join(value.list.map((item) => write(item, space)))}]`;
  const members = value.members.map(
    ([name, item]) => `${name}${space()}:${space()}${write(item, space)}`,
  );
  return `{${join(members)}}`;
}

function compact(value: Doc): string {
  return write(value, () => "");
}

type Fate = (value: Doc) => Doc | undefined;

interface Oracle {
  readonly paths: readonly (readonly string[])[];
  /** What becomes of what is named, and of what is not. */
  readonly named: Fate;
  readonly other: Fate;
  readonly select: boolean;
}

function nameIn(value: Doc | undefined): string | undefined {
  return value && "raw" in value && value.raw.startsWith('"') ? JSON.parse(value.raw) : undefined;
}

function expected(value: Doc, oracle: Oracle, inList = false): Doc {
  const { named, other, select } = oracle;
  const under = (name: string) =>
    oracle.paths.filter(([first]) => first === name).map((some) => some.slice(1));
  const isNamed = (name: string | undefined) =>
    name !== undefined && under(name).some((rest) => rest.length === 0);
  if ("raw" in value) return select ? { raw: "null" } : value;
  if ("list" in value) {
    const [first] = value.list;
    if (inList && isNamed(nameIn(first))) {
      return { list: [first!, ...value.list.slice(1).flatMap((item) => named(item) ?? [])] };
    }
    return { list: value.list.map((item) => expected(item, oracle, true)) };
  }
  const isPair =
    inList &&
    value.members.some(([name, item]) => JSON.parse(name) === "key" && isNamed(nameIn(item)));
  const members = value.members.flatMap(([name, item]): [string, Doc][] => {
    const text: string = JSON.parse(name);
    const rest = under(text);
    const fate =
      isNamed(text) || (isPair && (text !== "key" || select))
        ? named(item)
        : rest.length > 0
          ? expected(item, { ...oracle, paths: rest })
          : other(item);
    return fate ? [[name, fate]] : [];
  });
  return { members };
}

const oracles = {
  drop: { named: () => undefined, other: (value: Doc) => value, select: false },
  hash: {
    named: (value: Doc) => ({ raw: hashOf(compact(value)) }),
    other: (value: Doc) => value,
    select: false,
  },
  select: { named: (value: Doc) => value, other: () => undefined, select: true },
};

test.each(["drop", "hash", "select"] as const)(
  "createRedactor() does to any text what %s does to its tree, and leaves all other bytes",
  (verb) => {
    fc.assert(
      fc.property(doc, paths, (value, some) => {
        fc.pre(verb !== "select" || some.length > 0);
        const redaction = { [verb]: some.map((keys) => keys.join(".")) };
        const text = edit(compact(value), redaction);
        expect(text).toBe(compact(expected(value, { ...oracles[verb], paths: some })));
        expect(() => JSON.parse(text)).not.toThrow();
        if (verb !== "hash") expect(edit(text, redaction)).toBe(text);
      }),
      { numRuns: 3_000 },
    );
  },
);

test("createRedactor() keeps JSON valid whatever white space is in it", () => {
  const spaces = fc.infiniteStream(fc.constantFrom("", " ", "\t", "  "));
  fc.assert(
    fc.property(doc, paths, spaces, (value, drop, stream) => {
      const json = write(value, () => stream.next().value!);
      const text = edit(json, { drop: drop.map((keys) => keys.join(".")) });
      const bare = text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, "$1");
      expect(bare).toBe(compact(expected(value, { ...oracles.drop, paths: drop })));
      expect(() => JSON.parse(text)).not.toThrow();
    }),
    { numRuns: 2_000 },
  );
});
