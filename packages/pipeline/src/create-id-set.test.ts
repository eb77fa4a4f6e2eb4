import fc from "fast-check";
import { expect, test } from "vitest";
import { createIdSet } from "./create-id-set.ts";

test("createIdSet() holds what was added, and nothing else", () => {
  const id = fc.string({ maxLength: 3 });
  fc.assert(
    fc.property(fc.array(id), fc.array(id), (added, asked) => {
      const set = createIdSet();
      const model = new Set(added);
      for (const one of [...added, ...added]) set.add(one);
      for (const one of [...added, ...asked]) expect(set.has(one)).toBe(model.has(one));
    }),
  );
});

test("createIdSet() grows", () => {
  const set = createIdSet();
  for (let n = 0; n < 20_000; n += 2) set.add(`${n}`);
  for (let n = 0; n < 20_000; n += 1) expect(set.has(`${n}`)).toBe(n % 2 === 0);
});
