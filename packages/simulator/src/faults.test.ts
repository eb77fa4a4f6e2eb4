import { expect, test } from "vitest";
import { allRows, ask, pages } from "./ask.ts";
import type { Faults } from "./faults.ts";
import type { SentrySimulator } from "./sentry-simulator.ts";
import { startSentry } from "./start-sentry.ts";

function start(faults: Faults, events = 45, spanSeconds = 86_400): Promise<SentrySimulator> {
  const projects = [{ slug: "web", issues: [{ events, spanSeconds }] }];
  return startSentry({ flavor: "self-hosted", projects, faults });
}

const path = "/api/0/organizations/acme/issues/WEB-1/events/?full=1";

test.each([
  ["serverError", 500, /"errorId"/],
  ["badGateway", 502, /^<!DOCTYPE html>/],
  ["tooMany", 429, /too frequently/],
  ["tooManyConcurrent", 429, /above the allowed concurrency/],
  ["snubaThrottle", 429, /^\{"detail":"Rate limit exceeded\. Please try your query with a smaller/],
  ["queryTimeout400", 400, /^\{"detail":"Query timeout\. Please try again\./],
] as const)("%s answers with %i, three times in a row at most", async (fault, status, body) => {
  await using sentry = await start({ [fault]: 1, retryAfterDate: true });
  for (let i = 0; i < 3; i++) {
    const answer = await ask(sentry, path);
    expect([answer.status, answer.text]).toEqual([status, expect.stringMatching(body)]);
    expect(Date.parse(answer.headers.get("retry-after") ?? "")).not.toBeNaN();
  }
  expect((await ask(sentry, path)).status).toBe(200);
});

test("tooMany and tooManyConcurrent differ in what remains", async () => {
  await using window = await start({ tooMany: 1 });
  await using parallel = await start({ tooManyConcurrent: 1 });
  const remaining = async (sentry: SentrySimulator) =>
    Number((await ask(sentry, path)).headers.get("x-sentry-rate-limit-remaining"));
  expect(await remaining(window)).toBe(0);
  expect(await remaining(parallel)).toBeGreaterThan(0);
});

test("cutBody and reset drop the connection, truncatedJson ends well framed", async () => {
  for (const fault of ["cutBody", "reset"] as const) {
    await using sentry = await start({ [fault]: 1 });
    await expect(ask(sentry, path)).rejects.toThrow();
  }
  await using sentry = await start({ truncatedJson: 1 });
  const { status, text } = await ask(sentry, path);
  expect(status).toBe(200);
  expect(() => JSON.parse(text)).toThrow(SyntaxError);
});

test("a rate below one hits some addresses, and the same ones each time", async () => {
  const statuses = async () => {
    await using sentry = await start({ serverError: 0.5 });
    const asked: number[] = [];
    for (let i = 0; i < 30; i++) asked.push((await ask(sentry, `${path}&cursor=0:${i}:0`)).status);
    return asked;
  };
  const first = await statuses();
  expect(first.filter((status) => status === 500).length).toBeGreaterThan(5);
  expect(first.filter((status) => status === 200).length).toBeGreaterThan(5);
  expect(await statuses()).toEqual(first);
});

test("insertBetweenPages and lateBetweenPages make offsets shift", async () => {
  for (const fault of ["insertBetweenPages", "lateBetweenPages"] as const) {
    await using sentry = await start({ [fault]: 2 }, 45);
    const ids = (await allRows(sentry, path)).map(({ eventID }) => eventID);
    expect(ids.length - new Set(ids).size, fault).toBeGreaterThan(0);
    expect([...sentry.events()].length).toBeGreaterThan(45);
  }
});

test("shortPages and duplicateRows lose nothing", async () => {
  for (const fault of ["shortPages", "duplicateRows"] as const) {
    await using sentry = await start({ [fault]: 0.5 });
    const sizes: number[] = [];
    for await (const page of pages(sentry, path)) sizes.push(JSON.parse(page.text).length);
    const ids = (await allRows(sentry, path)).map(({ eventID }) => eventID);
    expect(new Set(ids)).toEqual(new Set([...sentry.events()].map(({ id }) => id)));
    if (fault === "shortPages") expect(Math.min(...sizes.slice(0, -1))).toBeLessThan(10);
    else expect(ids.length).toBeGreaterThan(45);
  }
});

test("shuffleTies gives each request another order inside a second", async () => {
  await using sentry = await start({ shuffleTies: true }, 45, 1);
  const first = (await ask(sentry, path)).text;
  expect((await ask(sentry, path)).text).not.toBe(first);
  const every = new Set<unknown>();
  const whole = `${path.replace("?full=1", "")}?per_page=100`;
  for (const { id } of await allRows(sentry, whole)) every.add(id);
  expect(every.size).toBe(45);
});

test("repeatCursor, ignoreCursor and endlessPage never end", async () => {
  for (const fault of ["repeatCursor", "ignoreCursor", "endlessPage"] as const) {
    for (const flavor of ["self-hosted", "glitchtip"] as const) {
      const projects = [{ slug: "web", issues: [{ events: 300 }] }];
      await using sentry = await startSentry({ flavor, projects, faults: { [fault]: true } });
      const address =
        flavor === "glitchtip" ? `/api/0/issues/${sentry.issues[0]!.id}/events/` : path;
      const links = new Set<string | null>();
      const bodies = new Set<string>();
      let count = 0;
      for await (const page of pages(sentry, address)) {
        links.add(page.headers.get("link"));
        bodies.add(page.text);
        if (++count === 40) break;
      }
      expect(count, `${fault} ${flavor}`).toBe(40);
      expect(bodies.size).toBe(fault === "ignoreCursor" ? 1 : 2);
      if (fault === "endlessPage") expect(links.size).toBe(40);
    }
  }
});

test("crossOriginLink, htmlLogin, failEvent and countOff", async () => {
  await using elsewhere = await start({ crossOriginLink: "https://evil.example.com" });
  expect((await ask(elsewhere, path)).headers.get("link")).toMatch(
    /^<https:\/\/evil\.example\.com\/api/,
  );
  await using login = await start({ htmlLogin: true });
  expect((await ask(login, path)).text).toContain("Login");
  await using off = await start({ countOff: -3 });
  const count = await ask(off, "/api/0/organizations/acme/events/?field=count()&query=issue:WEB-1");
  expect(JSON.parse(count.text).data).toEqual([{ "count()": 42 }]);
  const bad = [...off.events()][12]!.id;
  await using failing = await start({ failEvent: [bad] });
  const status = async (query: string) => (await ask(failing, `${path}&${query}`)).status;
  expect(await status("cursor=0:10:0")).toBe(500);
  expect(await status("cursor=0:12:0&per_page=1")).toBe(500);
  expect(await status("cursor=0:13:0")).toBe(200);
});

test("gzip compresses for those who accept it", async () => {
  await using sentry = await startSentry({ gzip: true });
  const { headers, text } = await ask(sentry, path);
  expect(headers.get("content-encoding")).toBe("gzip");
  expect(JSON.parse(text)).toHaveLength(10);
});
