import fc from "fast-check";
import { expect, test } from "vitest";
import { parseIni } from "./parse-ini.ts";

test("parseIni() reads sections, comments, quotes and Windows line ends", () => {
  const text = `\ufeff; a comment\r\n[auth]\r\ntoken = sntryu_ab=c\r\n# another\r\n\r\n[defaults]\r\norg="my org"\r\nurl='https://s.example.com'\r\nnot a pair\r\n= x\r\n`;
  expect([...parseIni(text)]).toEqual([
    ["auth.token", "sntryu_ab=c"],
    ["defaults.org", "my org"],
    ["defaults.url", "https://s.example.com"],
  ]);
});

test("parseIni() keeps keys before the first section, and the last of two", () => {
  expect([...parseIni("a=1\n[s]\nb=2\n[s]\nb=3")]).toEqual([
    [".a", "1"],
    ["s.b", "3"],
  ]);
});

test("parseIni() takes hash signs inside a value", () => {
  expect(parseIni("[a]\nb = x#y ;z").get("a.b")).toBe("x#y ;z");
});

const word = fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/);
const value = fc
  .stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/)
  .filter((text) => !/^["'].*["']$/.test(text));

test("parseIni() reads back what was written", () => {
  const file = fc.dictionary(word, fc.dictionary(word, value));
  fc.assert(
    fc.property(file, (sections) => {
      const lines = Object.entries(sections).flatMap(([name, pairs]) => [
        `[${name}]`,
        ...Object.entries(pairs).map(([key, text]) => `${key}=${text}`),
      ]);
      const expected = Object.entries(sections).flatMap(([name, pairs]) =>
        Object.entries(pairs).map(([key, text]) => [`${name}.${key}`, text]),
      );
      expect([...parseIni(lines.join("\n"))].sort()).toEqual(expected.sort());
    }),
  );
});

test("parseIni() takes any text", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void parseIni(text)));
});
