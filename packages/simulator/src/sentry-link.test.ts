import fc from "fast-check";
import { expect, test } from "vitest";
import { linkHeader, readCursor, writeCursor } from "./sentry-link.ts";

test("readCursor() reads what writeCursor() wrote", () => {
  const cursor = fc.record({ value: fc.nat(), offset: fc.integer(), previous: fc.boolean() });
  fc.assert(
    fc.property(cursor, (one) => {
      expect(readCursor(new URLSearchParams({ cursor: writeCursor(one) }))).toEqual(one);
    }),
  );
});

test("linkHeader() has the odd form of Sentry's when there is no other query", () => {
  const url = new URL("http://127.0.0.1/api/0/issues/1/events/?cursor=0:100:0");
  const previous = { cursor: "0:0:1", results: true };
  const next = { cursor: "0:200:0", results: false };
  expect(linkHeader({ origin: "https://sentry.example.com", url }, { previous, next })).toBe(
    '<https://sentry.example.com/api/0/issues/1/events/?&cursor=0:0:1>; rel="previous"; results="true"; cursor="0:0:1", ' +
      '<https://sentry.example.com/api/0/issues/1/events/?&cursor=0:200:0>; rel="next"; results="false"; cursor="0:200:0"',
  );
});
