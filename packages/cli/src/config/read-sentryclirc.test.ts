import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readSentryclirc } from "./read-sentryclirc.ts";

async function folders(): Promise<{ home: string; project: string; cwd: string }> {
  const root = await mkdtemp(join(tmpdir(), "decant-rc-"));
  const home = join(root, "home");
  const project = join(home, "project");
  const cwd = join(project, "a", "b");
  await mkdir(cwd, { recursive: true });
  return { home, project, cwd };
}

test("readSentryclirc() finds nothing where there is nothing", async () => {
  expect(await readSentryclirc(await folders())).toEqual({});
});

test("readSentryclirc() takes the home file, and the nearest one above the folder", async () => {
  const { home, project, cwd } = await folders();
  await writeFile(join(home, ".sentryclirc"), "[auth]\ntoken=home");
  await writeFile(
    join(project, ".sentryclirc"),
    "[defaults]\nurl=https://x.example\norg=o\nproject=p",
  );
  expect(await readSentryclirc({ cwd, home })).toEqual({
    home: { path: join(home, ".sentryclirc"), token: "home" },
    local: {
      path: join(project, ".sentryclirc"),
      url: "https://x.example",
      org: "o",
      project: "p",
    },
  });
});

test("readSentryclirc() counts the home file once when it is the nearest", async () => {
  const { home, cwd } = await folders();
  await writeFile(join(home, ".sentryclirc"), "[auth]\ntoken=home");
  expect(await readSentryclirc({ cwd, home })).not.toHaveProperty("local");
});

test("readSentryclirc() passes over a folder of that name", async () => {
  const { home, cwd } = await folders();
  await mkdir(join(cwd, ".sentryclirc"));
  await writeFile(join(cwd, "sentrycli.ini"), "[defaults]\norg=ini");
  expect(await readSentryclirc({ cwd, home })).toMatchObject({ local: { org: "ini" } });
});
