import { expect, test } from "vitest";
import { formatBytes } from "./format-bytes.ts";
import { formatCount } from "./format-count.ts";
import { formatDuration } from "./format-duration.ts";
import { formatPaths } from "./format-paths.ts";
import { formatRows } from "./format-rows.ts";
import { formatTable } from "./format-table.ts";

test("formatCount() sets thousands apart", () => {
  expect([0, 999, 1000, 1234567.4].map(formatCount)).toEqual(["0", "999", "1,000", "1,234,567"]);
});

test("formatBytes() chooses a unit, also at its edge", () => {
  const sizes = [0, 1023, 1024, 1024 ** 2 - 1, 1024 ** 2, 98.1 * 1024 ** 2, 5 * 1024 ** 5];
  expect(sizes.map(formatBytes)).toEqual([
    "0 B",
    "1023 B",
    "1.0 KiB",
    "1.0 MiB",
    "1.0 MiB",
    "98.1 MiB",
    "5120.0 TiB",
  ]);
});

test("formatDuration() names the two largest units", () => {
  expect([-5, 400, 59_400, 59_600, 185_000, 7_800_000].map(formatDuration)).toEqual([
    "0 s",
    "0 s",
    "59 s",
    "1 min 0 s",
    "3 min 5 s",
    "2 h 10 min",
  ]);
});

test("formatPaths() joins keys and ways, and quotes a key that could be misread", () => {
  expect(formatPaths([["user", "ip_address"], ["event.type"], ["x-y"], [""]])).toBe(
    'user.ip_address or "event.type" or x-y or ""',
  );
});

test("formatTable() aligns columns and makes cells harmless", () => {
  expect(formatTable([["a", "bb\u001b[0m", "c"], ["aaa", "b"], []])).toBe(
    "a    bb\\x1b[0m  c\naaa  b\n",
  );
});

test("formatRows() knows one from many", () => {
  expect(formatRows({ rows: 1, bytes: 512 })).toBe("1 row (512 B)");
  expect(formatRows({ rows: 15_000, bytes: 102_865_306 })).toBe("15,000 rows (98.1 MiB)");
});
