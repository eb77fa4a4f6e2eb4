import { assert, property, string, uniqueArray } from "fast-check";
import { expect, test } from "vitest";
import { parseProperties } from "./parse-properties.ts";

test("parseProperties() reads what Java would", () => {
  const text = [
    "\ufeff# a comment \\",
    "! another",
    "auth.token=abc",
    "  defaults.url : https://s.example.com  ",
    "defaults.org acme",
    "http.proxy_url = http\\://proxy\\:3128",
    "defaults.project = one\\",
    "    -and-two",
    "caf\\u00e9=\\u2713\\t!",
    "empty=",
    "alone",
    "path=C:\\\\temp\\\\",
  ].join("\r\n");
  expect(Object.fromEntries(parseProperties(text))).toEqual({
    "auth.token": "abc",
    "defaults.url": "https://s.example.com",
    "defaults.org": "acme",
    "http.proxy_url": "http://proxy:3128",
    "defaults.project": "one-and-two",
    café: "\u2713\t!",
    empty: "",
    alone: "",
    path: "C:\\temp\\",
  });
});

test("parseProperties() gives back what was written, whatever it was", () => {
  const encode = (text: string) =>
    [...text.split("")]
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join("");
  const pairs = uniqueArray(string({ minLength: 1 }), { maxLength: 5 });
  assert(
    property(pairs, (keys) => {
      const entries = keys.map((key, index) => [key, `value ${index}`] as const);
      const text = entries.map(([key, value]) => `${encode(key)}=${value}`).join("\n");
      expect([...parseProperties(text)]).toEqual(entries);
    }),
  );
});

test("parseProperties() takes any text", () => {
  assert(
    property(string({ unit: "binary" }), (text) => {
      expect(parseProperties(text)).toBeInstanceOf(Map);
    }),
  );
});
