import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Line, readLines } from "./read-lines.ts";

async function linesOf(bytes: Uint8Array): Promise<Line[]> {
  const path = join(await mkdtemp(join(tmpdir(), "decant-lines-")), "x");
  await writeFile(path, bytes);
  const lines: Line[] = [];
  for await (const line of readLines(path)) lines.push(line);
  return lines;
}

test("readLines() gives whole lines and where they end, and leaves what was torn", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.string({ unit: "binary" }).map((text) => text.replaceAll("\n", " ")),
        {
          maxLength: 5,
        },
      ),
      fc.string().map((text) => text.replaceAll("\n", " ")),
      async (texts, torn) => {
        const lines = await linesOf(
          Buffer.from(`${texts.map((text) => `${text}\n`).join("")}${torn}`),
        );
        expect(lines.map(({ text }) => text)).toEqual(texts);
        let end = 0;
        for (const [index, text] of texts.entries()) {
          end += Buffer.byteLength(text) + 1;
          expect(lines[index]?.end).toBe(end);
        }
      },
    ),
    { numRuns: 50 },
  );
});

test("readLines() joins a line that is longer than a read", async () => {
  const long = "é€😀".repeat(50_000);
  expect(await linesOf(Buffer.from(`a\n${long}\nb\n`))).toMatchObject([
    { text: "a" },
    { text: long },
    { text: "b" },
  ]);
});
