import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder, program } from "../support/decant.ts";
import { serve } from "../support/serve.ts";
import { interleave, median, ratio, runCommand } from "./measure.ts";
import { count, type Scale, type Section, times } from "./report.ts";

/** Writes down, at the end of a process, the most memory that it held, in KiB. */
const reporter = `import { readFileSync, writeFileSync } from "node:fs";
process.on("exit", () => {
  // Unlike maxRSS, VmHWM does not begin at what the parent held.
  const [, peak] = /^VmHWM:\\s+(\\d+)/m.exec(readFileSync("/proc/self/status", "utf8"));
  writeFileSync(process.env.PEAK, peak);
});`;

/** The most memory that an export holds, by how many events it has. */
export async function benchMemory({ quick, rounds }: Scale): Promise<Section> {
  const sizes = quick ? [1_000, 10_000, 50_000] : [10_000, 100_000, 1_000_000];
  await using servers = await serve({
    projects: [{ slug: "web", issues: sizes.map((events) => ({ events })) }],
    ...{ eventBytes: 1_000, clamp: 100, limits: false },
  });
  const { url, org, token, issues } = servers.sentry;
  const cwd = await makeFolder();
  const module = join(cwd, "reporter.mjs");
  const peak = join(cwd, "peak");
  await writeFile(module, reporter);
  const env = { SENTRY_URL: url, SENTRY_ORG: org, SENTRY_AUTH_TOKEN: token, HOME: cwd, PEAK: peak };
  const peakOf = async (args: readonly string[]) => {
    const command = process.execPath;
    await runCommand({ command, args: [`--import=${module}`, ...args], env, cwd });
    return Number(await readFile(peak, "utf8")) / 1024;
  };
  const exportOf = (issue: string) =>
    peakOf([program, "export", "sentry", issue, "--force", "-q", "-o", "events.ndjson"]);
  const peaks = await interleave(
    {
      node: () => peakOf(["-e", "0"]),
      ...Object.fromEntries(issues.map(({ id }, index) => [sizes[index]!, () => exportOf(id)])),
    } as Readonly<Record<string, () => Promise<number>>>,
    rounds,
  );
  const least = peaks[sizes[0]!]!;
  const most = peaks[sizes.at(-1)!]!;
  const growth = ratio(most, least);
  const name = `${count(sizes.at(-1)!)} events`;
  return {
    title: "Memory",
    about: `The most memory that the process held (VmHWM), with events of about 1 KB in pages of 100.`,
    table: [
      ["", "peak", `to ${count(sizes[0]!)} events`],
      ["node -e 0", mebibytes(peaks["node"]!), times(ratio(peaks["node"]!, least))],
      ...sizes.map((size) => [
        `${count(size)} events`,
        mebibytes(peaks[size]!),
        times(ratio(peaks[size]!, least)),
      ]),
    ],
    targets: [
      {
        target: `${name}: at most 1.15 x the memory of ${count(sizes[0]!)}`,
        measured: times(growth),
        reached: growth <= 1.15,
        floor: "not known: not looked into yet",
      },
      {
        target: `${name}: under 150 MiB`,
        measured: mebibytes(most),
        reached: median(most) < 150,
        floor: "not known: not looked into yet",
      },
    ],
  };
}

function mebibytes(values: readonly number[]): string {
  return `${median(values).toFixed(0)} MiB`;
}
