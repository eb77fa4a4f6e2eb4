// The packages promise Node, Deno and Bun. This runs on Deno and on Bun the very tests that vitest
// runs on Node, and then the example of each package's README, alone, on all three.
import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
}

const packages = globSync("{packages,plugins}/*/deno.json").map(dirname).sort();
const scratch = "test/.scratch";
let passed = 0;
let failed = 0;

rmSync(scratch, { recursive: true, force: true });
mkdirSync(scratch, { recursive: true });
runTests("deno", ["run", "--allow-all"]);
runTests("bun", ["--bun"], ["--pool=threads"]);
for (const path of packages) runExample(path);
rmSync(scratch, { recursive: true });
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

function runTests(runtime: string, before: string[], after: string[] = []): void {
  const report = join(scratch, `${runtime}.json`);
  const ended = run(runtime, [
    ...before,
    "node_modules/vitest/vitest.mjs",
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...after,
    ...packages,
  ]);
  const { numPassedTests, numFailedTests } = JSON.parse(
    readFileSync(report, "utf8"),
  ) as VitestReport;
  passed += numPassedTests;
  failed += ended ? numFailedTests : Math.max(1, numFailedTests);
}

/** Beside its package, where imports resolve as its author's would, and in an empty folder. */
function runExample(path: string): void {
  const example = /^```ts\n(.*?)^```$/ms.exec(readFileSync(join(path, "README.md"), "utf8"))?.[1];
  if (example === undefined) throw new Error(`${path}/README.md has no example`);
  const file = resolve(path, ".example.ts");
  const cwd = mkdtempSync(join(tmpdir(), "decant-example-"));
  writeFileSync(file, example);
  const runtimes = {
    node: ["--conditions=@decant/source"],
    deno: ["run", "--allow-all"],
    bun: ["--conditions=@decant/source"],
  };
  for (const [runtime, args] of Object.entries(runtimes)) {
    if (run(runtime, [...args, file], cwd)) passed += 1;
    else failed += 1;
  }
  rmSync(file);
  rmSync(cwd, { recursive: true });
}

function run(command: string, args: readonly string[], cwd = "."): boolean {
  console.log(`$ ${command} ${args.join(" ")}`);
  const stdio = ["ignore", "inherit", "inherit"] as const;
  const { status, error } = spawnSync(command, args, { stdio: [...stdio], cwd });
  if (error) throw error;
  return status === 0;
}
