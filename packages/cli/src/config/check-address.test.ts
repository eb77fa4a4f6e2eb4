import { expect, test } from "vitest";
import { checkAddress } from "./check-address.ts";

test("checkAddress() takes https, loopback, and http that was allowed", () => {
  checkAddress("https://sentry.io", { insecure: false });
  checkAddress("http://127.0.0.1:9000", { insecure: false });
  checkAddress("http://localhost", { insecure: false });
  checkAddress("http://sentry.example.com", { insecure: true });
});

test("checkAddress() shows what is no address, but for passwords", () => {
  const check = (text: string) => () => checkAddress(text, { insecure: false });
  for (const text of ["foo", "sentry.example.com", "ftp://sentry.example.com", ""]) {
    expect(check(text)).toThrow(
      expect.objectContaining({
        code: "SENTRY_URL_INVALID",
        message: `Cannot use "${text}": it is no http(s) address`,
      }),
    );
  }
  expect(check("me:hunter2@sentry")).toThrow("Cannot use the address: it is no http(s) address");
});

test("checkAddress() names the flag that allows http", () => {
  expect(() => checkAddress("http://sentry.example.com/x", { insecure: false })).toThrow(
    expect.objectContaining({
      code: "SENTRY_URL_INVALID",
      hint: expect.stringContaining("--allow-insecure-http"),
    }),
  );
});
