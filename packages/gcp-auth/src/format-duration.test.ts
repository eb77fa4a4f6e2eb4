import { expect, test } from "vitest";
import { formatDuration } from "./format-duration.ts";

test("formatDuration() gives the two greatest units", () => {
  expect(formatDuration(0)).toBe("0 s");
  expect(formatDuration(59_499)).toBe("59 s");
  expect(formatDuration(125_000)).toBe("2 min 5 s");
  expect(formatDuration(3_600_000)).toBe("1 h");
  expect(formatDuration(90_061_000)).toBe("1 d 1 h");
});
