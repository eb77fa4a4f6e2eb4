import { startSentry } from "@decant/simulator";
import { expect, test } from "vitest";
import { exportAll } from "./testing/export-all.ts";
import { redirected, sourceOf } from "./testing/simulated.ts";

const issues = Array.from({ length: 9 }, () => ({ events: 3 }));
const small = { limits: false, eventBytes: 300, projects: [{ slug: "web", issues }] } as const;

/** A server that hides issues, of which each reading of its list shows one more. */
function growing(sentry: Parameters<typeof sourceOf>[0], shown: (pass: number) => number) {
  let pass = 0;
  const plain = redirected(sentry);
  return async (...[input, init]: Parameters<typeof fetch>) => {
    const response = await plain.fetch(input, init);
    const url = new URL(input instanceof Request ? input.url : input);
    if (!url.pathname.endsWith("/acme/issues/") || url.searchParams.get("limit") !== "100") {
      return response;
    }
    const rows: unknown[] = await response.json();
    const headers = new Headers(response.headers);
    headers.delete("content-length");
    return Response.json(rows.slice(0, shown(++pass)), { headers });
  };
}

test("readIssueList() names a hole where even its last pass finds more", async () => {
  await using sentry = await startSentry(small);
  for (const interrupted of [false, true]) {
    const fetch = growing(sentry, (pass) => 2 + pass);
    const { ends } = await exportAll(sourceOf(sentry, { project: "web", fetch }), { interrupted });
    expect(ends.get("issues/web")).toEqual({
      why: "hole",
      detail: "the list still showed more issues in pass 4",
    });
  }
});

test("readIssueList() is complete as soon as a pass finds nothing new, also when it goes on", async () => {
  await using sentry = await startSentry(small);
  for (const interrupted of [false, true]) {
    let passes = 0;
    const fetch = growing(sentry, (pass) => {
      passes = pass;
      return Math.min(9, 7 + pass);
    });
    const { rows, ends } = await exportAll(sourceOf(sentry, { project: "web", fetch }), {
      interrupted,
    });
    expect(ends.get("issues/web")).toEqual({ why: "complete" });
    expect(rows.size).toBe(27);
    // The last look for merges reads the list once more.
    expect(passes).toBe(4);
  }
});
