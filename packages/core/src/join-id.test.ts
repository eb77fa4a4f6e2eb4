import fc from "fast-check";
import { expect, test } from "vitest";
import { joinId } from "./join-id.ts";

test("joinId() leaves a single part as it is", () => {
  expect(joinId(["a/b%"])).toBe("a/b%");
});

test("joinId() takes a UUID with and without dashes for the same", () => {
  const id = "fc6d8c0c43fc4630ad850ee518f1b9d0";
  expect(joinId(["7", "FC6D8C0C-43FC-4630-AD85-0EE518F1B9D0"])).toBe(`7/${id}`);
  expect(joinId(["7", id.toUpperCase()])).toBe(`7/${id}`);
});

test("joinId() never gives two lists of parts the same id", () => {
  const parts = fc.array(fc.string({ unit: fc.constantFrom("a", "/", "%", "2", "F") }), {
    minLength: 2,
    maxLength: 2,
  });
  fc.assert(
    fc.property(parts, parts, (a, b) => {
      expect(joinId(a) === joinId(b)).toBe(a.join("\n") === b.join("\n"));
    }),
  );
});
