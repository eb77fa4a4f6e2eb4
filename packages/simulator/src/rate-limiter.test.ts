import { expect, test } from "vitest";
import { ask } from "./ask.ts";
import { createRateLimiter } from "./rate-limiter.ts";
import { startSentry } from "./start-sentry.ts";

const clock = { now: () => 1_767_225_600_500 };
const path = "/api/0/projects/acme/web/events/";

test("saas: project events are 60 a minute, in fixed windows, with no Retry-After", async () => {
  let now = 1_767_225_600_500;
  await using sentry = await startSentry({ now: () => now });
  for (let i = 0; i < 60; i++) expect((await ask(sentry, path)).status).toBe(200);
  const { status, headers, text } = await ask(sentry, path);
  expect(status).toBe(429);
  expect(JSON.parse(text)).toEqual({
    detail:
      "You are attempting to use this endpoint too frequently. Limit is 60 requests in 60 seconds",
  });
  expect(headers.get("x-sentry-rate-limit-limit")).toBe("60");
  expect(headers.get("x-sentry-rate-limit-remaining")).toBe("0");
  expect(headers.get("x-sentry-rate-limit-reset")).toBe("1767225660");
  expect(headers.get("x-sentry-rate-limit-concurrentlimit")).toBe("1");
  expect(headers.has("retry-after")).toBe(false);
  expect((await ask(sentry, "/api/0/organizations/acme/projects/")).status).toBe(200);
  now = 1_767_225_660_000;
  expect((await ask(sentry, path)).status).toBe(200);
});

test("createRateLimiter() counts what is under way, and a refusal uses up the window too", () => {
  const limiter = createRateLimiter(clock.now, { overrides: undefined, old: false });
  const enter = () => limiter.enter("project-events", "user:1");
  expect(enter().refusal).toBeUndefined();
  const { headers, refusal } = enter();
  expect(JSON.parse(String(refusal?.body))).toEqual({
    detail:
      "You are attempting to go above the allowed concurrency for this endpoint. Concurrency limit is 1",
  });
  expect(headers["x-sentry-rate-limit-remaining"]).toBe("58");
  expect(headers["x-sentry-rate-limit-concurrentremaining"]).toBe("0");
  limiter.leave("project-events", "user:1");
  limiter.leave("project-events", "user:1");
  expect(enter()).toEqual({
    headers: expect.objectContaining({ "x-sentry-rate-limit-remaining": "57" }),
  });
  expect(limiter.enter("project-events", "user:2").refusal).toBeUndefined();
});

test("createRateLimiter() spoke in bare JSON strings before 2025", () => {
  const limiter = createRateLimiter(clock.now, { overrides: undefined, old: true });
  const { body, headers } = limiter.pretend("discover", "window");
  expect(JSON.parse(String(body))).toMatch(
    /^You are attempting to use this endpoint too frequently/,
  );
  expect(headers?.["content-type"]).toContain("text/html");
});

test("tokens of one user share their limits", async () => {
  await using sentry = await startSentry(clock);
  await ask(sentry, path);
  const other = await ask(sentry, path, sentry.tokens.noOrgScope);
  expect(other.headers.get("x-sentry-rate-limit-remaining")).toBe("58");
});

test("self-hosted: no limits and no headers", async () => {
  await using sentry = await startSentry({ ...clock, flavor: "self-hosted" });
  for (let i = 0; i < 70; i++) expect((await ask(sentry, path)).status).toBe(200);
  const { headers } = await ask(sentry, path);
  expect([...headers.keys()].filter((name) => name.startsWith("x-sentry"))).toEqual([]);
});

test("rateLimits change one group, or all that have none of their own", async () => {
  const rateLimits = { default: { limit: 2 }, "issue-events": { concurrent: 3 } };
  await using sentry = await startSentry({ ...clock, rateLimits });
  const { headers } = await ask(sentry, `/api/0/issues/${sentry.issues[0]!.id}/events/`);
  expect(headers.get("x-sentry-rate-limit-limit")).toBe("2");
  expect(headers.get("x-sentry-rate-limit-concurrentlimit")).toBe("3");
});
