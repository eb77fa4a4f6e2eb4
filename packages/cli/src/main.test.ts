import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { bin, decant, home, homeWith, startDecant } from "./testing/run-decant.ts";

test("decant --version prints the same with and without oclif", async () => {
  const { stdout, code } = await decant(["--version"]);
  expect(stdout).toMatch(/^decant\/\d+\.\d+\.\d+ \S+ node-v\d/);
  expect(await decant(["--version", "--debug"])).toMatchObject({ stdout, code });
});

test("decant shows its commands", async () => {
  const { stdout, code } = await decant([]);
  expect(code).toBe(0);
  for (const name of ["auth", "demo", "export", "resume", "sinks", "streams", "verify"]) {
    expect(stdout).toContain(name);
  }
});

test("decant sinks lists what plugins give, with their promise", async () => {
  const { stdout, stderr, code } = await decant(["sinks"]);
  expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
  expect(stdout).toMatch(/^ndjson .*exactly once .*\(@decant\/sink\)$/m);
  expect(stdout).toMatch(/^stdout .*at least once/m);
  expect((await decant(["sinks", "stdout"])).stdout).toContain("one in an output");
  expect((await decant(["sinks", "json"])).stdout).toContain("several in one output");
});

test("decant ends with 2 on wrong usage, and says so on stderr", async () => {
  const cases = [
    ["sinks", "--nonsense"],
    ["sinks", "nonsense"],
    ["nonsense"],
    ["resume"],
    ["resume", "missing.decant"],
    ["verify", "missing.decant"],
    ["export", "sentry"],
    ["export", "sentry", "1", "--since", "yesterday"],
    ["export", "sentry", "1", "--since", "1d", "--from", "2d"],
    ["export", "sentry", "1", "--sink", "nonsense"],
    ["export", "sentry", "1", "--limit", "0"],
    ["export", "sentry", "1", "--sink", "stdout", "--json"],
    ["export", "sentry", "1", "--header", "nonsense"],
    ["auth", "gcp", "print-token", "--format", "xml"],
  ];
  const results = await Promise.all(cases.map((argv) => decant(argv)));
  results.forEach(({ stdout, stderr, code }, i) => {
    expect({ argv: cases[i], stdout, code }).toEqual({ argv: cases[i], stdout: "", code: 2 });
    expect(stderr).toMatch(/^Error: /);
    expect(stderr).not.toMatch(/^\s+at |\\t|\t/m);
    expect(stderr).toMatch(/\nCode: [A-Z_]+\n$/);
  });
});

test("decant ends with 3 where there is no token", async () => {
  const { stderr, code } = await decant(["export", "sentry", "1", "--org", "acme"]);
  expect(code).toBe(3);
  expect(stderr).toContain("Code: TOKEN_MISSING");
});

test("decant sends no token where only a repository's file says so", async () => {
  const folder = await mkdtemp(join(tmpdir(), "decant-repo-"));
  await writeFile(join(folder, ".sentryclirc"), "[defaults]\nurl=https://evil.invalid\norg=o\n");
  const env = { SENTRY_AUTH_TOKEN: "sntryu_secret", HOME: home };
  const { stderr, code } = await decant(["export", "sentry", "1"], { home: folder, env });
  expect(code).toBe(3);
  expect(stderr).toContain("Code: TARGET_UNTRUSTED");
  expect(stderr).not.toContain("secret");
});

test("decant export sentry --help shows flags of a plugin's sink, in a group", async () => {
  const options = {
    codec: { type: "string", summary: "How to pack", choices: ["zstd", "none"], default: "zstd" },
    password: { type: "string", summary: "Password", env: "CRATE_PASSWORD", secret: true },
  };
  const crate = {
    module: "./crate.js",
    summary: "Crates",
    resume: "none",
    streams: "one",
    options,
  };
  const folder = await homeWith({ decant: { contract: 1, sinks: { crate } } });
  const { stdout, stderr } = await decant(["export", "sentry", "--help"], { home: folder });
  expect(stderr).toBe("");
  expect(stdout).toContain("SINK CRATE FLAGS");
  expect(stdout).toMatch(/--crate-codec=<option>\s+\[default: zstd\] How to pack/);
  expect(stdout).not.toContain("--crate-password");
  const { stdout: sinks } = await decant(["sinks", "crate"], { home: folder });
  expect(sinks).toContain("CRATE_PASSWORD");
});

const fixed = `export default {
  async open({ options, env }) {
    return {
      name: "fixed",
      getToken: async (request) => ({
        value: JSON.stringify({ options, request, env: env("FIXED") }),
        type: "Bearer",
        expiresAt: new Date(2000000000000),
      }),
    };
  },
};`;

