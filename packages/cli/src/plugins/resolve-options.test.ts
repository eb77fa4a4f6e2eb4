import type { OptionSpec, OptionValue } from "@decant/core";
import { expect, test } from "vitest";
import { resolveOptions } from "./resolve-options.ts";

const specs: Record<string, OptionSpec> = {
  name: { type: "string", summary: "Name", choices: ["a", "b"], env: "X_NAME" },
  size: { type: "integer", summary: "Size", min: 1, max: 9, default: 5, env: "X_SIZE" },
  deep: { type: "boolean", summary: "Deep", env: "X_DEEP" },
  tags: { type: "strings", summary: "Tags", env: "X_TAGS" },
  key: { type: "string", summary: "Key", env: "X_KEY", secret: true, choices: ["k"] },
};

function resolve(given: Record<string, OptionValue>, env: Record<string, string> = {}) {
  return resolveOptions(specs, { given, env: (name) => env[name], label: (name) => `--x-${name}` });
}

test("resolveOptions() takes what is given, then the variable, then the default", () => {
  expect(resolve({})).toEqual({ size: 5 });
  const env = { X_NAME: "b", X_SIZE: "7", X_DEEP: "yes", X_TAGS: "a, b,,c", X_KEY: "k" };
  expect(resolve({}, env)).toEqual({
    name: "b",
    size: 7,
    deep: true,
    tags: ["a", "b", "c"],
    key: "k",
  });
  expect(resolve({ name: "a", size: "9", deep: false, tags: ["x,y"] }, env)).toEqual({
    name: "a",
    size: 9,
    deep: false,
    tags: ["x,y"],
    key: "k",
  });
});

test("resolveOptions() takes back what was stored", () => {
  const first = resolve({ size: "3", deep: true, tags: ["t"] });
  expect(resolve(JSON.parse(JSON.stringify(first)))).toEqual(first);
});

test("resolveOptions() takes a variable that is set to nothing as not set", () => {
  expect(resolve({}, { X_SIZE: "", X_NAME: "" })).toEqual({ size: 5 });
});

test("resolveOptions() refuses what is not allowed, and names the option", () => {
  const cases: [Record<string, OptionValue>, Record<string, string>, string][] = [
    [{ name: "c" }, {}, "--x-name"],
    [{ size: "0" }, {}, "--x-size"],
    [{ size: "10" }, {}, "--x-size"],
    [{ size: "1.5" }, {}, "--x-size"],
    [{}, { X_SIZE: "many" }, "X_SIZE"],
    [{}, { X_DEEP: "maybe" }, "X_DEEP"],
  ];
  for (const [given, env, label] of cases) {
    expect(() => resolve(given, env)).toThrow(
      expect.objectContaining({ code: "OPTION_INVALID", message: expect.stringContaining(label) }),
    );
  }
});

test("resolveOptions() never tells a secret", () => {
  expect(() => resolve({}, { X_KEY: "hunter2" })).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining("hunter2") }),
  );
});
