import { parquetMetadata, readColumnIndex } from "hyparquet";
import { expect, test } from "vitest";
import { encodeGroup } from "./encode-group.ts";

test("encodeGroup() gives pages bounds of time, at the place where the file has got to", async () => {
  const json = new TextEncoder().encode("1");
  const first = Date.UTC(2026, 0, 1);
  const rows = Array.from({ length: 140_000 }, (_, ms) => {
    return { id: "", time: new Date(first + ms).toISOString(), json };
  });
  const start = 5000;
  const { bytes, footer } = await encodeGroup({ rows, columns: [], codec: "SNAPPY", start });
  const { row_groups, schema } = parquetMetadata(footer);
  const [, time] = row_groups[0]!.columns;
  const at = Number(time!.column_index_offset) - start;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, time!.column_index_length);
  const index = readColumnIndex({ view, offset: 0 }, schema[2]!);
  expect(index.boundary_order).toBe("ASCENDING");
  expect(index.min_values.length).toBe(2);
  expect(index.min_values[0]).toBe(BigInt(first) * 1000n);
  expect(index.max_values[1]).toBe(BigInt(first + 139_999) * 1000n);
});
