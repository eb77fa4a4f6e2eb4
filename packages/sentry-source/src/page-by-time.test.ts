import fc from "fast-check";
import { expect, test } from "vitest";
import { ofWholeSeconds, pageByTime } from "./page-by-time.ts";
import { type ParsedEvent, parseEvents } from "./parse-events.ts";

const start = Date.parse("2026-01-01T00:00:00Z");
const window = { start: "2026-01-01T00:00:00Z", end: "2026-01-01T00:00:45Z" };

function eventsAt(seconds: readonly (number | undefined)[]): ParsedEvent[] {
  const events = seconds.map((second, index) => ({
    id: `e${index}`,
    projectID: "1",
    ...(second !== undefined && { dateCreated: new Date(start + second * 1_000).toISOString() }),
  }));
  return parseEvents(new TextEncoder().encode(JSON.stringify(events)), { kind: "sentry" });
}

function after(value: readonly ParsedEvent[], cursor?: string, more = true): string | undefined {
  const link = `<https://x/>; rel="next"; results="${more}"; cursor="0:7:0"`;
  const response = { status: 200, url: "https://x/", headers: new Headers({ link }) };
  const url = new URL("https://x/");
  return pageByTime(window).cursorAfter({
    url,
    response,
    value: { events: value },
    ...(cursor && { cursor }),
  });
}

test("pageByTime() ends the window behind the second of the last row", () => {
  const events = eventsAt([9.5, 9, 8.7, 7.2, 7]);
  const next = after(events)!;
  expect(next).toBe("2026-01-01T00:00:08Z");
  expect(ofWholeSeconds(events, next).map(({ row }) => row.id)).toEqual(["1/e0", "1/e1", "1/e2"]);
  const url = pageByTime(window).urlAt(new URL("https://x/?end=later&cursor=old"), next);
  expect(url.searchParams.get("end")).toBe(next);
  expect(after(events, undefined, false)).toBeUndefined();
  expect(ofWholeSeconds(events, undefined)).toEqual(events);
});

test("pageByTime() goes on by the server's cursor within a second, and where times do not fall", () => {
  const dense = eventsAt([9, 9, 9]);
  expect(after(dense)).toBe("2026-01-01T00:00:45Z 0:7:0");
  const next = after(dense, "2026-01-01T00:00:10Z 0:3:0")!;
  expect(next).toBe("2026-01-01T00:00:10Z 0:7:0");
  expect(ofWholeSeconds(dense, next)).toEqual(dense);
  const url = pageByTime(window).urlAt(new URL("https://x/?end=later"), next);
  expect(url.search).toBe("?end=2026-01-01T00%3A00%3A10Z&cursor=0%3A7%3A0");
  for (const odd of [[], [undefined], [9, undefined, 7], [7, 9], [9, 8, 9, 7]]) {
    expect(after(eventsAt(odd))).toBe("2026-01-01T00:00:45Z 0:7:0");
  }
  // A server that does not mind the end of the window.
  expect(after(eventsAt([9, 5]), "2026-01-01T00:00:06Z")).toBe("2026-01-01T00:00:06Z 0:7:0");
});

test("pageByTime() shows each row once, whatever comes and goes in the part that was read", () => {
  const second = fc.nat({ max: 40 });
  fc.assert(
    fc.property(
      fc.array(second, { maxLength: 60 }),
      fc.integer({ min: 1, max: 9 }),
      fc.infiniteStream(fc.nat()),
      (seconds, size, chance) => {
        let rows = seconds.map((at, index) => ({ at, id: index }));
        const kept = new Map<string, number>();
        let end = 45;
        let offset = 0;
        for (let cursor: string | undefined; ; ) {
          // Rows go away in the part that was read, and arrive there.
          const read = rows.filter(({ at }) => at >= end);
          const gone = read[chance.next().value % (read.length + 1)];
          rows = rows.filter((row) => row !== gone);
          if (chance.next().value % 2 === 0) rows.push({ at: 50, id: rows.length + 1_000 });
          const list = rows.filter(({ at }) => at < end).sort((a, b) => b.at - a.at || a.id - b.id);
          const page = list.slice(offset, offset + size);
          const value = eventsAt(page.map(({ at }) => at)).map((event, index) => ({
            ...event,
            row: { ...event.row, id: String(page[index]!.id) },
          }));
          const more = offset + size < list.length;
          const next: string | undefined = more ? after(value, cursor) : undefined;
          for (const { row } of ofWholeSeconds(value, next)) {
            kept.set(row.id, (kept.get(row.id) ?? 0) + 1);
          }
          if (next === undefined) break;
          cursor = next;
          offset = next.includes(" ") ? offset + size : 0;
          end = (Date.parse(next.split(" ")[0]!) - start) / 1_000;
        }
        for (const { id } of rows.filter(({ id }) => id < 1_000)) {
          expect(kept.get(String(id))).toBe(1);
        }
      },
    ),
  );
});
