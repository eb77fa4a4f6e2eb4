import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

type Names = Readonly<Record<string, string>>;
type Plugins = Readonly<Record<string, { readonly module: string }>>;

/** What the checks read of a package.json. */
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, string | Names>>;
  readonly files?: readonly string[];
  readonly dependencies?: Names;
  readonly devDependencies?: Names;
  readonly peerDependencies?: Names;
  readonly optionalDependencies?: Names;
  readonly decant?: { readonly sinks?: Plugins; readonly auth?: Plugins };
}

/** What the checks read of a deno.json. */
interface DenoConfig {
  readonly name: string;
  readonly version: string;
  readonly exports: Names;
  readonly publish?: { readonly exclude?: readonly string[] };
}

/** A package of the workspace. */
export interface Package {
  /** Relative to the root, with slashes. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** The text of package.json. */
  readonly text: string;
  /** Absent in the program, which runs on Node alone. */
  readonly deno: DenoConfig | undefined;
}

/** Reads every package that is published, in the order of their folders. */
export function readPackages(): Package[] {
  return globSync("{packages,plugins}/*/package.json")
    .sort()
    .map((path) => {
      const folder = dirname(path).replaceAll("\\", "/");
      const text = readFileSync(path, "utf8");
      const deno = `${folder}/deno.json`;
      return {
        folder,
        text,
        manifest: JSON.parse(text) as Manifest,
        deno: existsSync(deno) ? (JSON.parse(readFileSync(deno, "utf8")) as DenoConfig) : undefined,
      };
    });
}
