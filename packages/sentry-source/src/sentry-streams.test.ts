import { expect, test } from "vitest";
import { sentryStreams } from "./sentry-streams.ts";
import { ancestorsOf, entryOf, streamTable, within } from "./stream-table.ts";

test("sentryStreams says of each stream all that there is to know", () => {
  expect(sentryStreams.length).toBe(streamTable.length);
  expect(new Set(sentryStreams.map(({ name }) => name)).size).toBe(streamTable.length);
  for (const { name, summary, path, scope } of sentryStreams) {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(summary).toMatch(/^[A-Z].*[^.]$/);
    expect(path).toMatch(/^(organizations|projects)\/\{org\}\/([\w-]+\/|\{\w+\}\/)*$/);
    expect(scope).toMatch(/^(org|project|event|member):read$/);
  }
});

test.each(streamTable.map(({ name }) => name))("%s has columns that fit together", (name) => {
  const { columns, display, id } = sentryStreams.find((one) => one.name === name)!;
  const names = columns.map((column) => column.name);
  expect(new Set(names).size).toBe(names.length);
  for (const one of names) expect(one).toMatch(/^(?!row_(id|time)$)[a-z][a-z0-9_]*$/);
  expect(names).toEqual(expect.arrayContaining(Object.values(display ?? {}).flat()));
  expect(id?.length).toBeGreaterThan(0);
});

test.each(streamTable.map(({ name }) => name))("%s lies below what its path names", (name) => {
  const entry = entryOf(name);
  const known = ["org", "project", ...ancestorsOf(entry).flatMap(({ key }) => key?.name ?? [])];
  const texts = [entry.path, ...Object.values(entry.params ?? {}).flat()];
  for (const [, placeholder] of texts.join(" ").matchAll(/\{(\w+)\}/g)) {
    expect(known).toContain(placeholder);
  }
  for (const above of ancestorsOf(entry)) expect(above.key).toBeDefined();
  if (entry.file) {
    const ids = [...known, ...Object.keys(entry.file.ids)];
    for (const [, id] of entry.file.path.matchAll(/\{(\w+)\}/g)) expect(ids).toContain(id);
  }
});

test("within() finds a stream and all below it", () => {
  const all = streamTable.map(({ name }) => name);
  expect(within("releases", all)).toEqual([
    ...["releases", "release-commits", "release-deploys", "release-files"],
  ]);
  expect(within("issue-tags", all)).toEqual(["issue-tags", "issue-tag-values"]);
  expect(within("issues", ["teams", "events", "attachments"])).toEqual(["events", "attachments"]);
});
