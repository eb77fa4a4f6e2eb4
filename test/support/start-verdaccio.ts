import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { runServer } from "verdaccio";
import { makeFolder } from "./decant.ts";

const run = promisify(execFile);

/** A real registry of npm on loopback. */
export interface Verdaccio extends AsyncDisposable {
  readonly url: string;
  /** What npm and whatever calls it need to find the registry, and to publish. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Starts a registry that holds no package. decant's own come from nowhere else; all others from the
 * registry that this machine uses.
 */
export async function startVerdaccio(): Promise<Verdaccio> {
  const folder = await makeFolder();
  const { stdout: upstream } = await run("npm", ["config", "get", "registry"], { cwd: folder });
  const app = (await runServer({
    storage: join(folder, "storage"),
    self_path: folder,
    configPath: join(folder, "config.yaml"),
    web: { enable: false },
    auth: { htpasswd: { file: join(folder, "users"), algorithm: "sha1" } },
    uplinks: { npm: { url: upstream.trim(), maxage: "60m", timeout: "60s" } },
    packages: {
      "@decant/*": { access: "$all", publish: "$authenticated" },
      decant: { access: "$all", publish: "$authenticated" },
      "**": { access: "$all", publish: "$authenticated", proxy: "npm" },
    },
    max_body_size: "100mb",
    log: { type: "stdout", format: "pretty", level: "fatal" },
  } as unknown as string)) as Server;
  await new Promise<void>((resolve) => app.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(app.address() as AddressInfo).port}`;
  const url = `http://${host}/`;
  const settings = [
    `registry=${url}`,
    `//${host}/:_authToken=${await register(url)}`,
    `cache=${join(folder, "cache")}`,
    "update-notifier=false",
  ];
  await writeFile(join(folder, ".npmrc"), settings.join("\n"));
  return {
    url,
    // pnpm, which publishes, looks at no other variable than HOME.
    env: { HOME: folder, npm_config_userconfig: join(folder, ".npmrc") },
    async [Symbol.asyncDispose]() {
      app.closeAllConnections();
      await new Promise((resolve) => app.close(resolve));
    },
  };
}

async function register(url: string): Promise<string> {
  const name = "publisher";
  const response = await fetch(`${url}-/user/org.couchdb.user:${name}`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name, password: randomUUID() }),
  });
  const { token } = (await response.json()) as { readonly token?: string };
  if (token === undefined) throw new Error(`the registry gave no token: ${response.status}`);
  return token;
}
