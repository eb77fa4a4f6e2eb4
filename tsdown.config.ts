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
const program = existsSync("src/commands")
  ? globSync(["src/commands/**/*.ts", "src/main.ts", "src/recall/recall.ts"], {
      exclude: ["**/*.test.ts"],
    })
  : [];

export default defineConfig({
  entry: Object.fromEntries(
    [...exported, ...program].map((file) => [
      file.replace(/^(\.\/)?src\//, "").replace(/\.ts$/, ""),
      file,
    ]),
  ),
  cwd: process.cwd(),
  format: "esm",
  platform: "node",
  target: "node22.18",
  fixedExtension: false,
  dts: program.length > 0 ? false : { oxc: {} },
  sourcemap: true,
  // What prints a kept token is to be found in one file or two, not in a dozen.
  deps: { alwaysBundle: program.length > 0 ? [/^@decant\/token-cache\/./] : [] },
  outputOptions: { chunkFileNames: "chunks/[name]-[hash].js" },
});
