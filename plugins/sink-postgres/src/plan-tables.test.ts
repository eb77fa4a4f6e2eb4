import type { Column } from "@decant/core";
import { expect, test } from "vitest";
import { planTables } from "./plan-tables.ts";

function stream(name: string, columns: readonly Column[] = []) {
  return { name, columns };
}

function column(name: string, type: Column["type"] = "text"): Column {
  return { name, type, paths: [[name]] };
}

test("planTables() names tables after streams, in a schema, with a prefix", () => {
  const streams = [stream("events"), stream("issue-hashes")];
  expect(planTables(streams, {}).map(({ sql }) => sql)).toEqual([
    '"public"."events"',
    '"public"."issue_hashes"',
  ]);
  const options = { schema: 'a"b', prefix: "sentry_" };
  expect(planTables(streams, options)[1]).toMatchObject({
    sql: '"a""b"."sentry_issue_hashes"',
    name: "sentry_issue_hashes",
  });
  expect(planTables([stream("events")], { table: "Fehler" })[0]).toMatchObject({ name: "Fehler" });
});

test("planTables() gives each type of column its own", () => {
  const types = ["text", "int", "float", "bool", "time", "json"] as const;
  const [table] = planTables(
    [
      stream(
        "s",
        types.map((type) => column(type, type)),
      ),
    ],
    {},
  );
  expect(table!.promoted.map(({ type }) => type)).toEqual(
    "text,bigint,double precision,boolean,timestamp with time zone,jsonb".split(","),
  );
});

test("planTables() makes names of columns that are free", () => {
  const names = ["raw", "raw_", "xmin", "run", "c".repeat(70), `${"c".repeat(70)}2`];
  const [table] = planTables(
    [
      stream(
        "s",
        names.map((name) => column(name)),
      ),
    ],
    {},
  );
  const made = table!.promoted.map(({ name }) => name);
  expect(made.slice(0, 4)).toEqual(["raw_", "raw__", "xmin_", "run_"]);
  expect(new Set(made).size).toBe(names.length);
});

test.each([
  [[stream("a-b"), stream("a_b")], {}, '"a-b"'],
  [[stream("runs")], { prefix: "decant_" }, "the book of runs"],
  [[stream("a"), stream("b")], { table: "t" }, "several streams"],
  [[stream("a", [column("level")])], { index: ["level", "levle"] }, '"levle"'],
])("planTables() refuses what cannot be told apart: %#", (streams, options, state) => {
  expect(() => planTables(streams, options)).toThrow(
    expect.objectContaining({
      code: "OPTION_INVALID",
      kind: "usage",
      message: expect.stringContaining(state),
    }),
  );
});
