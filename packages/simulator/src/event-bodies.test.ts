import { expect, test } from "vitest";
import { createWorld, type World } from "./world.ts";

const decoder = new TextDecoder("utf-8", { fatal: true });

function world(eventBytes: number | "realistic", seed = 1): World {
  const projects = [{ slug: "web", issues: [{ events: 1_000 }] }];
  return createWorld({
    seed,
    eventBytes,
    projects,
    start: 1_767_225_600_000,
    byArrival: false,
    explore: {},
    lists: {},
    org: "acme",
  });
}

function texts(from: World): string[] {
  return from.issues[0]!.events.map((serial) => decoder.decode(from.json(serial, "full")));
}

test("createEventBodies() makes events of 2 to 200 KB, most of them 4 to 10 KB", () => {
  const sizes = texts(world("realistic")).map((text) => Buffer.byteLength(text));
  const usual = sizes.filter((size) => size > 3_500 && size < 11_000).length / sizes.length;
  expect(usual).toBeGreaterThan(0.7);
  expect(Math.min(...sizes)).toBeGreaterThan(1_500);
  expect(Math.max(...sizes)).toBeGreaterThan(60_000);
  expect(Math.max(...sizes)).toBeLessThan(230_000);
});

test.each([2_000, 8_192, 50_000])("createEventBodies() makes events of about %i bytes", (bytes) => {
  for (const text of texts(world(bytes)).slice(0, 50)) {
    expect(Math.abs(text.length - bytes) / bytes).toBeLessThan(0.3);
  }
});

test("createEventBodies() makes valid JSON that holds what trips clients up", () => {
  const all = texts(world("realistic"));
  for (const text of all) JSON.parse(text);
  const some = (pattern: RegExp) => all.some((text) => pattern.test(text));
  expect(some(/: ?90071992547\d{8}/)).toBe(true);
  expect(some(/: ?1\.0[,}]/)).toBe(true);
  expect(some(/"id":\d+,"ratio":1\.0,.*"id":\d+/)).toBe(true);
  expect(some(/\\u0000/)).toBe(true);
  expect(some(/\\u2028/)).toBe(true);
  expect(some(/\\ud83d /)).toBe(true);
  expect(some(/\\u001b\[31m/)).toBe(true);
  expect(some(/": ?"=cmd\|/)).toBe(true);
  expect(some(/💥/)).toBe(true);
  expect(some(/"browser\.name"/)).toBe(true);
  expect(some(/",\r?\n"/)).toBe(true);
  expect(some(/", "/)).toBe(true);
  expect(some(/"exp":1e\+400/)).toBe(true);
});

test("createEventBodies() makes some transactions, which have no dateCreated", () => {
  const values = texts(world("realistic")).map((text) => JSON.parse(text));
  const transactions = values.filter(({ type }) => type === "transaction");
  expect(transactions.length).toBeGreaterThan(0);
  for (const value of values) {
    expect("dateCreated" in value).toBe(value.type !== "transaction");
    expect(value.dateReceived).toMatch(/Z$/);
    expect("event.type" in value).toBe(false);
  }
});

test("createWorld() follows from its seed alone", () => {
  expect(texts(world("realistic", 5))).toEqual(texts(world("realistic", 5)));
  expect(texts(world("realistic", 5))[0]).not.toBe(texts(world("realistic", 6))[0]);
});
