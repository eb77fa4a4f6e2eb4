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

/** Times commands in turns, so that a busy machine slows all of them, and prints their ratios. */
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
  const medians = contenders.map((one) => median(times.get(one) ?? []));
  const [base = 1] = medians;
  console.log(`\n${title} (median of ${rounds})`);
  for (const [index, one] of contenders.entries()) {
    const time = medians[index] ?? 0;
    const ratio = index === 0 ? "baseline" : `${(time / base).toFixed(2)} x`;
    console.log(`  ${one.name.padEnd(44)} ${Math.round(time).toString().padStart(7)} ms  ${ratio}`);
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
