import { expect, test } from "vitest";
import { parseHeaders } from "./parse-headers.ts";

test("parseHeaders() reads names and values", () => {
  expect(
    parseHeaders(["CF-Access-Client-Id: abc.access", "", "X-Empty:", "X-Url: https://a:1"]),
  ).toEqual({
    "CF-Access-Client-Id": "abc.access",
    "X-Empty": "",
    "X-Url": "https://a:1",
  });
});

test("parseHeaders() refuses without telling the value", () => {
  const lines = [
    "secret",
    ": secret",
    "Authorization: secret",
    "a b: secret",
    "X: secret\u0001",
    "X: secret日",
  ];
  for (const line of lines) {
    expect(() => parseHeaders([line])).toThrow(
      expect.objectContaining({
        code: "HEADER_INVALID",
        message: expect.not.stringContaining("secret"),
      }),
    );
  }
});
