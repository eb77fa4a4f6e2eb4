import { expect, test } from "vitest";
import { wantsColor } from "./wants-color.ts";

function wants(terminal: boolean, env: Record<string, string> = {}): boolean {
  return wantsColor({ terminal, env: (name) => env[name] });
}

test("wantsColor() follows NO_COLOR, then FORCE_COLOR, then the terminal", () => {
  expect(wants(true)).toBe(true);
  expect(wants(false)).toBe(false);
  expect(wants(true, { NO_COLOR: "1", FORCE_COLOR: "1" })).toBe(false);
  expect(wants(true, { NO_COLOR: "" })).toBe(true);
  expect(wants(false, { FORCE_COLOR: "1" })).toBe(true);
  expect(wants(true, { FORCE_COLOR: "0" })).toBe(false);
  expect(wants(true, { TERM: "dumb" })).toBe(false);
});
