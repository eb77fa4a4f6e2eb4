import { expect, test } from "vitest";
import { parseEvents } from "./parse-events.ts";

const encoder = new TextEncoder();
const id = "0123456789abcdef0123456789abcdef";

function parse(text: string, project?: string, kind: "sentry" | "glitchtip" = "sentry") {
  return parseEvents(encoder.encode(text), { kind, project });
}

test("parseEvents() takes id and time in the words of Sentry and of GlitchTip", () => {
  const sentry = `{"eventID":"${id}","projectID":"7","dateCreated":"2026-01-02T03:04:05Z"}`;
  const dashed = "01234567-89AB-cdef-0123-456789abcdef";
  const glitchtip = `{"event_id":"${dashed}","project_id":7,"date_created":"2026-01-02T03:04:05.5+00:00"}`;
  const rows = parse(`[${sentry},${glitchtip}]`).map(({ row }) => row);
  expect(rows.map((row) => row.id)).toEqual([`7/${id}`, `7/${id}`]);
  expect(rows.map((row) => row.time)).toEqual([
    "2026-01-02T03:04:05.000Z",
    "2026-01-02T03:04:05.500Z",
  ]);
  expect(rows[0]!.value()).toEqual(JSON.parse(sentry));
});

test.each([
  ['"dateReceived":"2026-01-02T03:04:05Z"', "2026-01-02T03:04:05.000Z"],
  ['"dateCreated":null,"dateReceived":"2026-01-02T03:04:05Z"', "2026-01-02T03:04:05.000Z"],
  ['"startTimestamp":1767323045.25', "2026-01-02T03:04:05.250Z"],
  ['"startTimestamp":"2026-01-02T03:04:05Z"', "2026-01-02T03:04:05.000Z"],
  ['"dateCreated":"soon","startTimestamp":1e300', undefined],
  ['"dateCreated":5', undefined],
])("parseEvents() takes the time of {%s}", (member, time) => {
  expect(parse(`[{"id":"${id}","projectID":"7",${member}}]`)[0]!.row.time).toBe(time);
});

test("parseEvents() takes the project of the slice where a row has none", () => {
  expect(parse(`[{"id":"${id}"}]`, "9")[0]!.row.id).toBe(`9/${id}`);
});

test("parseEvents() keeps what parsing would lose", () => {
  const text = `{"id":"${id}","projectID":1, "n":9007199254740993,"f":1.0,"n":2,"s":"\\ud800\\n"}`;
  expect(new TextDecoder().decode(parse(`[\n${text}\n]`)[0]!.row.json)).toBe(text);
});

test.each([
  "[1]",
  "[null]",
  "[[]]",
  "[{}]",
  `[{"id":"${id}"}]`,
  '[{"projectID":"7"}]',
  '[{"id":"","projectID":"7"}]',
  '[{"id":{},"projectID":"7"}]',
  `[{"id":"${id}","projectID":"7"}`,
  `[{"id":"${id}","projectID":"7",}]`,
  `{"data":[]}`,
])("parseEvents() refuses %s", (text) => {
  expect(() => parse(text)).toThrow(SyntaxError);
});

test("parseEvents() takes the end of a transaction for when it happened, as the server does", () => {
  const event = {
    eventID: "a",
    projectID: 1,
    startTimestamp: 1_700_000_000.5,
    endTimestamp: 1_700_000_002.25,
  };
  const [parsed] = parse(JSON.stringify([event]));
  expect(parsed).toMatchObject({
    created: 1_700_000_002_250,
    row: { time: "2023-11-14T22:13:20.500Z" },
  });
});

const hollow = `"id":"${id}","projectID":"7","title":"<unlabeled event>","dateReceived":null`;

test("parseEvents() tells an event that lost its body from one that never said much", () => {
  const texts = [
    `{${hollow},"entries":[ \n]}`,
    `{${hollow}}`,
    `{${hollow},"entries":[{"type":"message"}]}`,
    `{"id":"${id}","projectID":"7","title":"<unlabeled event>","dateReceived":"2026-01-02T03:04:05Z","entries":[]}`,
    `{"id":"${id}","projectID":"7","title":"Error","dateReceived":null,"entries":[]}`,
  ];
  const rows = parse(`[${texts.join(",")}]`).map(({ row }) => row.hollow);
  expect(rows).toEqual([true, true, undefined, undefined, undefined]);
  expect(parse(`[{${hollow}}]`, undefined, "glitchtip")[0]!.row).not.toHaveProperty("hollow");
});

test("parseEvents() says when GlitchTip took an event in, since it orders and keeps ranges by that", () => {
  const text = `[{"event_id":"${id}","project_id":7,"date_created":"2026-01-02T03:04:05Z","date_received":"2026-01-02T03:05:00Z"}]`;
  expect(parse(text, undefined, "glitchtip")[0]!.row.arrived).toBe("2026-01-02T03:05:00.000Z");
  expect(parse(text)[0]!.row).not.toHaveProperty("arrived");
});
