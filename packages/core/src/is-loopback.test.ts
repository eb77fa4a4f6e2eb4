import { expect, test } from "vitest";
import { isLoopback } from "./is-loopback.ts";

const hostname = (host: string) => new URL(`http://${host}:9000/`).hostname;

test.each(["localhost", "LocalHost", "127.0.0.1", "127.1", "127.255.0.9", "[::1]", "[0:0::0:1]"])(
  "isLoopback() knows %s",
  (host) => {
    expect(isLoopback(hostname(host))).toBe(true);
  },
);

test.each([
  "example.com",
  "localhost.example.com",
  "app.localhost",
  "localhost.",
  "127.0.0.1.example.com",
  "128.0.0.1",
  "0.0.0.0",
  "[::]",
  "[::2]",
  "[::ffff:127.0.0.1]",
])("isLoopback() takes %s for another machine", (host) => {
  expect(isLoopback(hostname(host))).toBe(false);
});
