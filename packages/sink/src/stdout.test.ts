import { createRow, type Output, type Row } from "@decant/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { stdoutSink } from "./stdout.ts";

const base = { destination: "-", streams: [], options: {}, run: "test", force: false };

function row(value: unknown): Row {
  const json = new TextEncoder().encode(JSON.stringify(value));
  return createRow({ id: "1", json });
}

async function print(rows: readonly Row[], output: Partial<Output> = {}): Promise<string> {
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
  await using sink = await stdoutSink.open({ ...base, output: host });
  await sink.write("events", rows);
  await sink.commit();
  await sink.finish();
  return text;
}

const full = {
  eventID: "ab",
  title: "TypeError: x is not a function",
  culprit: "app/views.py in handler",
  dateCreated: "2026-11-24T12:00:01.123000Z",
  user: { id: 7, email: "jane@example.com" },
  tags: [{ key: "level", value: "error" }],
  type: "error",
};

test("stdout prints the bytes of the rows into a pipe", async () => {
  const odd = createRow({ id: "1", json: new TextEncoder().encode('{ "big":9007199254740993 }') });
  expect(await print([odd, row(2)], { terminal: false })).toBe('{ "big":9007199254740993 }\n2\n');
});

test.each([
  ["a full event", full],
  [
    "a short row",
    { ...full, type: undefined, "event.type": "error", tags: full.tags, message: "" },
  ],
  [
    "a row of GlitchTip",
    {
      event_id: "ab",
      title: full.title,
      culprit: full.culprit,
      date_created: "2026-11-24T12:00:01Z",
      date_received: "2026-11-24T12:00:09Z",
      user: { email: "jane@example.com" },
      tags: [{ key: "x", value: null }],
      type: "error",
    },
  ],
  ["a wrapped event", { issueId: "1", data: full }],
  ["tags in pairs", { ...full, tags: [["level", "error"]] }],
])("stdout prints time, level, title, where and user of %s", async (_, value) => {
  const line = await print([row(value)]);
  expect(line).toMatch(
    /^2026-11-24 12:00:01 {2}error {4}TypeError: x is not a function +app\/views.py in handler +jane@exam/,
  );
});

test("stdout prints a transaction by its end, with its type where it has no level", async () => {
  const value = { type: "transaction", title: "GET /", startTimestamp: 1, endTimestamp: 86400.5 };
  expect(await print([row(value)])).toBe("1970-01-02 00:00:00  transa…  GET /\n");
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
    culprit: text,
    dateCreated: fc.oneof(text, fc.double()),
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
