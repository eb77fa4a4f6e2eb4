import { spawn } from "node:child_process";
import { mkdir, open, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { makeFolder, program } from "../support/decant.ts";
import { serve } from "../support/serve.ts";
import { type Load, load, loadTool, onCore } from "./load.ts";
import { isInstalled } from "./machine.ts";
import { interleave, median, ratio } from "./measure.ts";
import { count, type Scale, type Section, times } from "./report.ts";

const path = "/computeMetadata/v1/instance/service-accounts/default/token";
const request = { header: "Metadata-Flavor: Google", connections: 32 };

/** Where the servers keep what they write, and whom they ask. */
interface Place {
  readonly cwd: string;
  readonly metadata: string;
}

interface Server {
  readonly url: string;
  stop(): void;
}

/** How many tokens a second the service gives, beside what people put there today. */
export async function benchService({ quick, rounds }: Scale): Promise<Section> {
  if (!isInstalled("nginx")) {
    throw new Error("nginx is not installed (on Debian: apt-get install nginx-light)");
  }
  await using servers = await serve({});
  const place = { cwd: await makeFolder(), metadata: new URL(servers.google.url).host };
  const running: Server[] = [];
  const keep = (server: Server) => {
    running.push(server);
    return () => load({ ...request, url: server.url, seconds: quick ? 1 : 3 });
  };
  try {
    const nginx = keep(await startNginx(place));
    const decant = keep(await startDecant(place));
    // Once before, as both are meant to run for long.
    await nginx();
    await decant();
    return report(await interleave({ nginx, decant }, rounds));
  } finally {
    for (const { stop } of running) stop();
  }
}

function report(loads: Readonly<Record<"nginx" | "decant", readonly Load[]>>): Section {
  const nginx = pick(loads.nginx);
  const decant = pick(loads.decant);
  const row = (name: string, { perSecond, p99 }: typeof nginx) => [
    name,
    count(median(perSecond)),
    times(ratio(perSecond, nginx.perSecond)),
    `${median(p99).toFixed(1)} ms`,
    times(ratio(p99, nginx.p99)),
  ];
  const share = ratio(decant.perSecond, nginx.perSecond);
  const pinned = isInstalled("taskset") ? "one core each" : "NOT PINNED TO CORES: no taskset";
  return {
    title: "Token service",
    about: `\`decant auth gcp serve --metadata\` beside nginx with proxy_cache, both in front of the same metadata server, both
with an access log in a file (${loadTool}, ${request.connections} connections, ${pinned}).`,
    table: [
      ["", "requests/s", "to nginx", "p99", "to nginx"],
      row("nginx proxy_cache", nginx),
      row("decant auth gcp serve", decant),
    ],
    targets: [
      {
        target: "token service: at least 0.6 of nginx's requests/s",
        measured: times(share),
        reached: share >= 0.6,
        floor: "not known: not looked into yet",
      },
    ],
  };
}

function pick(loads: readonly Load[]) {
  return { perSecond: loads.map((one) => one.perSecond), p99: loads.map((one) => one.p99Ms) };
}

async function startDecant({ cwd, metadata }: Place): Promise<Server> {
  const port = await freePort();
  const listen = ["--listen", `127.0.0.1:${port}`];
  return await start("decant auth gcp serve", {
    ...{ port, cwd },
    command: [process.execPath, program, "auth", "gcp", "serve", "--metadata", ...listen],
    env: { HOME: cwd, GCE_METADATA_HOST: metadata },
  });
}

async function startNginx({ cwd, metadata }: Place): Promise<Server> {
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
  return await start("nginx proxy_cache", { port, cwd, command });
}

interface StartOptions {
  readonly port: number;
  readonly cwd: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a server on the first core, and waits until it gives a token. */
async function start(name: string, { port, cwd, command, env }: StartOptions): Promise<Server> {
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
  return { url, stop: () => child.kill() };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
