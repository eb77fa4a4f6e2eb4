// Why: an example that does not compile is worse than none, and examples rot first. Each ```ts
// block of a doc comment or a Markdown file is written to a file of its own under test/, where
// every package is installed as a user would have it, and all are type-checked at once. Against
// the built declarations, so that these are checked too: build first.

import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { type Finding, report } from "./lib/report.ts";

const folder = "test/.examples";

interface Example {
  readonly file: string;
  /** The line of the opening fence. */
  readonly line: number;
  readonly code: string;
}

/** Empties every line that is no comment, so that positions stay. */
function commentLines(text: string): string {
  let inside = false;
  return text
    .split("\n")
    .map((line) => {
      inside ||= /^\s*\/\*\*/.test(line);
      const kept = inside ? line.replace(/^\s*(\/\*\*|\*(?!\/)) ?/, "") : "";
      inside &&= !line.includes("*/");
      return kept;
    })
    .join("\n");
}

function findExamples(file: string): Example[] {
  const text = readFileSync(file, "utf8");
  const source = file.endsWith(".ts") ? commentLines(text) : text;
  return [...source.matchAll(/^[ \t]*```ts\b.*\n([\s\S]*?)^[ \t]*```[ \t]*$/gm)].map((match) => ({
    file,
    line: source.slice(0, match.index).split("\n").length,
    code: match[1] ?? "",
  }));
}

/** Writes an example at the line where it stands in its file, so that errors name the true line. */
function writeExample({ file, line, code }: Example): void {
  const path = `${folder}/${file}.${line}.ts`;
  mkdirSync(dirname(path), { recursive: true });
  // The export makes it a module, which has its own names and may await.
  writeFileSync(path, `${"\n".repeat(line)}${code}export {};\n`);
}

function writeConfig(): void {
  writeFileSync(
    `${folder}/tsconfig.json`,
    JSON.stringify({
      extends: "../../tsconfig.json",
      compilerOptions: {
        customConditions: [],
        skipLibCheck: false,
        noUnusedLocals: false,
        noUnusedParameters: false,
      },
      include: ["**/*.ts"],
      exclude: [],
    }),
  );
}

function typeFindings(): Finding[] {
  const { stdout, status } = spawnSync("tsc", ["--pretty", "false", "-p", folder], {
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  const located = [...stdout.matchAll(/^(.+?)\((\d+),\d+\): (error .*(?:\n {2}.*)*)/gm)].map(
    ([, path = "", line, message = ""]) => ({
      file: path.replaceAll("\\", "/").replace(/^test\/\.examples\/(.*)\.\d+\.ts$/, "$1"),
      line: Number(line),
      message,
    }),
  );
  if (status !== 0 && located.length === 0) {
    throw new Error(`Cannot type-check the examples: tsc ended with ${status}\n${stdout}`);
  }
  return located;
}

const files = globSync(
  ["{packages,plugins}/*/src/**/*.ts", "{packages,plugins}/*/*.md", "*.md", "docs/**/*.md"],
  {
    exclude: ["**/*.test.ts", "**/node_modules/**", "**/CHANGELOG.md"],
  },
).map((file) => file.replaceAll("\\", "/"));
const examples = files.flatMap(findExamples);

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
writeConfig();
examples.forEach(writeExample);
report(`errors in ${examples.length} examples`, typeFindings());
