import { existsSync, globSync, readFileSync } from "node:fs";
import { defineConfig } from "tsdown";

// Run in a package's folder. What it exports is what is built, so a new sub-path is declared
// once, in that package's package.json.
interface Manifest {
  exports?: Record<string, string | { "@decant/source"?: string }>;
}

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
const exported = Object.values(manifest.exports ?? {}).flatMap((target) =>
  typeof target === "object" && target["@decant/source"] ? [target["@decant/source"]] : [],
);
// oclif loads each command, and the files named by the program's own bin, by path.
const isProgram = existsSync("src/commands");
const program = isProgram
  ? globSync(["src/commands/**/*.ts", "src/main.ts"], { exclude: ["**/*.test.ts"] })
  : [];

const shared = {
  cwd: process.cwd(),
  platform: "node",
  target: "node22.18",
  fixedExtension: false,
  sourcemap: true,
} as const;

export default defineConfig([
  {
    ...shared,
    entry: Object.fromEntries(
      [...exported, ...program].map((file) => [
        file.replace(/^(\.\/)?src\//, "").replace(/\.ts$/, ""),
        file,
      ]),
    ),
    format: "esm",
    dts: isProgram ? false : { oxc: {} },
    outputOptions: { chunkFileNames: "chunks/[name]-[hash].js" },
  },
  // What prints a kept token is in one file, and requires modules of Node: to find a dozen of files
  // and to import modules takes as long as all that it does.
  ...(isProgram
    ? [
        {
          ...shared,
          entry: { recall: "src/recall/recall.ts" },
          format: "cjs" as const,
          dts: false,
          clean: false,
          deps: { alwaysBundle: [/^@decant\//] },
        },
      ]
    : []),
]);
