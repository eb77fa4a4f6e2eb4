import { expect, test } from "vitest";
import { parseLifetime } from "./parse-lifetime.ts";

test("parseLifetime() reads seconds, minutes and hours, up to twelve hours", () => {
  expect(["90", "3600s", "90m", "12h"].map(parseLifetime)).toEqual([90, 3_600, 5_400, 43_200]);
  for (const text of ["", "0", "-1", "1.5h", "13h", "1d", "43201", "1e3", "h"]) {
    expect(() => parseLifetime(text), text).toThrow(
      expect.objectContaining({ code: "GCP_LIFETIME_INVALID", kind: "usage" }),
    );
  }
});
