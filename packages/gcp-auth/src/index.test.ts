import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import * as gcp from "./index.ts";

test("the package imports nothing that a browser worker lacks", async () => {
  const folder = new URL(".", import.meta.url);
  const names = (await readdir(folder)).filter((name) => /(?<!\.test)\.ts$/.test(name));
  const imported = await Promise.all(
    names.map(async (name) => {
      const source = await readFile(new URL(name, folder), "utf8");
      const code = source.replace(/^\s*(\/\/|\/?\*).*$/gm, "");
      return [...code.matchAll(/(?:from|import\()\s*"([^"]+)"/g)].map(([, path]) => path!);
    }),
  );
  const others = imported.flat().filter((path) => !path.startsWith("./"));
  expect([...new Set(others)]).toEqual(["@decant/core"]);
});

test("the package offers what its README lists", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const [, section = ""] = /## What it offers\n(.*?)\n## /s.exec(readme) ?? [];
  const listed = [...section.matchAll(/^\| `(\w+)\(/gm)].map(([, name]) => name);
  expect(listed.sort()).toEqual(Object.keys(gcp).sort());
});
