import { expect, test } from "vitest";
import { missingScopes } from "./missing-scopes.ts";

const streams = [
  { name: "events", scope: "event:read" },
  { name: "issues", scope: "event:read" },
  { name: "teams", scope: "org:read" },
  { name: "members", scope: "member:read" },
];

test("missingScopes() names each scope once, with the streams that take it", () => {
  expect(missingScopes(["org:read", "project:read"], streams)).toEqual([
    { scope: "event:read", streams: ["events", "issues"] },
    { scope: "member:read", streams: ["members"] },
  ]);
});

test("missingScopes() lets those who may write read", () => {
  expect(missingScopes(["event:admin", "org:write", "member:read"], streams)).toEqual([]);
});
