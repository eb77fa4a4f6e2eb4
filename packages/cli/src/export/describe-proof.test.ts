import type { Manifest, SliceReport } from "@decant/pipeline";
import { expect, test } from "vitest";
import { describeProof, describeUnread, isUnreadNote } from "./describe-proof.ts";

const confirmed = { slices: 3, rows: 14_998 };
const clean = { slices: 3, confirmed, reread: 0, holes: 0, gone: 0, denied: 0, absent: 0 };

/** A job of these streams. */
function jobOf(streams: readonly string[] | "all"): Manifest["job"] {
  return {
    source: { name: "sentry", options: { url: "https://sentry.io", streams } },
    sink: { name: "ndjson", options: {}, destination: "sentry" },
    range: { to: "2026-11-25T00:00:00Z" },
  };
}

function slice(key: string, why: "complete" | "denied" | "absent"): SliceReport {
  const [stream = ""] = key.split("/");
  const tally = { rows: 0, bytes: 0, duplicates: 0, held: 0, hollow: 0, digest: "", idDigest: "" };
  return { key, stream, passes: 1, end: { why }, ...tally };
}

test("describeProof() says how much the server confirmed, and what is not as it should be", () => {
  const counts = { rows: 15_000, hollow: 0, proof: clean } as Manifest;
  expect(describeProof(counts)).toBe(
    "Proof: 14,998 of 15,000 rows confirmed by the server's own count, no slices read again, no holes, no hollow rows",
  );
  const proof = { ...clean, reread: 2, holes: 1, gone: 3 };
  expect(describeProof({ ...counts, hollow: 7, proof })).toMatch(
    /, 2 slices read again, 1 hole, 3 slices deleted meanwhile, 7 hollow rows$/,
  );
});

test("describeUnread() names each stream once, with how much of it was not read", () => {
  const slices = [
    slice("members/all", "denied"),
    slice("project-keys/web", "denied"),
    slice("project-keys/api", "complete"),
    slice("logs/web", "absent"),
    slice("logs/api", "absent"),
  ];
  expect(describeUnread({ slices, job: jobOf(["members"]) })).toEqual([
    "The token may not read members, project-keys (1 of 2 parts)",
    "The server does not have logs",
  ]);
  const read = [slice("events/1", "complete")];
  expect(describeUnread({ slices: read, job: jobOf("all") })).toEqual([]);
});

test("describeUnread() names what was not found since what it belongs to was not read", () => {
  const slices = [slice("issues/web", "denied"), slice("releases", "complete")];
  const [line, ...others] = describeUnread({ slices, job: jobOf("all") });
  expect(line).toMatch(/^The token may not read issues, events, issue-hashes, .*attachments$/);
  expect(line).not.toContain("release-commits");
  expect(others).toEqual([]);
  expect(describeUnread({ slices, job: jobOf(["issues", "events"]) })).toEqual([
    "The token may not read issues, events",
  ]);
});

test("isUnreadNote() knows what the pipeline writes of what was not read", () => {
  for (const note of [
    "members: denied",
    "logs/a b: absent: no logs",
    "keys: denied in 4 parts (x)",
  ]) {
    expect(isUnreadNote(note)).toBe(true);
  }
  expect(isUnreadNote("events/1: hole: the server fails to show 1 event")).toBe(false);
  expect(isUnreadNote("stats/web: the last 90 days")).toBe(false);
});
