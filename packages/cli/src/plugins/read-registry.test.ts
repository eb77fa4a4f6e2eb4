import fc from "fast-check";
import { expect, test } from "vitest";
import { findProvider, findSink } from "./find-provided.ts";
import { type InstalledPlugin, readRegistry } from "./read-registry.ts";

const sink = { module: "./a.js", summary: "A", resume: "none", streams: "one" };

function plugin(name: string, decant?: unknown, type = "user"): InstalledPlugin {
  return { name, type, version: "1.0.0", root: `/plugins/${name}`, pjson: { name, decant } };
}

test("readRegistry() collects sinks and providers in order of name", () => {
  const registry = readRegistry([
    plugin("b", {
      contract: 1,
      sinks: { z: sink },
      auth: { p: { module: "./p.js", summary: "P" } },
    }),
    plugin("none"),
    plugin("a", { contract: 1, sinks: { y: sink } }),
  ]);
  expect([...registry.sinks.keys()]).toEqual(["y", "z"]);
  expect(findProvider(registry, "p")).toEqual({
    name: "p",
    entry: { module: "./p.js", summary: "P" },
    plugin: "b",
    builtIn: false,
    version: "1.0.0",
    root: "/plugins/b",
  });
  expect(registry.problems).toEqual([]);
});

test("readRegistry() says what is wrong with the hosts of a credential helper", () => {
  const auth = (helpers: unknown) => ({
    contract: 1,
    auth: { p: { module: "./p.js", summary: "P", helpers } },
  });
  const good = { docker: { username: "u", hosts: ["a.example.com:5000", "*.a.example.com"] } };
  expect(readRegistry([plugin("a", auth(good))]).problems).toEqual([]);
  const wrong = [
    [[], "auth.p.helpers is not an object"],
    [{ npm: {} }, 'auth.p.helpers: "npm" is not one of docker, git'],
    [{ git: { hosts: [] } }, "auth.p.helpers.git.username is not a name"],
    [{ git: { username: "a\nb", hosts: [] } }, "auth.p.helpers.git.username is not a name"],
    [{ git: { username: "u", hosts: ["*"] } }, "auth.p.helpers.git.hosts is not a list of hosts"],
    [{ git: { username: "u" } }, "auth.p.helpers.git.hosts is not a list of hosts"],
  ] as const;
  for (const [helpers, problem] of wrong) {
    const registry = readRegistry([plugin("a", auth(helpers))]);
    expect(registry.problems).toEqual([`Part of plugin "a" is left out: ${problem}`]);
    expect(registry.auth.size).toBe(0);
  }
});

test("readRegistry() leaves a name out that two plugins give, and names both", () => {
  const registry = readRegistry([
    plugin("b", { contract: 1, sinks: { x: sink, y: sink } }),
    plugin("a", { contract: 1, sinks: { x: sink } }),
  ]);
  expect([...registry.sinks.keys()]).toEqual(["y"]);
  expect(registry.problems).toEqual([expect.stringContaining("plugins a and b both give it")]);
  expect(() => findSink(registry, "x")).toThrow(
    expect.objectContaining({
      code: "PLUGIN_CONFLICT",
      message: expect.stringContaining("a and b"),
    }),
  );
});

test("readRegistry() lets the built-in win, and names the plugin that would replace it", () => {
  const registry = readRegistry([
    plugin("evil", { contract: 1, sinks: { x: sink, y: sink } }),
    plugin("own", { contract: 1, sinks: { x: sink } }, "core"),
    plugin("a\u001b[2J", { contract: 1, sinks: { x: sink } }),
  ]);
  expect(findSink(registry, "x").plugin).toBe("own");
  expect(findSink(registry, "y").plugin).toBe("evil");
  expect(registry.problems).toEqual([
    'The sink x of plugin "a\\x1b[2J" is left out: decant has its own',
    'The sink x of plugin "evil" is left out: decant has its own',
  ]);
});

test("readRegistry() drops what is wrong of a plugin, and keeps the rest", () => {
  const auth = { p: { module: "./p.js", summary: "P" }, q: {} };
  const sinks = { good: sink, bad: { ...sink, resume: "maybe" } };
  const registry = readRegistry([plugin("mixed", { contract: 1, sinks, auth })]);
  expect([...registry.sinks.keys(), ...registry.auth.keys()]).toEqual(["good", "p"]);
  expect(registry.problems).toEqual([
    'Part of plugin "mixed" is left out: sinks.bad.resume is not one of rewind, keyed, none',
    'Part of plugin "mixed" is left out: auth.q.module is not a path',
  ]);
});

const bad: Record<string, unknown> = {
  "is not an object": 1,
  "contract 2": { contract: 2 },
  "sinks is not an object": { contract: 1, sinks: [] },
  "sinks.X is not a name": { contract: 1, sinks: { X: sink } },
  "sinks.x.module": { contract: 1, sinks: { x: { ...sink, module: 1 } } },
  "sinks.x.summary": { contract: 1, sinks: { x: { ...sink, summary: undefined } } },
  "sinks.x.resume": { contract: 1, sinks: { x: { ...sink, resume: "maybe" } } },
  "sinks.x.streams": { contract: 1, sinks: { x: { ...sink, streams: 2 } } },
  "sinks.x.extension": { contract: 1, sinks: { x: { ...sink, extension: "/../x" } } },
  "options.a.type": option({ type: "number" }),
  "options.a.summary": option({ summary: 1 }),
  "options.a.choices": option({ choices: [1] }),
  "options.a.env": option({ env: 1 }),
  "options.a.char": option({ char: "ab" }),
  "options.a.min": option({ min: 0.5 }),
  "options.a is secret": option({ secret: true }),
  "options.scopes is a taken": {
    contract: 1,
    auth: {
      x: { module: "./x", summary: "", options: { scopes: { type: "string", summary: "" } } },
    },
  },
};

function option(change: object): object {
  const options = { a: { type: "string", summary: "A", ...change } };
  return { contract: 1, sinks: { x: { ...sink, options } } };
}

test("readRegistry() makes one line of each plugin with bad data, and goes on", () => {
  for (const [reason, data] of Object.entries(bad)) {
    const registry = readRegistry([
      plugin("bad", data),
      plugin("good", { contract: 1, sinks: { g: sink } }),
    ]);
    expect(registry.problems).toEqual([expect.stringContaining(reason)]);
    expect(registry.problems[0]).toContain('"bad"');
    expect([...registry.sinks.keys()]).toEqual(["g"]);
  }
});

test("readRegistry() throws on no data", () => {
  const anything = fc.anything({ maxDepth: 4 });
  const nearly = fc.record({ contract: fc.constant(1), sinks: anything, auth: anything });
  fc.assert(
    fc.property(fc.oneof(anything, nearly), (data) => {
      const { problems } = readRegistry([plugin("p", data)]);
      expect(problems.every((line) => !line.includes("\n"))).toBe(true);
    }),
  );
});

test("findSink() tells which there are", () => {
  const registry = readRegistry([plugin("a", { contract: 1, sinks: { y: sink } })]);
  expect(() => findSink(registry, "parquet")).toThrow(
    expect.objectContaining({ code: "SINK_UNKNOWN", hint: expect.stringContaining("There is y") }),
  );
});
