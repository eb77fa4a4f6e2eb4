import { simulateSentry } from "@decant/simulator";
import { expect, test } from "vitest";
import { pageByOffset } from "./page-by-offset.ts";
import { type ParsedEvent, parseEvents } from "./parse-events.ts";
import { exportAll } from "./testing/export-all.ts";
import { differences, none, oracle, sourceOf } from "./testing/simulated.ts";

const start = Date.parse("2026-01-01T00:00:00Z");

function eventsAt(seconds: readonly (number | undefined)[]): ParsedEvent[] {
  const events = seconds.map((second, index) => ({
    id: `e${index}`,
    projectID: "1",
    ...(second !== undefined && { dateCreated: new Date(start + second * 1_000).toISOString() }),
  }));
  return parseEvents(new TextEncoder().encode(JSON.stringify(events)), { kind: "sentry" });
}

/** The cursor after a page, of which the server says that the next one has this cursor. */
function after(events: readonly ParsedEvent[], said: string, asked?: string): string | undefined {
  const link = `<https://x/>; rel="next"; results="true"; cursor="${said}"`;
  const response = { status: 200, url: "https://x/", headers: new Headers({ link }) };
  const page = { url: new URL("https://x/"), response, value: { events } };
  return pageByOffset().cursorAfter({ ...page, ...(asked && { cursor: asked }) });
}

test("pageByOffset() begins a page with the second that the last row lies in", () => {
  expect(after(eventsAt([9, 8.5, 7.9, 7, 7]), "0:5:0")).toBe("0:2:0");
  expect(after(eventsAt([9, 8]), "0:12:0", "0:10:0")).toBe("0:11:0");
});

test("pageByOffset() goes on as the server says within a second, and where times do not fall", () => {
  for (const odd of [[], [7, 7, 7], [9, undefined, 7], [7, 9], [undefined]]) {
    expect(after(eventsAt(odd), "0:8:0", "0:5:0")).toBe("0:8:0");
  }
  // A short page must not lead back to itself.
  expect(after(eventsAt([9, 7, 7]), "0:6:0", "0:5:0")).toBe("0:6:0");
  expect(after(eventsAt([9, 7]), "1500:0:0")).toBe("1500:0:0");
});

test("a list without a window loses no row whose second is in another order each time", async () => {
  for (let seed = 1; seed <= 30; seed++) {
    const sentry = simulateSentry({
      ...{ seed, flavor: "old", limits: false, eventBytes: "tiny", clamp: 8 },
      // A second of more rows than a page would be for the passes of an export to complete.
      now: () => Date.parse("2026-03-01T00:00:00Z"),
      projects: [{ slug: "web", issues: [{ events: 40, spanSeconds: 200, tieSeconds: 5 }] }],
      faults: { shuffleTies: true, duplicateRows: 0.1 },
    });
    const source = sourceOf(sentry, { project: "web", via: "project" });
    const { rows } = await exportAll(source);
    expect(differences(rows, oracle(sentry))).toEqual(none);
  }
});
