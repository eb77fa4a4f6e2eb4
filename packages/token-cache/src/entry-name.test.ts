import fc from "fast-check";
import { expect, test } from "vitest";
import { type CachedRequest, entryName } from "./entry-name.ts";

test("entryName() does not mind the order of scopes, nor defaults that are spelt out", () => {
  const name = entryName("me", { scopes: ["a", "b"] });
  expect(entryName("me", { kind: "access", scopes: ["b", "a", "b"] })).toBe(name);
  expect(entryName("me", { scopes: [] })).toBe(entryName("me", {}));
  const id = entryName("me", { kind: "id", audience: "x" });
  expect(entryName("me", { kind: "id", audience: "x", format: "standard", licenses: false })).toBe(
    id,
  );
});

test("entryName() differs with everything that shapes a token", () => {
  const requests: readonly CachedRequest[] = [
    {},
    { scopes: ["a"] },
    { scopes: ["a", "b"] },
    { scopes: ["a b"] },
    { audience: "a" },
    { audience: "" },
    { kind: "id", audience: "a" },
    { kind: "id", audience: "a", format: "full" },
    { kind: "id", audience: "a", format: "full", licenses: true },
  ];
  const names = requests.flatMap((request) => [
    entryName("me", request),
    entryName("you", request),
  ]);
  expect(new Set(names).size).toBe(requests.length * 2);
});

test("entryName() is two hashes", () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string()), (identity, scopes) => {
      expect(entryName(identity, { scopes })).toMatch(/^[0-9a-f]{32}-[0-9a-f]{32}$/);
    }),
  );
});
