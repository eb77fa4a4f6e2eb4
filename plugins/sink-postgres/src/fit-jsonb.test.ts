import { expect, test } from "vitest";
import { fitJsonb } from "./fit-jsonb.ts";

test.each([
  ['{"a":1}', '{"a":1}'],
  ['"a\\u0000b\\ud800"', '"a\\ufffdb\\ufffd"'],
  ['"\\\\u0000 \\\\\\u0000"', '"\\\\u0000 \\\\\\ufffd"'],
  ['"\\udfff\\u0000\\u0000"', '"\\ufffd\\ufffd\\ufffd"'],
  ['"\\\\ud800"', '"\\\\ud800"'],
])("fitJsonb() makes %s storable", (text, expected) => {
  expect(fitJsonb(text)).toBe(expected);
});

test("fitJsonb() leaves out what no jsonb holds", () => {
  expect(fitJsonb("[".repeat(2001) + "]".repeat(2001))).toBeUndefined();
  expect(fitJsonb(`[${"9".repeat(2000)}]`)).toBeUndefined();
  expect(fitJsonb(`"${"x".repeat((32 << 20) + 1)}"`)).toBeUndefined();
  const brackets = JSON.stringify(`\\"${"[".repeat(5000)}${"9".repeat(5000)}`);
  expect(fitJsonb(brackets)).toBe(brackets);
});
