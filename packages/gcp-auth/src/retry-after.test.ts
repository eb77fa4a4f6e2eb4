import { expect, test } from "vitest";
import { retryAfter } from "./retry-after.ts";

const now = Date.parse("2026-01-01T00:00:00Z");

function read(value?: string): number | undefined {
  return retryAfter(new Response(null, value ? { headers: { "retry-after": value } } : {}), now);
}

test("retryAfter() reads seconds and dates", () => {
  expect(read("3")).toBe(3_000);
  expect(read("0")).toBe(0);
  expect(read("Thu, 01 Jan 2026 00:00:05 GMT")).toBe(5_000);
  expect(read("Wed, 31 Dec 2025 00:00:00 GMT")).toBe(0);
});

test("retryAfter() knows nothing of anything else", () => {
  expect(read()).toBeUndefined();
  expect(read("soon")).toBeUndefined();
});
