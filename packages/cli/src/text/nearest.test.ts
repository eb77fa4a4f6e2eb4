import { expect, test } from "vitest";
import { nearest } from "./nearest.ts";

test("nearest() finds what differs by a few letters", () => {
  const known = ["events", "issues", "project-keys"];
  expect(nearest("event", known)).toBe("events");
  expect(nearest("isues", known)).toBe("issues");
  expect(nearest("projekt-key", known)).toBe("project-keys");
  expect(nearest("teams", known)).toBeUndefined();
  expect(nearest("x", [])).toBeUndefined();
});
