import { expect, test } from "vitest";
import { describeRedaction, readRedaction } from "./read-redaction.ts";

test("readRedaction() keeps what was given, and nothing when nothing was", () => {
  expect(readRedaction({ drop: undefined, hash: undefined })).toBe(undefined);
  expect(readRedaction({ drop: ["a", "b"], hash: undefined, select: ["c"] })).toEqual({
    drop: ["a", "b"],
    select: ["c"],
  });
});

test("describeRedaction() names each path", () => {
  expect(describeRedaction({ drop: ["a", "b"], hash: ["c"], select: ["c", "d"] })).toEqual([
    "without a, b",
    "with a hash for c",
    "of each row only c, d",
  ]);
  expect(describeRedaction(undefined)).toEqual([]);
});
