import fc from "fast-check";
import { expect, test } from "vitest";
import { parseAddress } from "./parse-address.ts";

test.each([
  ["postgres://", {}],
  ["postgresql://", {}],
  ["postgres://db.example.com", { host: "db.example.com" }],
  ["POSTGRES://me@db:5433/sentry", { user: "me", host: "db", port: 5433, database: "sentry" }],
  ["postgres:///sentry", { database: "sentry" }],
  ["postgres://me@/sentry", { user: "me", database: "sentry" }],
  ["postgres://[::1]:5433/a%20b", { host: "::1", port: 5433, database: "a b" }],
  ["postgres://%2Fvar%2Frun/x", { host: "/var/run", database: "x" }],
  ["postgres:///x?host=/tmp&port=1", { host: "/tmp", port: 1, database: "x" }],
  ["postgres://a%40b:p%3Aw:x@h", { user: "a@b", password: "p:w:x", host: "h" }],
  [
    "postgres://h?user=u&password=p&dbname=d",
    { host: "h", user: "u", password: "p", database: "d" },
  ],
])("parseAddress() reads %s", (text, expected) => {
  expect(parseAddress(text)).toEqual({ ...expected, params: {} });
});

test("parseAddress() keeps the parameters that it knows", () => {
  expect(parseAddress("postgres://h/d?sslmode=require&options=-c%20geqo%3Doff").params).toEqual({
    sslmode: "require",
    options: "-c geqo=off",
  });
});

test.each([
  ["mysql://h/d", "not of the form"],
  ["postgres:/h", "not of the form"],
  ["postgres://h/d#x", "not of the form"],
  ["postgres://a,b/d", "several hosts"],
  ["postgres://h:a/d", "its port"],
  ["postgres://h:0/d", "its port"],
  ["postgres://h:65536/d", "its port"],
  ["postgres://h/%zz", "two hexadecimal digits"],
  ["postgres://h/d?connect_timeout=soon", "connect_timeout"],
  ["postgres://h/d?sslmod=require", '"sslmod" is not known'],
])("parseAddress() refuses %s", (text, state) => {
  expect(() => parseAddress(text)).toThrow(
    expect.objectContaining({
      code: "POSTGRES_ADDRESS_INVALID",
      kind: "usage",
      message: expect.stringContaining(state),
    }),
  );
});

test("parseAddress() tells no password, whatever is wrong", () => {
  for (const text of ["postgres://u:pa-ss@h:x/d", "postgres://u:pa-ss@h,i", "pg://u:pa-ss@h"]) {
    const failure = (() => {
      try {
        return parseAddress(text);
      } catch (error) {
        return error;
      }
    })();
    expect(JSON.stringify([failure, String(failure)])).not.toContain("pa-ss");
  }
});

test("parseAddress() takes back what was written by the rules", () => {
  const word = fc.string({ minLength: 1 }).filter((text) => text.isWellFormed());
  fc.assert(
    fc.property(word, word, word, (user, password, database) => {
      const [u, p, d] = [user, password, database].map(encodeURIComponent);
      expect(parseAddress(`postgres://${u}:${p}@h/${d}`)).toEqual({
        ...{ user, password, database, host: "h", params: {} },
      });
    }),
  );
});
