import fc from "fast-check";
import { expect, test } from "vitest";
import { parseIssueUrl } from "./parse-issue-url.ts";

const acme = { url: "https://sentry.io", org: "acme", issue: "123" };

test.each([
  ["https://acme.sentry.io/issues/123/", acme],
  ["https://acme.sentry.io/issues/123/events/abcdef/?project=7&query=is%3Aunresolved", acme],
  ["  https://sentry.io/organizations/acme/issues/123/?project=1\n", acme],
  ["https://us.sentry.io/organizations/acme/issues/123", acme],
  ["https://sentry.io/acme/web/issues/123/", acme],
  ["https://acme.sentry.io/issues/WEB-1A/", { ...acme, issue: "WEB-1A" }],
  ["https://sentry.io/issues/123/", { url: "https://sentry.io", issue: "123" }],
  [
    "https://sentry.example.com:9000/organizations/acme/issues/123/events/abc/",
    { url: "https://sentry.example.com:9000", org: "acme", issue: "123" },
  ],
  [
    "https://glitchtip.example.com/acme/issues/123",
    { url: "https://glitchtip.example.com", org: "acme", issue: "123" },
  ],
  [
    "http://localhost:8000/acme/issues/123",
    { url: "http://localhost:8000", org: "acme", issue: "123" },
  ],
  [
    "https://ann:secret@sentry.example.com/issues/9/",
    { url: "https://sentry.example.com", issue: "9" },
  ],
  ["https://evilsentry.io/issues/9/", { url: "https://evilsentry.io", issue: "9" }],
])("parseIssueUrl() reads %s", (text, expected) => {
  expect(parseIssueUrl(text)).toEqual(expected);
});

test.each([
  "",
  "123",
  "WEB-1A",
  "https://acme.sentry.io/",
  "https://acme.sentry.io/issues/",
  "https://acme.sentry.io/issues/views/",
  "https://acme.sentry.io/issues/feedback/?project=1",
  "https://acme.sentry.io/projects/web/",
  "ftp://acme.sentry.io/issues/123/",
  "https://acme.sentry.io/issues/123abc$/",
  "https://sentry.example.com/%/issues/123/",
])("parseIssueUrl() takes %j for no issue", (text) => {
  expect(parseIssueUrl(text)).toBeUndefined();
});

test("parseIssueUrl() throws at nothing", () => {
  const path = fc.array(fc.oneof(fc.string(), fc.constantFrom("issues", "123", "%", "%ff", "..")));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        path.map((parts) => `https://x.io/${parts.join("/")}`),
      ),
      (text) => {
        parseIssueUrl(text);
      },
    ),
  );
});
