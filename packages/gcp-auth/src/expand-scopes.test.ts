import fc from "fast-check";
import { expect, test } from "vitest";
import { expandScopes } from "./expand-scopes.ts";

const prefix = "https://www.googleapis.com/auth/";

test("expandScopes() makes addresses of short names", () => {
  expect(expandScopes("cloud-platform")).toEqual([`${prefix}cloud-platform`]);
  expect(expandScopes("devstorage.read_only")).toEqual([`${prefix}devstorage.read_only`]);
});

test("expandScopes() keeps addresses and the names of OpenID Connect", () => {
  const names = ["openid", "email", "profile", "https://mail.google.com/", `${prefix}drive`];
  expect(expandScopes(names)).toEqual(names);
});

test("expandScopes() takes commas and white space, and drops what is there twice", () => {
  expect(expandScopes([" drive, email", `${prefix}drive\n`, "", "openid,,email"])).toEqual([
    `${prefix}drive`,
    "email",
    "openid",
  ]);
});

test("expandScopes() falls back to cloud-platform", () => {
  for (const none of ["", " , ", [], [""]]) {
    expect(expandScopes(none)).toEqual([`${prefix}cloud-platform`]);
  }
});

test("expandScopes() refuses what cannot be a scope", () => {
  for (const name of ["ftp://x", 'https://x/"', "https://", "dr\u00efve", "../drive", "-"]) {
    expect(() => expandScopes(name)).toThrow(
      expect.objectContaining({ code: "GCP_SCOPE_INVALID", kind: "usage" }),
    );
  }
});

test("expandScopes() gives scope-tokens only, and the same when called again", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" })), (names) => {
      let scopes: string[];
      try {
        scopes = expandScopes(names);
      } catch (error) {
        expect(error).toMatchObject({ code: "GCP_SCOPE_INVALID" });
        return;
      }
      for (const scope of scopes) expect(scope).toMatch(/^[\x21\x23-\x5b\x5d-\x7e]+$/);
      expect(expandScopes(scopes)).toEqual(scopes);
    }),
  );
});
