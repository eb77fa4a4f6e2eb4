import { createIdentifier, pickPath } from "@decant/core";
import { expect, test } from "vitest";
import { eventsStream } from "./events-stream.ts";
import { parseEvents } from "./parse-events.ts";

const { columns, display } = eventsStream;

/** What a table would hold of a row: the columns that have a value. */
function cells(row: unknown): Record<string, unknown> {
  const values = columns.map(({ name, paths }) => [name, pickPath(row, paths)] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

const tags = [
  { key: "environment", value: "production" },
  { key: "level", value: "error" },
  { key: "release", value: "web@1.2.0" },
];
const user = { id: 7, email: "jane@example.com", ip_address: null };
const shared = { title: "TypeError: x", culprit: "app in view", platform: "python", tags, user };
const common = {
  ...{ event_id: "ab", issue_id: "5", type: "error", level: "error", title: "TypeError: x" },
  ...{ culprit: "app in view", release: "web@1.2.0", environment: "production" },
  ...{ platform: "python", user_id: 7, user_email: "jane@example.com", tags, user },
};
const created = "2026-01-02T03:04:05Z";
const received = "2026-01-02T03:04:06Z";

test("eventsStream finds the columns of full and short rows, and of GlitchTip's", () => {
  const camel = { id: "ab", eventID: "ab", groupID: "5", dateCreated: created, ...shared };
  const full = { ...camel, projectID: "1", type: "error", dateReceived: received, size: 9 };
  expect(cells(full)).toEqual({ ...common, project_id: "1", time: created, received, size: 9 });
  const short = { ...camel, projectID: "1", "event.type": "error", message: "", location: null };
  expect(cells(short)).toEqual({ ...common, project_id: "1", time: created, message: "" });
  const glitchtip = {
    ...{ event_id: "ab", project_id: 1, group_id: "5", type: "error", ...shared },
    ...{ date_created: created, date_received: received },
  };
  expect(cells(glitchtip)).toEqual({ ...common, project_id: 1, time: created, received });
});

test("eventsStream takes the end of a transaction as its time", () => {
  const row = { eventID: "ab", type: "transaction", startTimestamp: 1.5, endTimestamp: 2.25 };
  expect(cells(row)).toEqual({ event_id: "ab", type: "transaction", started: 1.5, time: 2.25 });
});

test("eventsStream names each column once, none as those that every table has", () => {
  const names = columns.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^(?!row_(id|time)$)[a-z][a-z_]*$/);
  expect(Object.keys(display ?? {})).toHaveLength(5);
  expect(names).toEqual(expect.arrayContaining(Object.values(display ?? {}).flat()));
});

test("eventsStream says of rows what the source says of them", () => {
  const rows = [
    { eventID: "AB12", projectID: "1", dateCreated: created, dateReceived: received },
    { event_id: "01234567-89AB-cdef-0123-456789abcdef", project_id: 1, date_received: received },
    { id: "cd", projectID: "1", startTimestamp: 1.5, endTimestamp: 2.25, dateCreated: null },
  ];
  const bytes = new TextEncoder().encode(JSON.stringify(rows));
  const identifier = createIdentifier(eventsStream);
  for (const { row } of parseEvents(bytes, { kind: "sentry" })) {
    const { id, time } = row;
    expect(identifier.identify(row.json)).toEqual({ id, time });
  }
});
