import { expect, test } from "vitest";
import { formatExplanation } from "./format-explanation.ts";

test("formatExplanation() sets what is known in lines, and leaves the rest out", () => {
  const text = formatExplanation({
    kind: "authorized_user",
    source: "/home/me/adc\u001b[2J.json",
    reason: "it is there",
    considered: [{ source: "GOOGLE_APPLICATION_CREDENTIALS", state: "not set" }],
    endpoints: ["https://oauth2.googleapis.com/token"],
    scopes: ["openid", "email"],
    warnings: ["It is old."],
  });
  expect(text).not.toContain("\u001b");
  expect(text.split("\n")).toEqual([
    "Credential  authorized_user",
    expect.stringMatching(/^Found in {4}\/home\/me\/adc.+\.json$/),
    "Because     it is there",
    "Not in      GOOGLE_APPLICATION_CREDENTIALS: not set",
    "Principal   only the server knows",
    "Scopes      openid email",
    "Asks        https://oauth2.googleapis.com/token",
    "Warning     It is old.",
  ]);
});

test("formatExplanation() says what the server said", () => {
  const explanation = {
    ...{ kind: "k", source: "s", reason: "r" },
    ...{ considered: [], endpoints: [], warnings: [] },
  };
  const works = {
    ...{ works: true as const, expiresAt: "2026-11-24T13:00:00.000Z" },
    ...{ principal: "me@example.com", scopes: ["a", "b"] },
  };
  expect(formatExplanation(explanation, works).split("\n").slice(4)).toEqual([
    "Check       it gets tokens, one until 2026-11-24T13:00:00.000Z",
    "Token of    me@example.com",
    "Token for   a b",
  ]);
  const failed = { works: false as const, code: "C", message: "Cannot get a token: no" };
  expect(formatExplanation(explanation, failed)).toMatch(
    /\nCheck {7}failed: Cannot get a token: no$/,
  );
});
