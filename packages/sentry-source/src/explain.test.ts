import { isDecantError } from "@decant/core";
import { startSentry } from "@decant/simulator";
import { expect, test } from "vitest";
import type { SentrySourceOptions } from "./create-sentry-source.ts";
import { exportAll, failureOf } from "./testing/export-all.ts";
import { type Answer, json, redirected, sourceOf } from "./testing/simulated.ts";

const small = {
  limits: false,
  eventBytes: 300,
  projects: [{ slug: "web", issues: [{ events: 3 }] }],
} as const;

/** What an export from a simulator fails with. */
async function failure(
  options: Partial<SentrySourceOptions> | ((sentry: Simulated) => Partial<SentrySourceOptions>),
  start: Parameters<typeof startSentry>[0] = {},
): Promise<unknown> {
  await using sentry = await startSentry({ ...small, ...start });
  const chosen = typeof options === "function" ? options(sentry) : options;
  return await failureOf(exportAll(sourceOf(sentry, chosen)));
}

type Simulated = Awaited<ReturnType<typeof startSentry>>;

/** Answers the organisation's detail, the first that Sentry is asked. */
function organization(answer: (url: URL) => Response): Answer {
  return (url) => (/organizations\/[^/]+\/$/.test(url.pathname) ? answer(url) : undefined);
}

test("explain() tells an expired and an unknown token", async () => {
  const expired = await failure(({ tokens }) => ({ token: tokens.expired }));
  expect(expired).toMatchObject({ code: "SENTRY_UNAUTHORIZED", kind: "credentials" });
  expect(String(expired)).toMatch(/the server refuses the token: \w+/);
  for (const flavor of ["saas", "glitchtip"] as const) {
    const unknown = await failure({ token: "f".repeat(64) }, { flavor });
    expect(unknown).toMatchObject({
      code: "SENTRY_UNAUTHORIZED",
      hint: expect.stringMatching(/http:\/\/127.*Auth Tokens/),
    });
  }
});

test("explain() tells that single sign-on is required", async () => {
  expect(await failure(({ tokens }) => ({ token: tokens.sso }))).toMatchObject({
    code: "SENTRY_SSO_REQUIRED",
    kind: "credentials",
  });
});

test("explain() names the scope that is missing", async () => {
  const events = await failure(({ tokens }) => ({ token: tokens.noEventScope, project: "web" }));
  expect(events).toMatchObject({ code: "SENTRY_FORBIDDEN", kind: "credentials" });
  expect(String(events)).toContain("event:read");
  const project = await failure(({ tokens }) => ({
    token: tokens.noProjectScope,
    project: "web",
    via: "project",
  }));
  expect(String(project)).toContain("project:read");
  const org = await failure(({ tokens }) => ({ token: tokens.noOrgScope }));
  expect(String(org)).toContain("org:read");
});

test("createSentrySource() reads a named project or issue with a token for events alone", async () => {
  for (const flavor of ["saas", "old", "glitchtip"] as const) {
    await using sentry = await startSentry({ ...small, flavor });
    const token = sentry.tokens.noOrgScope;
    const { rows } = await exportAll(sourceOf(sentry, { token, project: "web" }));
    expect(rows.size).toBe(3);
  }
});

test("explain() names what is not there, and what is", async () => {
  const cases = [
    [{ org: "acmee" }, 'Cannot read organisation "acmee"', "Check"],
    [{ project: "wbe" }, 'Cannot read project "wbe"', "the token can see web"],
    [{ issues: ["999"] }, 'Cannot read issue "999"', 'belongs to organisation "acme"'],
    [{ issues: ["WEB-ZZZZ"] }, 'Cannot read issue "WEB-ZZZZ"', 'belongs to organisation "acme"'],
  ] as const;
  for (const flavor of ["saas", "old", "glitchtip"] as const) {
    for (const [options, message, hint] of cases) {
      const error = await failure(options, { flavor });
      expect(error).toMatchObject({ code: "SENTRY_NOT_FOUND", kind: "usage" });
      expect(String(error)).toContain(message);
      expect(error).toMatchObject({ hint: expect.stringContaining(hint) });
    }
  }
});

test("explain() tells the new name of a project", async () => {
  const error = await failure({ project: "web-old" });
  expect(error).toMatchObject({ code: "SENTRY_MOVED", kind: "usage" });
  expect(String(error)).toContain('"web"');
});

test("explain() tells a base URL that is no Sentry", async () => {
  const html = { headers: { "content-type": "text/html" } };
  const answers: Answer[] = [
    () => new Response("<html>login</html>", html),
    () => new Response("<html>no</html>", { ...html, status: 404 }),
    () => new Response("not found", { status: 404 }),
    () => json({ message: "no such route" }, { status: 404 }),
    () => new Response(null, { status: 302, headers: { location: "https://idp.example/?secret" } }),
    () => new Response("<html>denied</html>", { ...html, status: 403 }),
  ];
  for (const answer of answers) {
    const error = await failure((sentry) => ({ fetch: redirected(sentry, answer).fetch }));
    expect(error).toMatchObject({ code: "SENTRY_WRONG_URL", kind: "usage" });
    expect(String(error)).not.toContain("secret");
  }
  const login = await failure({}, { faults: { htmlLogin: true } });
  expect(login).toMatchObject({ code: "SENTRY_WRONG_URL" });
});

test("explain() makes one harmless line of what the server says, without the token", async () => {
  await using sentry = await startSentry(small);
  const text = `\u{1b}[31mred\r\n\u{202e}${sentry.token}\u{0}${"long ".repeat(100)}`;
  for (const body of [{ detail: text }, { detail: { code: "x", message: text } }, text]) {
    for (const status of [400, 401, 422, 500]) {
      const { fetch } = redirected(
        sentry,
        organization(() => json(body, { status })),
      );
      const error = await failureOf(exportAll(sourceOf(sentry, { fetch })));
      if (!isDecantError(error)) throw error;
      expect(error.message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      expect(error.message).toContain("red ***");
      expect(error.message.length).toBeLessThan(400);
    }
  }
});

test("no error holds the token", async () => {
  await using sentry = await startSentry(small);
  const { token } = sentry;
  const echo = { token, authorization: `Bearer ${token}`, location: `/x?${token}` };
  const answers: Answer[] = [
    ...[200, 301, 302, 400, 401, 403, 404, 418, 422, 429, 500, 502].map(
      (status): Answer =>
        () =>
          new Response(`<p>${token}`, { status, headers: echo }),
    ),
    ...[200, 302, 400, 401, 403, 404, 429, 500].map(
      (status): Answer =>
        () =>
          json(
            { slug: token, detail: { code: "resource-moved", message: token } },
            { status, headers: echo },
          ),
    ),
    () => {
      throw new TypeError("fetch failed");
    },
  ];
  for (const answer of answers) {
    const { fetch } = redirected(sentry, answer);
    for (const options of [{}, { issues: ["1"] }, { project: "web" }]) {
      const error = await failureOf(exportAll(sourceOf(sentry, { fetch, ...options })));
      expect(isDecantError(error)).toBe(true);
      for (let at: unknown = error; at instanceof Error; at = at.cause) {
        const shown = JSON.stringify(at, Object.getOwnPropertyNames(at));
        expect(shown).not.toContain(token);
        expect(at.stack).not.toContain(token);
      }
    }
  }
});
