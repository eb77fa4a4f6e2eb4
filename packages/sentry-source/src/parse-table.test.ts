import { expect, test } from "vitest";
import { datasets } from "./dataset-streams.ts";
import { parseTable } from "./parse-table.ts";

function parse(text: string) {
  return parseTable(new TextEncoder().encode(text), datasets.spans);
}

const row =
  '{"id":"ab12","trace":"fc6d8c0c43fc4630ad850ee518f1b9d0","project.id":9007199254740993,"timestamp":"2026-01-02T03:04:05.25+00:00","n":1.0}';

test("parseTable() keeps the bytes of a row, and its id digit by digit", () => {
  const { events, partial } = parse(`{"meta":{"dataScanned":"full"},"data":[\n${row}\n]}`);
  expect(partial).toBe(false);
  expect(events).toHaveLength(1);
  const { row: parsed, created } = events[0]!;
  expect(parsed.id).toBe("9007199254740993/fc6d8c0c43fc4630ad850ee518f1b9d0/ab12");
  expect(parsed.time).toBe("2026-01-02T03:04:05.250Z");
  expect(created).toBe(Date.parse("2026-01-02T03:04:05.25Z"));
  expect(new TextDecoder().decode(parsed.json)).toBe(row);
});

test("parseTable() tells when the server looked at a sample", () => {
  expect(parse('{"data":[],"meta":{"dataScanned":"partial"}}').partial).toBe(true);
  for (const meta of ["null", "[]", "{}", '"partial"']) {
    expect(parse(`{"data":[],"meta":${meta}}`).partial).toBe(false);
  }
});

test.each([
  "[]",
  "{}",
  "null",
  '{"data":{}}',
  '{"data":[{"id":"ab12"}]}',
  `{"data":[${row}`,
  `{"data":[${row}]} {}`,
  `{"data":[${row}],"meta":nul}`,
])("parseTable() refuses %s", (text) => {
  expect(() => parse(text)).toThrow(SyntaxError);
});