test("decant auth NAME print-token is made of a plugin's data", async () => {
  const options = { user: { type: "string", summary: "User", char: "u", env: "FIXED_USER" } };
  const entry = { module: "./fixed.js", summary: "Fixed tokens", options };
  const folder = await homeWith(
    { decant: { contract: 1, auth: { fixed: entry } } },
    { "fixed.js": fixed },
  );
  expect((await decant(["auth", "--help"], { home: folder })).stdout).toContain("Fixed tokens");
  expect((await decant(["auth", "list"], { home: folder })).stdout).toMatch(
    /^fixed .*decant-plugin-test/m,
  );
  const argv = [
    "auth",
    "fixed",
    "print-token",
    "-u",
    "me",
    "-s",
    "a,b",
    "--scopes",
    "c",
    "--min-ttl",
    "5m",
  ];
  const { stdout, stderr, code } = await decant(argv, { home: folder, env: { FIXED: "yes" } });
  expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
  expect(stdout.endsWith("}\n")).toBe(true);
  expect(JSON.parse(stdout)).toEqual({
    options: { user: "me" },
    request: { scopes: ["a", "b", "c"], minTtlMs: 300_000 },
    env: "yes",
  });
});

test("decant names a plugin that it cannot use in one line, and goes on", async () => {
  const folder = await homeWith({ decant: { contract: 2 } });
  const { stdout, stderr, code } = await decant(["sinks"], { home: folder });
  expect(code).toBe(0);
  expect(stderr.trimEnd().split("\n")).toEqual([
    expect.stringMatching(/"decant-plugin-test".*contract 2/),
  ]);
  expect(stdout).toContain("ndjson");
});

test("decant names a plugin that is gone in one line, and goes on", async () => {
  const folder = await homeWith({});
  await rm(join(folder, "plugin"), { recursive: true });
  const { stdout, stderr, code } = await decant(["sinks"], { home: folder });
  expect(code).toBe(0);
  expect(stderr.trimEnd().split("\n")).toEqual([
    expect.stringMatching(/^Plugin ".+" is left out: cannot read .*package\.json/),
  ]);
  expect(stdout).toContain("ndjson");
});

test("decant runs no hook of an installed plugin on its way", async () => {
  const hook = 'export default async () => { console.log("HOOKED"); };';
  const events = ["init", "prerun", "postrun", "finally", "command_not_found", "preparse"];
  const hooks = Object.fromEntries(events.map((event) => [event, "./hook.js"]));
  const folder = await homeWith({ oclif: { hooks } }, { "hook.js": hook });
  expect((await decant(["sinks"], { home: folder })).stdout).not.toContain("HOOKED");
  for (const argv of [["sinkz"], ["help", "sinkz"]]) {
    expect(await decant(argv, { home: folder })).toEqual({
      stdout: "",
      stderr:
        'Error: Cannot find the command "sinkz"\nDid you mean "decant sinks"?\nCode: COMMAND_UNKNOWN\n',
      code: 2,
    });
  }
});

