import { createRow, type Output, type Row, type Stream } from "@decant/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { stdoutSink } from "./stdout.ts";

const events: Stream = {
  name: "events",
  columns: [
    { name: "at", type: "time", paths: [["created"], ["ended"]] },
    { name: "level", type: "text", paths: [["level"], ["tags", "level"]] },
    { name: "kind", type: "text", paths: [["kind"]] },
    { name: "title", type: "text", paths: [["title"]] },
    { name: "message", type: "text", paths: [["message"]] },
    { name: "place", type: "text", paths: [["place"]] },
    { name: "email", type: "text", paths: [["user", "email"]] },
    { name: "user_id", type: "text", paths: [["user", "id"]] },
  ],
  display: {
    time: ["at"],
    level: ["level", "kind"],
    title: ["title", "message"],
    where: ["place", "no_such_column"],
    user: ["email", "user_id"],
  },
};
const base = { destination: "-", streams: [events], options: {}, run: "test", force: false };

function row(value: unknown): Row {
  const json = new TextEncoder().encode(JSON.stringify(value));
  return createRow({ id: "1", json });
}

async function print(
  rows: readonly Row[],
  output: Partial<Output> = {},
  streams: readonly Stream[] = [events],
): Promise<string> {
  let text = "";
  const host: Output = {
    terminal: true,
    columns: 120,
    color: false,
    write: async (bytes) => {
      text += Buffer.from(bytes).toString();
    },
    ...output,
  };
  await using sink = await stdoutSink.open({ ...base, streams, output: host });
  await sink.write("events", rows);
  await sink.commit();
  await sink.finish();
  return text;
}

const full = {
  title: "TypeError: x is not a function",
  place: "app/views.py in handler",
  created: "2026-11-24T12:00:01.123000Z",
  user: { id: 7, email: "jane@example.com" },
  level: "error",
};

test("stdout prints the bytes of the rows into a pipe", async () => {
  const odd = createRow({ id: "1", json: new TextEncoder().encode('{ "big":9007199254740993 }') });
  expect(await print([odd, row(2)], { terminal: false })).toBe('{ "big":9007199254740993 }\n2\n');
});

test.each([
  ["a full row", full],
  ["a row with its level among its tags", { ...full, level: null, tags: [["level", "error"]] }],
  ["a row with a message only", { ...full, title: " ", message: full.title }],
  ["a row with its level as its kind", { ...full, level: "", kind: "error" }],
])("stdout prints time, level, title, where and user of %s", async (_, value) => {
  expect(await print([row(value)])).toMatch(
    /^2026-11-24 12:00:01 {2}error {4}TypeError: x is not a function +app\/views.py in handler +jane@exam/,
  );
});

test("stdout takes the time of the row, numbers as ids, and times in seconds", async () => {
  const json = new TextEncoder().encode('{"title":"a","user":{"id":7},"created":true}');
  const timed = createRow({ id: "1", time: "2026-01-02T03:04:05Z", json });
  expect(await print([timed])).toMatch(/^2026-01-02 03:04:05 +a +7\n$/);
  expect(await print([row({ title: "a", kind: "transaction", ended: 86400.5 })])).toBe(
    "1970-01-02 00:00:00  transa…  a\n",
  );
  expect(await print([row({ title: "a", ended: 1e300 })])).toMatch(/^ +a\n$/);
});

test("stdout shows rows as JSON where the stream does not say what to show", async () => {
  const line = `${JSON.stringify(full).slice(0, 118)}…\n`;
  const { display, ...plain } = events;
  expect(display).toBeDefined();
  for (const streams of [[], [plain], [{ ...events, name: "issues" }]]) {
    expect(await print([row(full)], {}, streams)).toBe(line);
  }
});

test("stdout prints what it does not know as compact JSON", async () => {
  expect(await print([row({ name: "a", count: 2 }), row(3), row("x\ny")])).toBe(
    '{"name":"a","count":2}\n3\n"x\\ny"\n',
  );
  expect(await print([row({ a: "x".repeat(500) })])).toBe(`{"a":"${"x".repeat(112)}…\n`);
});

test("stdout drops where and user on a narrow terminal", async () => {
  expect(await print([row(full)], { columns: 60 })).toBe(
    "2026-11-24 12:00:01  error    TypeError: x is not a function\n".replace("function", "functi…"),
  );
});

test("stdout paints only where colours are wanted", async () => {
  expect(await print([row(full)])).not.toContain("\u001b");
  expect(await print([row(full)], { color: true })).toContain("\u001b[31merror  \u001b[0m");
});

test("stdout keeps each row on one line that fits, whatever is in it", async () => {
  const text = fc.string({ unit: "binary", maxLength: 300 });
  const value = fc.record({
    title: text,
    place: text,
    created: fc.oneof(text, fc.double()),
    level: text,
    user: fc.record({ email: text }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(value, fc.jsonValue())),
      fc.integer({ min: 1, max: 200 }),
      async (values, columns) => {
        const lines = (await print(values.map(row), { columns })).split("\n");
        expect(lines.length).toBe(values.length + 1);
        for (const line of lines) {
          expect(line).not.toMatch(/\p{Cc}|\u202e/u);
          // Each takes a cell at the least, but for marks that found nothing to stand on.
          const graphemes = [...new Intl.Segmenter("en").segment(line)].filter(
            ({ segment }) => !/^[\p{M}\u200c\u200d]+$/u.test(segment),
          );
          expect(graphemes.length).toBeLessThan(Math.max(41, columns));
        }
      },
    ),
  );
});

test("stdout writes to the host's output only", async () => {
  await expect(stdoutSink.open({ ...base, destination: "x" })).rejects.toMatchObject({
    code: "OUTPUT_INVALID",
  });
  await expect(stdoutSink.open(base)).rejects.toMatchObject({ code: "OUTPUT_INVALID" });
});

test("stdout passes on that the reader went away", async () => {
  const closed = Object.assign(new Error("gone"), { code: "OUTPUT_CLOSED" });
  await expect(print([row(1)], { write: () => Promise.reject(closed) })).rejects.toBe(closed);
});
