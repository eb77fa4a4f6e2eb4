import { spawn } from "node:child_process";

/** A command to be timed. */
export interface Contender {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Run before each round, untimed. */
  prepare?(): Promise<void>;
}

/**
 * Times commands in turns, so that a busy machine slows all of them, and prints the median of the
 * ratios within a round.
 */
export async function measure(
  title: string,
  contenders: readonly Contender[],
  { rounds = 5 }: { readonly rounds?: number } = {},
): Promise<void> {
  const times = new Map<Contender, number[]>(contenders.map((one) => [one, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const one of contenders) {
      await one.prepare?.();
      times.get(one)?.push(await run(one));
    }
  }
  const [baseline = []] = times.values();
  console.log(`\n${title} (median of ${rounds})`);
  for (const [one, own] of times) {
    const ratios = own.map((time, round) => time / (baseline[round] ?? Number.NaN));
    const ratio = own === baseline ? "baseline" : `${median(ratios).toFixed(2)} x`;
    const time = Math.round(median(own)).toString();
    console.log(`  ${one.name.padEnd(44)} ${time.padStart(7)} ms  ${ratio}`);
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function run({ name, command, args, env, cwd }: Contender): Promise<number> {
  const start = performance.now();
  const child = spawn(command, args, {
    ...(cwd !== undefined && { cwd }),
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  const code = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code !== 0) throw new Error(`${name} ended with ${code}: ${errors}`);
  return performance.now() - start;
}