test("decant shows text of a plugin as text: it steers no terminal and runs no code", async () => {
  const summary = "A\u001b[2J<%- process.exit(9) %>\u202e";
  const options = { a: { type: "string", summary, choices: ["\u001b[1m", "b"], default: "b" } };
  const sink = { module: "./x.js", summary, resume: "none", streams: "one", options };
  const provider = { module: "./x.js", summary, options };
  const folder = await homeWith({
    decant: { contract: 1, sinks: { crate: sink }, auth: { fixed: provider } },
  });
  for (const argv of [
    ["sinks"],
    ["sinks", "crate"],
    ["auth", "list"],
    ["auth", "--help"],
    ["export", "sentry", "--help"],
    ["auth", "fixed", "print-token", "--help"],
  ]) {
    const { stdout, stderr, code } = await decant(argv, { home: folder });
    expect({ argv, stderr, code }).toEqual({ argv, stderr: "", code: 0 });
    expect(stdout.replace(/\s+/g, " ")).toMatch(/A\\x1b\[2J< ?%- process\.exit\(9\) % ?>\\u202e/);
    for (const character of ["\u001b", "\u202e"]) expect(stdout).not.toContain(character);
  }
});

test("decant keeps its own sink when a plugin gives one of the same name", async () => {
  const ndjson = { module: "./x.js", summary: "Evil", resume: "none", streams: "one" };
  const folder = await homeWith({ decant: { contract: 1, sinks: { ndjson } } });
  const { stdout, stderr } = await decant(["sinks", "ndjson"], { home: folder });
  expect(stdout).toContain("@decant/sink");
  expect(stderr).toBe(
    'The sink ndjson of plugin "decant-plugin-test" is left out: decant has its own\n',
  );
});

test("decant has a summary for each command, and does not say it twice", async () => {
  const { stdout } = await decant(["--help"]);
  expect(stdout).toMatch(/^ {2}version +Show the version/m);
  for (const argv of [
    ["resume"],
    ["version"],
    ["demo"],
    ["plugins", "install"],
    ["autocomplete"],
  ]) {
    const [summary = "", ...rest] = (await decant([...argv, "--help"])).stdout.split("\n");
    expect(summary).not.toBe("");
    expect(rest.join("\n")).not.toContain(`\n  ${summary}\n`);
  }
});

test("decant demo exports, gets a token, and leaves an output that verifies", async () => {
  const folder = await mkdtemp(join(tmpdir(), "decant-demo-home-"));
  const { stdout, stderr, code } = await decant(["demo", "-o", "e.ndjson"], { home: folder });
  expect({ stderr, code }).toMatchObject({
    stderr: expect.stringMatching(/^Exported 2,500/m),
    code: 0,
  });
  expect(stdout).toMatch(/^ {2}node .*bin\/decant\.js verify e\.ndjson\.decant$/m);
  expect(stdout).toMatch(/^The first rows of e\.ndjson:\n(\{.*\n){3}/m);
  expect(stdout).toMatch(/^A token for .*gserviceaccount\.com/m);
  expect(stdout.split("\n").every((line) => [...line].length <= 200)).toBe(true);
  const rows = (await readFile(join(folder, "e.ndjson"), "utf8")).trimEnd().split("\n");
  expect(new Set(rows.map((row) => JSON.parse(row).eventID)).size).toBe(2_500);
  expect((await decant(["verify", "e.ndjson.decant"], { home: folder })).code).toBe(0);
  const quiet = await decant(["demo", "-o", "q.ndjson", "-q"], { home: folder });
  expect(quiet).toEqual({ stdout: "", stderr: "", code: 0 });
  const device = await decant(["demo", "-o", "/dev/null"], { home: folder });
  expect(device).toMatchObject({ code: 0, stderr: expect.not.stringContaining("verify") });
  expect(device.stdout).not.toMatch(/verify|first rows/);
  const again = await decant(["demo", "-o", "e.ndjson"], { home: folder });
  expect(again).toMatchObject({
    stdout: "",
    code: 2,
    stderr: expect.stringContaining("STATE_EXISTS"),
  });
});

test("decant calls an accident a bug, and shows nothing that an error carries", async () => {
  const accidents = {
    "throw later":
      "setTimeout(() => { throw Object.assign(new Error('boom'), { header: 'hunter2' }); })",
    "reject unheard": "Promise.reject(Object.assign(new Error('boom'), { header: 'hunter2' }))",
    "never settle": "0",
  };
  for (const accident of Object.values(accidents)) {
    const module = `export default { async open() { ${accident}; await new Promise(() => {}); } };`;
    const entry = { module: "./a.js", summary: "Accidents" };
    const decantKey = { decant: { contract: 1, auth: { a: entry } } };
    const folder = await homeWith(decantKey, { "a.js": module });
    const { stdout, stderr, code } = await decant(["auth", "a", "print-token"], { home: folder });
    expect({ stdout, code }).toEqual({ stdout: "", code: 1 });
    expect(stderr).toMatch(/^Error: .*\nThis is a bug in decant or one of its plugins/);
    expect(stderr).not.toMatch(/hunter2|^\s+at /m);
  }
});

test("decant ends with 6 when standard output is full", async () => {
  const child = spawn("sh", ["-c", `"$0" "$1" sinks >/dev/full`, process.execPath, bin], {
    env: { PATH: process.env["PATH"] ?? "", HOME: home },
  });
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
  expect(code).toBe(6);
  expect(stderr).toContain("ENOSPC");
});

test("decant ends quietly when the reader goes away", async () => {
  const child = startDecant(["export", "sentry", "--help"]);
  child.stdout!.destroy();
  const [stderr, [code]] = await Promise.all([text(child.stderr!), once(child, "close")]);
  expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
});

test("decant goes on when nobody reads what it says", async () => {
  const child = startDecant(["sinks", "--nonsense"]);
  child.stderr!.destroy();
  expect(await once(child, "close")).toEqual([2, null]);
});

test("bin/decant.js tells an old Node what it lacks, in words that it can parse", async () => {
  const source = await readFile(bin, "utf8");
  expect(source).not.toMatch(/^import |\?\.|\?\?|await /m);
  const preload =
    "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.19.0'})";
  const child = spawn(process.execPath, ["--import", preload, bin, "sinks"]);
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
  expect(code).toBe(2);
  expect(stderr.trimEnd().split("\n")).toEqual([
    expect.stringContaining("decant needs Node 22.18 or later"),
  ]);
});
