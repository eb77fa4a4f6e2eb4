import { concatBytes } from "@decant/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeRows, encodeRow } from "./spilled-row.ts";

test("decodeRows() gives back what encodeRow() wrote", () => {
  const rows = fc.array(
    fc.record(
      {
        id: fc.string({ unit: "grapheme" }),
        time: fc.string({ minLength: 1 }),
        json: fc.uint8Array(),
      },
      { requiredKeys: ["id", "json"] },
    ),
  );
  fc.assert(
    fc.property(rows, (all) => {
      expect([...decodeRows(concatBytes(all.flatMap(encodeRow)))]).toEqual(all);
    }),
  );
});
