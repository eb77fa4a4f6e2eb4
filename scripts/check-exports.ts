// Why: the sub-paths of a package stand in package.json (npm) and in deno.json (JSR), and its
// plugins are named a third time under "decant". Hand-written maps rot: one that names a file too
// few breaks one registry only, and nobody sees it before a user does. The same goes for what is
// left out of what is published.

import { existsSync, readFileSync } from "node:fs";
import { type Package, readPackages } from "./lib/packages.ts";
import { type Finding, lineOf, report } from "./lib/report.ts";

function built(source: string, ending: string): string {
  return source.replace(/^\.\/src\//, "./dist/").replace(/\.ts$/, ending);
}

function manifestFindings({ folder, manifest, text }: Package): Finding[] {
  const file = `${folder}/package.json`;
  return Object.entries(manifest.exports ?? {}).flatMap(([path, target]) => {
    const line = lineOf(text, `"${path}":`);
    if (typeof target === "string") {
      return existsSync(`${folder}/${target}`)
        ? []
        : [{ file, line, message: `"${path}" names ${target}, which is not there` }];
    }
    const source = target["@decant/source"] ?? "";
    const expected = { types: built(source, ".d.ts"), default: built(source, ".js") };
    return [
      ...(existsSync(`${folder}/${source}`) && source.startsWith("./src/")
        ? []
        : [`"${path}" needs "@decant/source" with a file of ./src that is there`]),
      ...Object.entries(expected)
        .filter(([condition, name]) => target[condition] !== name)
        .map(([condition, name]) => `"${path}" must have "${condition}": "${name}"`),
    ].map((message) => ({ file, line, message }));
  });
}

function denoFindings({ folder, manifest, deno }: Package): Finding[] {
  if (!manifest.exports) {
    return [];
  }
  const file = `${folder}/deno.json`;
  if (!deno) {
    return [{ file, line: 1, message: "is missing, so the package is not published on JSR" }];
  }
  const text = readFileSync(file, "utf8");
  const sources = Object.fromEntries(
    Object.entries(manifest.exports).flatMap(([path, target]) =>
      typeof target === "string" ? [] : [[path, target["@decant/source"]]],
    ),
  );
  const paths = new Set([...Object.keys(sources), ...Object.keys(deno.exports)]);
  return [
    ...(["name", "version"] as const)
      .filter((key) => deno[key] !== manifest[key])
      .map((key) => ({ key, has: deno[key], due: manifest[key] })),
    ...[...paths]
      .filter((path) => deno.exports[path] !== sources[path])
      .map((path) => ({ key: path, has: deno.exports[path], due: sources[path] })),
  ].map(({ key, has, due }) => ({
    file,
    line: lineOf(text, `"${key}":`),
    message: `"${key}" is ${has ?? "absent"} here and ${due ?? "absent"} in package.json`,
  }));
}

function excludedFindings({ folder, manifest, deno }: Package): Finding[] {
  const left = (manifest.files ?? [])
    .filter((file) => file.startsWith("!"))
    .map((file) => file.slice(1));
  const excluded = deno?.publish?.exclude ?? [];
  if (!deno || left.toSorted().join() === excluded.toSorted().join()) {
    return [];
  }
  const file = `${folder}/deno.json`;
  const message = `"publish.exclude" must be ${JSON.stringify(left)}, as "files" leaves out in package.json`;
  return [{ file, line: lineOf(readFileSync(file, "utf8"), '"exclude"'), message }];
}

/** A plugin's module is imported by path, so it must be one that the build makes. */
function pluginFindings({ folder, manifest, text }: Package): Finding[] {
  const modules = new Set(
    Object.values(manifest.exports ?? {}).map((target) =>
      typeof target === "string" ? target : target["default"],
    ),
  );
  return Object.values({ ...manifest.decant?.sinks, ...manifest.decant?.auth })
    .filter(({ module }) => !modules.has(module))
    .map(({ module }) => ({
      file: `${folder}/package.json`,
      line: lineOf(text, `"module": "${module}"`),
      message: `${module} is no module that "exports" names`,
    }));
}

report(
  "differences between package.json, deno.json and the files",
  readPackages().flatMap((item) => [
    ...manifestFindings(item),
    ...denoFindings(item),
    ...excludedFindings(item),
    ...pluginFindings(item),
  ]),
);
