// How many tokens a second the service gives, beside nginx with proxy_cache in front of the same
// metadata server: what people put there today. Each has one core, and writes its access log to a file.
import { spawn } from "node:child_process";
import { mkdir, open, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { makeFolder, program } from "../support/decant.ts";
import { serve } from "../support/serve.ts";
import { isInstalled, type Load, load, loadTool, onCore } from "./load.ts";

const rounds = 5;
const path = "/computeMetadata/v1/instance/service-accounts/default/token";
const request = { header: "Metadata-Flavor: Google", connections: 32 };

interface Contender {
  readonly name: string;
  readonly url: string;
  readonly loads: Load[];
  stop(): void;
}

await using servers = await serve({});
const cwd = await makeFolder();
const metadata = new URL(servers.google.url).host;
const contenders = [...(isInstalled("nginx") ? [await startNginx()] : []), await startDecant()];
try {
  for (const { url } of contenders) await load({ ...request, url, seconds: 3 });
  for (let round = 0; round < rounds; round += 1) {
    for (const { url, loads } of contenders) {
      loads.push(await load({ ...request, url, seconds: 3 }));
    }
  }
  report();
} finally {
  for (const { stop } of contenders) stop();
}

function report(): void {
  const pinned = isInstalled("taskset") ? "one core each" : "NOT PINNED TO CORES: no taskset";
  const { connections } = request;
  console.log(
    `\ntoken service (median of ${rounds}, ${loadTool}, ${connections} connections, ${pinned})`,
  );
  for (const { name, loads } of contenders) {
    const perSecond = median(loads.map((one) => one.perSecond)).toFixed(0);
    const p99 = median(loads.map((one) => one.p99Ms)).toFixed(1);
    console.log(`  ${name.padEnd(44)} ${perSecond.padStart(7)} requests/s  p99 ${p99} ms`);
  }
  const [nginx, decant] = contenders;
  if (!nginx || !decant) {
    console.log("  NOT COMPARED: nginx is not installed (on Debian: apt-get install nginx-light)");
    return;
  }
  const ratio = (figure: (load: Load) => number) =>
    median(decant.loads.map((one, round) => figure(one) / figure(nginx.loads[round]!))).toFixed(2);
  console.log(
    `  decant / nginx, median of pairs: ${ratio((one) => one.perSecond)} x requests/s (at least 0.60 is wanted), ${ratio((one) => one.p99Ms)} x p99`,
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

async function startDecant(): Promise<Contender> {
  const port = await freePort();
  const listen = ["--listen", `127.0.0.1:${port}`];
  return await start("decant auth gcp serve", {
    port,
    command: [process.execPath, program, "auth", "gcp", "serve", "--metadata", ...listen],
    env: { HOME: cwd, GCE_METADATA_HOST: metadata },
  });
}

async function startNginx(): Promise<Contender> {
  const port = await freePort();
  const folder = join(cwd, "nginx");
  await mkdir(folder);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  const config = `
    user ${userInfo().username};
    worker_processes 1;
    daemon off;
    pid ${folder}/pid;
    error_log ${folder}/error.log;
    events { worker_connections 1024; }
    http {
      ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join(" ")}
      access_log ${folder}/access.log combined buffer=64k flush=1s;
      sendfile on;
      open_file_cache max=100;
      keepalive_requests 1000000000;
      proxy_cache_path ${folder}/cache keys_zone=tokens:1m;
      server {
        listen 127.0.0.1:${port};
        location / {
          proxy_pass http://${metadata};
          proxy_cache tokens;
          proxy_cache_valid 200 10m;
          proxy_ignore_headers Cache-Control Expires;
        }
      }
    }`;
  await writeFile(join(folder, "nginx.conf"), config);
  const command = ["nginx", "-c", join(folder, "nginx.conf"), "-p", folder];
  return await start("nginx proxy_cache", { port, command });
}

interface StartOptions {
  readonly port: number;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a server on the first core, and waits until it gives a token. */
async function start(name: string, { port, command, env }: StartOptions): Promise<Contender> {
  await using log = await open(join(cwd, `${port}.log`), "w");
  const child = spawn(...onCore(0, command), {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", log.fd, log.fd],
  });
  const url = `http://127.0.0.1:${port}${path}`;
  const headers = { "metadata-flavor": "Google" };
  for (let tries = 0; ; tries += 1) {
    const answer = await fetch(url, { headers }).catch(() => undefined);
    if (answer?.ok) break;
    if (tries === 100 || child.exitCode !== null) throw new Error(`${name} does not start`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { name, url, loads: [], stop: () => child.kill() };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
