// Why: `npm test` must end in one plain line that says what passed, on every runtime, and must
// not say so when something went wrong outside of a test. Arguments go to vitest.

import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: unknown[];
  }[];
}

const reportFile = "node_modules/.cache/decant/vitest.json";

/** Runs a command, passes its output on, and returns that output once it has ended. */
function run(command: string, args: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ["ignore", "pipe", "inherit"],
      shell: process.platform === "win32",
      env: process.stdout.isTTY ? { ...process.env, FORCE_COLOR: "1" } : process.env,
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      process.stdout.write(text);
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}

/** A run that failed has a failure to count, also where no test got as far as failing. */
function withExitCode(counts: Counts, code: number | null): Counts {
  return code === 0 || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

async function runUnitTests(): Promise<Counts> {
  mkdirSync("node_modules/.cache/decant", { recursive: true });
  rmSync(reportFile, { force: true });
  const { code } = await run("vitest", [
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${reportFile}`,
    ...process.argv.slice(2),
  ]);
  const report = JSON.parse(readFileSync(reportFile, "utf8")) as VitestReport;
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  );
  return withExitCode(
    {
      passed: report.numPassedTests,
      failed: report.numFailedTests + broken.length,
      skipped: report.numPendingTests + report.numTodoTests,
    },
    code,
  );
}

async function runRuntimeTests(): Promise<Counts> {
  const { code, output } = await run("node", ["test/run-runtimes.ts"]);
  const last = /(\d+) passed, (\d+) failed\s*$/.exec(output);
  if (!last) {
    console.error(
      'Cannot count the tests of test/run-runtimes.ts: no "N passed, N failed" at its end',
    );
    return { passed: 0, failed: 1, skipped: 0 };
  }
  return withExitCode({ passed: Number(last[1]), failed: Number(last[2]), skipped: 0 }, code);
}

const narrowed = process.argv.length > 2;
const results = [await runUnitTests(), ...(narrowed ? [] : [await runRuntimeTests()])];
const total = (key: keyof Counts) => results.reduce((sum, counts) => sum + counts[key], 0);
const skipped = total("skipped") > 0 ? `, ${total("skipped")} skipped` : "";

console.log(`\n${total("passed")} passed, ${total("failed")} failed${skipped}`);
process.exitCode = total("failed") > 0 ? 1 : 0;
