// Why: a module that others use alone is only as good as its documentation. Each export has a doc
// comment, each function and class an example, each package a README that says why it has each
// of its dependencies, and no link leads nowhere. (Whether the examples are right is for check-examples.ts.)

import { execFileSync } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type Package, readPackages } from "./lib/packages.ts";
import { type Finding, report } from "./lib/report.ts";

interface Comment {
  readonly doc?: string;
  readonly tags?: readonly { readonly kind: string; readonly doc?: string }[];
}

interface Declaration {
  readonly kind: string;
  readonly jsDoc?: Comment;
  readonly location: { readonly filename: string; readonly line: number };
  readonly def?: { readonly params?: readonly unknown[] };
}

interface Module {
  readonly module_doc?: Comment;
  readonly symbols?: readonly {
    readonly name: string;
    readonly declarations: readonly Declaration[];
  }[];
}

function filePath(url: string): string {
  return relative(process.cwd(), fileURLToPath(url)).replaceAll("\\", "/");
}

function problems(name: string, { kind, jsDoc, def }: Declaration): string[] {
  const example = jsDoc?.tags?.some((tag) => tag.kind === "example" && tag.doc?.includes("```ts"));
  return [
    ...(jsDoc?.doc?.trim() ? [] : [`${name} is exported without a doc comment`]),
    ...(example || !["function", "class"].includes(kind)
      ? []
      : [`${name} is exported without an @example in a \`\`\`ts block`]),
    ...(kind === "function" && (def?.params?.length ?? 0) > 3
      ? [`${name} takes more than two arguments and an options object`]
      : []),
  ];
}

function moduleFindings(url: string, module: Module): Finding[] {
  const symbols = module.symbols ?? [];
  const findings = symbols.flatMap(({ name, declarations }) =>
    // Of overloads, the first one carries the comment; a reference is to another entry point.
    declarations
      .filter(({ kind }) => kind !== "reference")
      .slice(0, 1)
      .flatMap((declaration) =>
        problems(name, declaration).map((message) => ({
          file: filePath(declaration.location.filename),
          line: declaration.location.line,
          message,
        })),
      ),
  );
  // A module with a default export, as a plugin has, is described by that export's own comment.
  const described =
    module.module_doc?.doc?.trim() || symbols.some(({ name }) => name === "default");
  return [
    ...(described
      ? []
      : [{ file: filePath(url), line: 1, message: "has no doc comment with @module" }]),
    ...findings,
  ];
}

function exportFindings({ folder, deno }: Package): Finding[] {
  const files = Object.values(deno?.exports ?? {}).map((file) => `${folder}/${file}`);
  if (files.length === 0) {
    return [];
  }
  const output = execFileSync("deno", ["doc", "--quiet", "--json", ...files], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const { nodes } = JSON.parse(output) as { nodes: Record<string, Module> };
  return Object.entries(nodes).flatMap(([url, module]) => moduleFindings(url, module));
}

function readmeFindings({ folder, manifest }: Package): Finding[] {
  const file = `${folder}/README.md`;
  if (!existsSync(file)) {
    return [{ file, line: 1, message: "is missing" }];
  }
  const lines = readFileSync(file, "utf8").split("\n");
  return Object.keys(manifest.dependencies ?? {})
    .filter((name) => !lines.some((line) => /^[-*|] ?/.test(line) && line.includes(`\`${name}\``)))
    .map((name) => ({
      file,
      line: 1,
      message: `no list item says why the package depends on \`${name}\``,
    }));
}

function linkFindings(file: string): Finding[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((text, index) =>
      [...text.matchAll(/\]\((?!\w+:|#)([^)#\s]+)/g)]
        .map(([, target = ""]) => target)
        .filter((target) => !existsSync(join(dirname(file), target)))
        .map((target) => ({
          file,
          line: index + 1,
          message: `links to ${target}, which is not there`,
        })),
    );
}

const pages = globSync(["*.md", "docs/**/*.md", "{packages,plugins}/*/README.md"]);
report("gaps in the documentation", [
  ...readPackages().flatMap((item) => [...exportFindings(item), ...readmeFindings(item)]),
  ...pages.flatMap(linkFindings),
]);
