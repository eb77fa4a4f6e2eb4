import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { watchInterrupts } from "./watch-interrupts.ts";

const file = fileURLToPath(new URL("./watch-interrupts.ts", import.meta.url));

const script = `
  import { watchInterrupts } from ${JSON.stringify(file)};
  const interrupts = watchInterrupts({
    maxMs: Number(process.env.MAX_MS ?? 600_000),
    onInterrupt: () => console.log("first"),
    onTimeOver: () => console.log("over"),
  });
  interrupts.signal.addEventListener("abort", () => {
    console.log(interrupts.signal.reason.message, interrupts.exitCode);
  });
  setInterval(() => {}, 1000);
  console.log("ready");
`;

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)(
  "watchInterrupts() aborts at the first %s and ends at the second",
  async (name, code) => {
    const child = spawn(process.execPath, ["--input-type=module", "--eval", script]);
    const output = text(child.stdout);
    await once(child.stdout, "data");
    child.kill(name);
    await once(child.stdout, "data");
    child.kill(name);
    expect(await once(child, "close")).toEqual([null, name]);
    expect(await output).toBe(`ready\nfirst\ninterrupted by ${name} ${code}\n`);
  },
);

test("watchInterrupts() aborts when the time is over, and still ends at an interrupt and one more", async () => {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    env: { ...process.env, MAX_MS: "1" },
  });
  const output = text(child.stdout);
  for (let seen = ""; !seen.includes("undefined"); ) seen += (await once(child.stdout, "data"))[0];
  child.kill("SIGINT");
  await once(child.stdout, "data");
  child.kill("SIGINT");
  expect(await once(child, "close")).toEqual([null, "SIGINT"]);
  expect(await output).toBe("ready\nover\nthe time is over undefined\nfirst\n");
});

test("watchInterrupts() stops to watch when it is disposed of", () => {
  const before = process.listenerCount("SIGINT");
  const ignore = () => {};
  const interrupts = watchInterrupts({ onInterrupt: ignore, onTimeOver: ignore });
  expect(process.listenerCount("SIGINT")).toBe(before + 1);
  interrupts[Symbol.dispose]();
  expect(process.listenerCount("SIGINT")).toBe(before);
  expect(interrupts.exitCode).toBeUndefined();
});
