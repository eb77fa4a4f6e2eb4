import { array, assert, constantFrom, oneof, property, string, uniqueArray } from "fast-check";
import { expect, test } from "vitest";
import { readScopes } from "./create-tokens.ts";

const base = "https://www.googleapis.com/auth/";
const short = constantFrom("cloud-platform", "devstorage.read_only", "pubsub", "bigquery");

test("readScopes() reads names parted by commas or spaces, short or whole", () => {
  assert(
    property(
      uniqueArray(short, { minLength: 1 }),
      constantFrom(",", " ", ", ", ",,"),
      (names, comma) => {
        const whole = names.map((name) => base + name);
        expect(readScopes(names.join(comma), undefined)).toEqual(whole);
        expect(readScopes(whole.join(comma), new Set(whole))).toEqual(whole);
      },
    ),
  );
});

test("readScopes() lets nothing through that is not allowed, whatever is sent", () => {
  const allowed = new Set([`${base}pubsub`, "email"]);
  assert(
    property(array(oneof(string(), short, constantFrom("email", ...allowed))), (parts) => {
      const scopes = readScopes(parts.join(","), allowed);
      if (scopes === undefined) expect(parts.join("").replace(/[\s,]/g, "")).toBe("");
      else if ("status" in scopes) expect([400, 403]).toContain(scopes.status);
      else expect(scopes.every((scope) => allowed.has(scope))).toBe(true);
    }),
  );
});
