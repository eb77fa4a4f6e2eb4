import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { formatToken } from "./format-token.ts";

const token = {
  value: "ya29.a'b",
  type: "Bearer",
  expiresAt: new Date("2026-11-24T13:00:00.500Z"),
  principal: "me@example.com",
};

test("formatToken() gives the bare token and a header", () => {
  expect(formatToken(token, "token")).toBe("ya29.a'b");
  expect(formatToken(token, "header")).toBe("Authorization: Bearer ya29.a'b");
});

test("formatToken() gives a line of curl's configuration", () => {
  expect(formatToken(token, "curl-config")).toBe(`header = "Authorization: Bearer ya29.a'b"`);
  expect(formatToken({ value: 'a"\\b', type: "T" }, "curl-config")).toBe(
    'header = "Authorization: T a\\"\\\\b"',
  );
});

test("formatToken() gives JSON with the time in both forms", () => {
  expect(JSON.parse(formatToken(token, "json"))).toEqual({
    token: "ya29.a'b",
    type: "Bearer",
    expiresAt: "2026-11-24T13:00:00.500Z",
    expiresAtEpoch: 1_795_525_200,
    principal: "me@example.com",
  });
});

test("formatToken() says nothing of the end of a token that has none", () => {
  const { expiresAt: _, ...lasting } = token;
  expect(JSON.parse(formatToken(lasting, "json"))).toEqual({
    token: "ya29.a'b",
    type: "Bearer",
    principal: "me@example.com",
  });
  expect(formatToken(lasting, "env").split("\n")).toEqual([
    "export DECANT_TOKEN='ya29.a'\\''b'",
    "export DECANT_TOKEN_TYPE='Bearer'",
  ]);
});

test("formatToken() gives lines that a shell takes", () => {
  const script = `${formatToken(token, "env")}\nprintf %s "$DECANT_TOKEN"`;
  expect(execFileSync("sh", ["-c", script], { encoding: "utf8" })).toBe("ya29.a'b");
});
