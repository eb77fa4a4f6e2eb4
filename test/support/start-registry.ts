import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { makeFolder } from "./decant.ts";

const run = promisify(execFile);

/** A registry of npm on loopback, that has a few packages and no others. */
export interface Registry extends AsyncDisposable {
  readonly url: string;
}

/** Packs packages as they would be published, and serves them. */
export async function startRegistry(folders: readonly string[]): Promise<Registry> {
  const scratch = await makeFolder();
  const packages = new Map<string, { readonly manifest: Manifest; readonly tarball: Buffer }>();
  for (const [index, folder] of folders.entries()) {
    const file = join(scratch, `${index}.tgz`);
    await run("pnpm", ["pack", "--out", file], { cwd: folder });
    const { stdout } = await run("tar", ["-xzOf", file, "package/package.json"]);
    const manifest = JSON.parse(stdout) as Manifest;
    packages.set(manifest.name, { manifest, tarball: await readFile(file) });
  }
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "").slice(1);
    const found = packages.get(path.replace(/\.tgz$/, ""));
    if (!found) response.writeHead(404).end("{}");
    else if (path.endsWith(".tgz")) response.end(found.tarball);
    else response.end(JSON.stringify(describe(found.manifest, url)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Manifest {
  readonly name: string;
  readonly version: string;
}

function describe(manifest: Manifest, url: string): object {
  const { name, version } = manifest;
  const dist = { tarball: `${url}/${name}.tgz` };
  return {
    name,
    "dist-tags": { latest: version },
    versions: { [version]: { ...manifest, dist } },
  };
}
