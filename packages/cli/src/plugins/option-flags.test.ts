import type { OptionSpec } from "@decant/core";
import { Parser } from "@oclif/core";
import { expect, test } from "vitest";
import { describeFlags, optionFlags, pickOptions } from "./option-flags.ts";
import type { Registry } from "./registry.ts";
import { allSinkFlags, sinkOptions } from "./sink-flags.ts";

const specs: Record<string, OptionSpec> = {
  level: { type: "integer", summary: "Level", char: "l", default: 3, env: "X_LEVEL" },
  fast: { type: "boolean", summary: "Fast" },
  tag: { type: "strings", summary: "Tags", char: "s" },
  mode: { type: "string", summary: "Mode", choices: ["a", "b"] },
  key: { type: "string", summary: "Key", env: "X_KEY", secret: true },
};

async function parse(argv: string[]): Promise<Record<string, unknown>> {
  const flags = optionFlags(specs, { prefix: "x-", taken: ["s"] });
  const parsed = await Parser.parse(argv, { flags, args: {} });
  return pickOptions(parsed.flags, specs, "x-");
}

test("optionFlags() makes flags that parse, with nothing given as nothing", async () => {
  expect(await parse([])).toEqual({});
  const argv = ["-l", "4", "--no-x-fast", "--x-tag", "a", "--x-tag", "b", "--x-mode", "z"];
  expect(await parse(argv)).toEqual({ level: "4", fast: false, tag: ["a", "b"], mode: "z" });
});

test("optionFlags() makes no flag of a secret and no taken letter", async () => {
  await expect(parse(["--x-key", "k"])).rejects.toThrow("Nonexistent flag");
  await expect(parse(["-s", "a"])).rejects.toThrow("Nonexistent flag");
});

test("describeFlags() says what the help shows", () => {
  expect(describeFlags(specs, { prefix: "x-", group: "SINK x" })).toMatchObject({
    "x-level": { type: "option", default: "3", env: "X_LEVEL", helpGroup: "SINK x" },
    "x-fast": { type: "boolean", allowNo: true },
    "x-tag": { multiple: true },
    "x-mode": { options: ["a", "b"] },
  });
});

const registry: Registry = {
  sinks: new Map(
    ["one", "two"].map((name) => [
      name,
      {
        name,
        entry: { module: "", summary: "", resume: "none", streams: "one", options: specs },
        plugin: "p",
        builtIn: false,
        version: "1.0.0",
        root: "/",
      },
    ]),
  ),
  auth: new Map(),
  conflicts: new Map(),
  problems: [],
};

test("sinkOptions() picks those of the chosen sink and refuses another's", async () => {
  const parsed = async (argv: string[]) =>
    (await Parser.parse(argv, { flags: allSinkFlags(registry), args: {} })).flags;
  expect(sinkOptions(registry, { sink: "one", flags: await parsed(["--one-level", "4"]) })).toEqual(
    {
      level: "4",
    },
  );
  const flags = await parsed(["--two-fast"]);
  expect(() => sinkOptions(registry, { sink: "one", flags })).toThrow(
    expect.objectContaining({
      code: "OPTION_UNUSED",
      message: expect.stringContaining("--two-fast"),
    }),
  );
});
