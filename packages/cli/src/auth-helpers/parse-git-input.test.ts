import fc from "fast-check";
import { expect, test } from "vitest";
import { parseGitInput } from "./parse-git-input.ts";

const key = fc.stringMatching(/^[a-z_]{1,12}(\[\])?$/);
const value = fc.string({ unit: "binary" }).filter((text) => !/[\n\0]/.test(text));

test("parseGitInput() reads each line, and nothing behind an empty one", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(key, value), { selector: ([name]) => name }), (pairs) => {
      const lines = pairs.map(([name, text]) => `${name}=${text}\n`).join("");
      expect([...parseGitInput(`${lines}\nhost=evil.example.com\n`)]).toEqual(pairs);
      expect([...parseGitInput(lines)]).toEqual(pairs);
    }),
  );
});

test("parseGitInput() lets the last one of a key count", () => {
  expect(parseGitInput("host=a\nwwwauth[]=x\nhost=b").get("host")).toBe("b");
});

test.each(["no line", "=x", "host=a\0b", "protocol=https\npassword"])(
  "parseGitInput() refuses %j, and quotes nothing",
  (text) => {
    expect(() => parseGitInput(text)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(text) }),
    );
  },
);
