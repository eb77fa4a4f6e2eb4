// Why: every package must work alone, so dependencies run one way: libraries know the contracts,
// the program knows all. An import that is not declared is found by knip and turbo boundaries, so
// what is declared is what is true, and the directions can be checked on the manifests.

import { type Package, readPackages } from "./lib/packages.ts";
import { type Finding, lineOf, report } from "./lib/report.ts";

/** What each package may depend on. Rows know only rows above them, so there is no cycle. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  "packages/core": [],
  "packages/pagination": ["@decant/core"],
  "packages/gcp-auth": ["@decant/core"],
  "packages/token-cache": ["@decant/core"],
  "packages/sink": ["@decant/core"],
  "packages/pipeline": ["@decant/core"],
  "packages/simulator": ["@decant/core"],
  "packages/sentry-source": ["@decant/core", "@decant/pagination"],
  "packages/ndjson-source": ["@decant/core"],
  "packages/cli": [
    "@decant/core",
    "@decant/pagination",
    "@decant/gcp-auth",
    "@decant/token-cache",
    "@decant/sink",
    "@decant/pipeline",
    "@decant/simulator",
    "@decant/sentry-source",
    "@decant/ndjson-source",
  ],
  // It writes files as json and ndjson do.
  "plugins/sink-csv": ["@decant/core", "@decant/sink"],
};
const allowedInPlugins = ["@decant/core"];
/** Besides, what tests and examples alone may import: servers to read from, sinks to pour into. */
const allowedInTests = ["@decant/simulator", "@decant/sink"];

function directionFindings({ folder, manifest, text }: Package, names: Set<string>): Finding[] {
  const own = allowed[folder] ?? (folder.startsWith("plugins/") ? allowedInPlugins : undefined);
  const file = `${folder}/package.json`;
  if (!own) {
    const message = "no row in scripts/check-dependencies.ts says what it may depend on; add one";
    return [{ file, line: lineOf(text, '"name"'), message }];
  }
  const declared = (kind: "dependencies" | "devDependencies" | "peerDependencies") =>
    Object.keys(manifest[kind] ?? {}).filter((name) => names.has(name));
  const shipped = [...declared("dependencies"), ...declared("peerDependencies")];
  const wrong = [
    ...shipped.filter((name) => !own.includes(name)),
    ...declared("devDependencies").filter(
      (name) => !own.includes(name) && !allowedInTests.includes(name),
    ),
  ];
  return wrong.map((name) => ({
    file,
    line: lineOf(text, `"${name}":`),
    message: `may not depend on ${name}, only on: ${own.join(", ") || "nothing here"}`,
  }));
}

/** A package of this workspace that is not asked for as such would come from the registry. */
function protocolFindings({ folder, manifest, text }: Package, names: Set<string>): Finding[] {
  const all = { ...manifest.devDependencies, ...manifest.dependencies };
  return Object.entries(all)
    .filter(([name, range]) => names.has(name) && range !== "workspace:^")
    .map(([name, range]) => ({
      file: `${folder}/package.json`,
      line: lineOf(text, `"${name}":`),
      message: `${name} is a package of this workspace: write "workspace:^", not "${range}"`,
    }));
}

const packages = readPackages();
const names = new Set(packages.map(({ manifest }) => manifest.name));
report(
  "dependencies in the wrong direction",
  packages.flatMap((item) => [...directionFindings(item, names), ...protocolFindings(item, names)]),
);
