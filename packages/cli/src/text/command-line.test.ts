import { resolve } from "node:path";
import { expect, test } from "vitest";
import { commandLine, programWords } from "./command-line.ts";

test("commandLine() quotes what a shell would take apart", () => {
  expect(commandLine("verify", "a b's.decant")).toBe("decant verify 'a b'\\''s.decant'");
  expect(commandLine("resume", "x.decant", "--url", "https://a.b:1")).toBe(
    "decant resume x.decant --url https://a.b:1",
  );
});

test("programWords() starts the program as it was started", () => {
  const bin = resolve("packages/cli/bin/decant.js");
  expect(programWords("/usr/bin/decant", {})).toEqual(["decant"]);
  expect(programWords("/usr/lib/node_modules/decant/bin/decant.js", {})).toEqual(["decant"]);
  expect(programWords(bin, {})).toEqual(["node", "packages/cli/bin/decant.js"]);
  expect(programWords("/a b/bin/decant.js", {})).toEqual(["node", "'/a b/bin/decant.js'"]);
  const npm = { npm_package_name: "decant-workspace", npm_lifecycle_event: "demo" };
  expect(programWords(bin, npm)).toEqual(["npm", "run", "-s", "decant", "--"]);
  expect(programWords(bin, { ...npm, npm_lifecycle_event: "test" })).toContain("node");
});
