import { spawn } from "node:child_process";

/** A command to be run to its end. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the environment of the bench. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/**
 * Takes figures in turns, so that a busy machine slows all of them, each round beginning with
 * another one.
 *
 * @returns The figures of each, in the order of the rounds.
 */
export async function interleave<Name extends string, Figure>(
  takers: Readonly<Record<Name, () => Promise<Figure>>>,
  rounds: number,
): Promise<Readonly<Record<Name, readonly Figure[]>>> {
  const names = Object.keys(takers) as Name[];
  const figures = Object.fromEntries(names.map((name) => [name, [] as Figure[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(round + turn) % names.length]!;
      process.stderr.write(`  round ${round + 1} of ${rounds}: ${name}\n`);
      figures[name]!.push(await takers[name]());
    }
  }
  return figures as Record<Name, Figure[]>;
}

/** Times commands in turns, in milliseconds. */
export async function measure<Name extends string>(
  commands: Readonly<Record<Name, Command>>,
  rounds: number,
): Promise<Readonly<Record<Name, readonly number[]>>> {
  const entries = Object.entries<Command>(commands);
  const takers = Object.fromEntries(entries.map(([name, one]) => [name, () => time(one)]));
  return await interleave(takers as Record<Name, () => Promise<number>>, rounds);
}

/** The median, of an even number of values the higher one of the two in the middle. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** The median of the ratios within a round: what slowed a whole round is in neither. */
export function ratio(own: readonly number[], baseline: readonly number[]): number {
  return median(own.map((figure, round) => figure / baseline[round]!));
}

/** Runs a command and returns how long it took, in milliseconds. */
export async function time(command: Command): Promise<number> {
  const start = performance.now();
  await runCommand(command);
  return performance.now() - start;
}

/** Runs a command that has to end well. Its standard output is thrown away. */
export async function runCommand({ command, args, env, cwd }: Command): Promise<void> {
  const child = spawn(command, args, {
    ...(cwd !== undefined && { cwd }),
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const code = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}: ${errors}`);
}
