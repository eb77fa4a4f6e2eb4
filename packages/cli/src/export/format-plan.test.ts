import { resolve } from "node:path";
import { expect, test } from "vitest";
import type { RunPlan } from "./estimate-run.ts";
import { formatPlan } from "./format-plan.ts";

const plan: RunPlan = {
  streams: [
    { stream: "events", slices: 12, rows: 15_000, requests: 1_500, ms: 300_000 },
    { stream: "members", slices: 0, obstacle: "the token lacks the scope member:read" },
  ],
  range: { from: "2026-11-01T00:00:00Z", to: "2026-11-24T00:00:00Z" },
  sink: "ndjson",
  output: resolve("sentry"),
  state: resolve("sentry.decant"),
  next: "first",
};

test("formatPlan() says what each stream takes, and what is in the way", () => {
  expect(formatPlan(plan).split("\n")).toEqual([
    "STREAM   SLICES  ROWS     REQUESTS  TIME",
    "events   12      ~15,000  ~1,500    ~5 min 0 s",
    "members  later   ?        ?         ?           the token lacks the scope member:read",
    "",
    "range   2026-11-01T00:00:00Z to 2026-11-24T00:00:00Z",
    "in all  about 15,000 or more rows, 1,500 or more requests, 5 min 0 s or more one after the other",
    "output  sentry (ndjson)",
    "state   sentry.decant, which is new",
    "",
    "Nothing was exported.",
  ]);
});

test("formatPlan() says what is there already, and what that means", () => {
  const after = { ...plan, range: { ...plan.range, after: "2026-11-20T00:00:00Z" } };
  expect(formatPlan({ ...after, next: "later" })).toMatch(
    /; what never changes, from 2026-11-20T00:00:00Z on\n(.|\n)*, which goes on from the run before\n/,
  );
  expect(formatPlan({ ...plan, next: "resume" })).toContain(
    "a run that was cut off: decant resume sentry.decant, or --incremental",
  );
  expect(formatPlan({ ...plan, next: "ended" })).toContain("--force would replace it");
});
