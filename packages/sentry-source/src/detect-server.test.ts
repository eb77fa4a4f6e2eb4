import { startSentry } from "@decant/simulator";
import { expect, test } from "vitest";
import type { SentrySourceOptions } from "./create-sentry-source.ts";
import { createSentrySource } from "./create-sentry-source.ts";
import { exportAll, failureOf, untilNow } from "./testing/export-all.ts";
import { json, patient, redirected, sourceOf } from "./testing/simulated.ts";

const small = {
  limits: false,
  eventBytes: 300,
  projects: [{ slug: "web", issues: [{ events: 30 }] }],
} as const;

/** Reads sentry.io, which the simulator plays, and tells which hosts were asked. */
async function readSentryIo(
  options: Partial<SentrySourceOptions>,
  detail: unknown,
  orgs: unknown = [],
) {
  await using sentry = await startSentry(small);
  const { fetch, urls } = redirected(sentry, ({ pathname }) => {
    if (/organizations\/[^/]+\/$/.test(pathname)) return json(detail);
    return pathname.endsWith("/organizations/") ? json(orgs) : undefined;
  });
  const source = createSentrySource({ token: sentry.token, retry: patient, fetch, ...options });
  const result = await exportAll(source).catch((error: unknown) => error);
  return { result, hosts: [...new Set(urls.map(({ host }) => host))], urls };
}

test("detectServer() goes to the region of the organisation", async () => {
  const detail = { slug: "acme", links: { regionUrl: "https://de.sentry.io" } };
  const { result, hosts, urls } = await readSentryIo({ org: "acme" }, detail);
  expect(result).toMatchObject({ rows: { size: 30 } });
  expect(hosts).toEqual(["sentry.io", "de.sentry.io"]);
  expect(urls.filter(({ host }) => host === "sentry.io")).toHaveLength(1);
});

test.each([
  "https://evil.example",
  "https://sentry.io.evil.example",
  "https://evilsentry.io",
  "http://de.sentry.io",
  "https://de.sentry.io:8443",
  "https://de.sentry.io@evil.example",
  "nonsense",
  42,
])("detectServer() does not take the token to %s", async (regionUrl) => {
  const { result, hosts } = await readSentryIo(
    { org: "acme" },
    { slug: "acme", links: { regionUrl } },
  );
  expect(result).toMatchObject({ rows: { size: 30 } });
  expect(hosts).toEqual(["sentry.io"]);
});

test("detectServer() asks again when what tells GlitchTip is cut off", async () => {
  await using sentry = await startSentry({ ...small, flavor: "glitchtip" });
  let cut = false;
  const { fetch } = redirected(sentry, ({ pathname }) => {
    if (pathname !== "/api/settings/" || cut) return undefined;
    cut = true;
    return new Response('{"socialApps": [', { headers: { "content-type": "application/json" } });
  });
  const { rows } = await exportAll(sourceOf(sentry, { project: "web", fetch }));
  expect(cut).toBe(true);
  expect(rows.size).toBe(30);
});

test("detectServer() does not take the token of another server to sentry.io", async () => {
  const detail = { slug: "acme", links: { regionUrl: "https://de.sentry.io" } };
  const { hosts } = await readSentryIo({ org: "acme", url: "https://sentry.example.com" }, detail);
  expect(hosts).toEqual(["sentry.example.com"]);
});

test("detectServer() takes the organisation from the host, or the only one there is", async () => {
  const own = await readSentryIo({ url: "https://acme.sentry.io" }, { slug: "acme" });
  expect(own.result).toMatchObject({ rows: { size: 30 } });
  const only = await readSentryIo({}, { slug: "acme" }, [{ slug: "acme" }]);
  expect(only.result).toMatchObject({ rows: { size: 30 } });
});

test("detectServer() asks for the organisation where several could be meant", async () => {
  const none = await readSentryIo({ issues: ["1"] }, {});
  expect(none.result).toMatchObject({ code: "SENTRY_AMBIGUOUS", kind: "usage" });
  const two = await readSentryIo({ issues: ["1"] }, {}, [{ slug: "acme" }, { slug: "umbrella" }]);
  expect(two.result).toMatchObject({ hint: expect.stringContaining("acme, umbrella") });
});

test("detectServer() needs no organisation for an issue by number, but for a short id and a project", async () => {
  for (const flavor of ["old", "self-hosted", "glitchtip"] as const) {
    await using sentry = await startSentry({ ...small, flavor });
    const { url, token, issues } = sentry;
    const { fetch } = redirected(sentry, ({ pathname }) =>
      pathname === "/api/0/organizations/" ? json([]) : undefined,
    );
    const read = (options: Partial<SentrySourceOptions>) =>
      exportAll(createSentrySource({ url, token, fetch, retry: patient, ...options }));
    expect((await read({ issues: [issues[0]!.id] })).rows.size).toBe(30);
    const ambiguous = { code: "SENTRY_AMBIGUOUS", kind: "usage" };
    expect(await failureOf(read({ issues: [issues[0]!.shortId] }))).toMatchObject(ambiguous);
    expect(await failureOf(read({ project: "web" }))).toMatchObject(ambiguous);
  }
});

test("a state file cannot send the token elsewhere", async () => {
  await using sentry = await startSentry(small);
  const source = sourceOf(sentry, { project: "web" });
  const { signal } = new AbortController();
  const [slice] = await source.plan(untilNow(), { signal });
  const { fetch, urls } = redirected(sentry);
  const resumed = sourceOf(sentry, { project: "web", fetch });
  const stored = JSON.stringify(slice);
  for (const origin of ["https://evil.example", "https://sentry.io", "//evil.example", "x"]) {
    const forged = JSON.parse(stored.replace(`"origin":"${sentry.url}"`, `"origin":"${origin}"`));
    const reading = resumed.read(forged, { signal })[Symbol.asyncIterator]().next();
    await expect(reading).rejects.toMatchObject({ code: "SENTRY_UNTRUSTED" });
  }
  expect(urls).toEqual([]);
});
