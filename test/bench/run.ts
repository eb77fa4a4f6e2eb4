// What decant takes, each figure beside a baseline of the same run:
//
//   pnpm bench                 everything, into bench/RESULTS.md
//   pnpm bench --quick         small sizes, printed only
//   pnpm bench start sinks     these sections, printed only
//
// --write writes these two as well, --rounds N takes each figure so often.
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { benchExport } from "./export.ts";
import { benchInstall } from "./install.ts";
import { benchLatency } from "./latency.ts";
import { describeMachine } from "./machine.ts";
import { benchMemory } from "./memory.ts";
import { benchMixed } from "./mixed.ts";
import { type Section, writeSection, writeTargets } from "./report.ts";
import { benchService } from "./service.ts";
import { benchSinks } from "./sinks.ts";
import { benchStart } from "./start.ts";

const benches = {
  export: benchExport,
  latency: benchLatency,
  mixed: benchMixed,
  memory: benchMemory,
  start: benchStart,
  sinks: benchSinks,
  service: benchService,
  install: benchInstall,
};
type Name = keyof typeof benches;

const { values, positionals } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    rounds: { type: "string" },
  },
  allowPositionals: true,
});
const rounds = Number(values.rounds ?? (values.quick ? 3 : 7));
const names = (positionals.length > 0 ? positionals : Object.keys(benches)) as Name[];
const unknown = names.find((name) => !(name in benches));
if (unknown !== undefined) {
  throw new Error(`"${unknown}" is no section: there are ${Object.keys(benches).join(", ")}`);
}
if (!(rounds >= 1)) throw new Error(`--rounds ${values.rounds} is no number of rounds`);

const started = performance.now();
const machine = describeMachine();
const sections: Section[] = [];
for (const name of names) {
  process.stderr.write(`${name}\n`);
  try {
    const section = await benches[name]({ quick: values.quick, rounds });
    sections.push(section);
    console.log(`\n${writeSection(section)}`);
  } catch (error) {
    // What the others found in all that time shall not be lost.
    sections.push(notMeasured(name, error));
    process.exitCode = 1;
  }
}
if (sections.some(({ targets }) => targets.length > 0)) console.log(`\n${writeTargets(sections)}`);
if (values.write || !(values.quick || positionals.length > 0)) await write();

function notMeasured(name: Name, error: unknown): Section {
  console.error(error);
  const about = `Not measured: ${error instanceof Error ? error.message : error}`;
  return { title: `The section ${name}`, about, table: [], targets: [] };
}

async function write(): Promise<void> {
  const minutes = ((performance.now() - started) / 60_000).toFixed(0);
  const command = ["pnpm bench", ...process.argv.slice(2)].join(" ");
  const text = `# What decant takes

Each figure stands beside a baseline of the same run. All that is compared runs in turns, ${rounds} times, and a ratio
is the median of the ratios within a turn, so that what slows the machine for a while slows both.

- Command: \`${command}\`, in ${minutes} minutes on ${new Date().toISOString().slice(0, 10)}
${machine}

${writeTargets(sections)}

${sections.map(writeSection).join("\n\n")}
`;
  const path = fileURLToPath(new URL("../../bench/RESULTS.md", import.meta.url));
  await mkdir(new URL(".", `file://${path}`), { recursive: true });
  await writeFile(path, text);
  console.log(`\nwritten to ${path}`);
}
