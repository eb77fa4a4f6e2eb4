import { expect, test } from "vitest";
import { runCommand } from "./run-command.ts";

const node = (script: string, options: { timeoutMs?: number; signal?: AbortSignal } = {}) =>
  runCommand(process.execPath, {
    ...{ args: ["-e", script], env: { GREETING: "a b" }, timeoutMs: 60_000 },
    ...options,
  });
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

test("runCommand() gives both outputs apart, and the exit code", async () => {
  const script = `console.log(process.env.GREETING); console.error("why"); process.exitCode = 3`;
  const { code, stdout, stderr } = await node(script);
  expect([code, text(stdout), text(stderr)]).toEqual([3, "a b\n", "why\n"]);
});

test("runCommand() gives a command no standard input and no shell", async () => {
  const run = await runCommand(process.execPath, {
    args: [
      "-e",
      "process.stdin.on('end', () => console.log(process.argv[1])).resume()",
      "$HOME;id",
    ],
    env: {},
    timeoutMs: 60_000,
  });
  expect(text(run.stdout)).toBe("$HOME;id\n");
});

test("runCommand() ends a command that takes too long, whoever keeps its output open", async () => {
  const forever = "setInterval(() => {}, 1000)";
  expect((await node(forever, { timeoutMs: 300 })).code).toBeUndefined();
  const parent = `require("child_process").spawn(process.execPath, ["-e", "setTimeout(() => {}, 8000)"], { stdio: "inherit" }); ${forever}`;
  expect((await node(parent, { timeoutMs: 1500 })).code).toBeUndefined();
});

test("runCommand() stops when the caller gives up", async () => {
  const controller = new AbortController();
  const running = node("setInterval(() => {}, 1000)", { signal: controller.signal });
  controller.abort(new Error("enough"));
  await expect(running).rejects.toThrow("enough");
  await expect(node("0", { signal: controller.signal })).rejects.toThrow("enough");
});

test("runCommand() tells of a command that is not there, and of one that never ends to write", async () => {
  await expect(
    runCommand("/nothing/here", { args: [], env: {}, timeoutMs: 1000 }),
  ).rejects.toMatchObject({ code: "ENOENT" });
  await expect(
    node("const more = () => process.stdout.write('x'.repeat(65536), more); more()"),
  ).rejects.toMatchObject({ code: "FILE_UNSUITABLE" });
});
