import { expect, test } from "vitest";
import { isLocal, parseAddress } from "./parse-address.ts";

test.each([
  ["127.0.0.1:8178", { kind: "port", host: "127.0.0.1", port: 8178 }, true],
  ["LocalHost:0", { kind: "port", host: "LocalHost", port: 0 }, true],
  ["[::1]:1", { kind: "port", host: "[::1]", port: 1 }, true],
  ["0.0.0.0:65535", { kind: "port", host: "0.0.0.0", port: 65_535 }, false],
  ["[::]:80", { kind: "port", host: "[::]", port: 80 }, false],
  ["localhost.example.com:80", { kind: "port", host: "localhost.example.com", port: 80 }, false],
  ["unix:/run/a b.sock", { kind: "socket", path: "/run/a b.sock" }, true],
])("parseAddress() reads %s", (text, address, local) => {
  expect(parseAddress(text)).toEqual(address);
  expect(isLocal(parseAddress(text))).toBe(local);
});

test.each(["", "8178", ":8178", "127.0.0.1", "127.0.0.1:65536", "a:1:2", "http://a:1", "unix:"])(
  "parseAddress() refuses %j",
  (text) => {
    expect(() => parseAddress(text)).toThrow(`Cannot listen on "${text}": it is no address`);
  },
);
