import { homedir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import type { OptionValue } from "@decant/core";
import { Client, type QueryResult } from "pg";
import copyStreams from "pg-copy-streams";
import { copyHeader, copyTrailer } from "./copy-format.ts";
import { explainFailure } from "./explain-failure.ts";
import type { Target } from "./find-target.ts";
import { type Login, readPassfile } from "./read-passfile.ts";
import { type TlsConfig, tlsConfig } from "./tls-config.ts";

/** A connection whose failures are clear. */
export interface Session {
  readonly label: string;
  /** Connects again if the connection was lost: for the begin of a transaction. */
  revive(): Promise<void>;
  /** Runs statements; several only without values. */
  query(sql: string, values?: readonly unknown[]): Promise<QueryResult>;
  /** Sends tuples in binary format. */
  copyIn(sql: string, tuples: readonly Uint8Array[]): Promise<void>;
  /** Reads what a COPY gives. */
  copyOut(sql: string): AsyncGenerator<Uint8Array>;
  /** Ends the connection, and with it a transaction that is open. */
  close(): Promise<void>;
}

interface ConnectOptions {
  readonly options: Readonly<Record<string, OptionValue>>;
  /** What is done, for messages: `write` or `read`. */
  readonly verb: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Connects to a server.
 *
 * @throws {DecantError} `POSTGRES_UNREACHABLE`, `POSTGRES_LOGIN_REFUSED`, `POSTGRES_TLS`,
 * `POSTGRES_DATABASE_MISSING`, or the signal's reason.
 */
export async function connect(
  target: Target,
  { options, verb, signal }: ConnectOptions,
): Promise<Session> {
  signal?.throwIfAborted();
  // The driver knows what is meant where nothing is said: PGHOST, or this machine.
  const { host } = createClient(target, { ssl: false });
  const tls = await tlsConfig({ host, params: target.params }, options);
  const { passfile = join(homedir(), ".pgpass") } = { ...options, ...target.params };
  const dialOptions = { tls, passfile: String(passfile), signal };

  async function begin(): Promise<Client> {
    try {
      const client = await dial(target, dialOptions);
      client.once("end", () => {
        lost = true;
      });
      lost = false;
      return client;
    } catch (error) {
      signal?.throwIfAborted();
      throw explainFailure(`reach "${target.label}"`, error);
    }
  }

  async function attempt<T>(task: () => Promise<T>): Promise<T> {
    try {
      signal?.throwIfAborted();
      return await task();
    } catch (error) {
      signal?.throwIfAborted();
      throw explainFailure(`${verb} "${target.label}"`, error);
    }
  }

  let lost = false;
  let client = await begin();
  const abort = () => void client.end();
  signal?.addEventListener("abort", abort, { once: true });
  return {
    label: target.label,
    async revive() {
      signal?.throwIfAborted();
      if (lost) client = await begin();
    },
    query: (sql, values) => attempt(() => client.query(sql, values && [...values])),
    copyIn: (sql, tuples) => attempt(() => sendCopy(client, sql, tuples)),
    async *copyOut(sql) {
      const stream = client.query(copyStreams.to(sql));
      try {
        for await (const chunk of stream) {
          signal?.throwIfAborted();
          yield chunk as Uint8Array;
        }
      } catch (error) {
        signal?.throwIfAborted();
        throw explainFailure(`${verb} "${target.label}"`, error);
      }
    },
    async close() {
      signal?.removeEventListener("abort", abort);
      await client.end();
    },
  };
}

async function sendCopy(client: Client, sql: string, tuples: readonly Uint8Array[]): Promise<void> {
  const stream = client.query(copyStreams.from(sql));
  const done = finished(stream);
  stream.write(copyHeader);
  for (const chunk of tuples) stream.write(chunk);
  stream.end(copyTrailer);
  await done;
}

interface DialOptions {
  readonly tls: TlsConfig;
  readonly passfile: string;
  readonly signal: AbortSignal | undefined;
}

async function dial(target: Target, options: DialOptions): Promise<Client> {
  const { tls, passfile, signal } = options;
  const client = createClient(target, tls);
  // Where PGPASSWORD is not set, either. A file is looked at only when a password is asked for.
  client.password ??= (() => readPassfile(passfile, loginOf(client))) as unknown as string;
  // What a lost connection interrupts fails by itself, and says why.
  client.on("error", () => {});
  const abort = () => void client.end();
  signal?.addEventListener("abort", abort, { once: true });
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    const plain = tls.mayBePlain && /does not support SSL/.test(String(error));
    if (!plain) throw error;
    return await dial(target, { ...options, tls: { ssl: false, mayBePlain: false } });
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}

function createClient(target: Target, { ssl }: Pick<TlsConfig, "ssl">): Client {
  const { user, host, port, database, password, params } = target;
  return new Client({
    ...(user !== undefined && { user }),
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port }),
    ...(database !== undefined && { database }),
    ...(password !== undefined && { password }),
    ...(params["options"] !== undefined && { options: params["options"] }),
    application_name: params["application_name"] ?? "decant",
    connectionTimeoutMillis: 1000 * Number(params["connect_timeout"] ?? 30),
    // A source may make it wait for long, and firewalls forget who is silent.
    keepAlive: true,
    keepAliveInitialDelayMillis: 30_000,
    enableChannelBinding: params["channel_binding"] === "require",
    ssl,
  });
}

function loginOf({ host, port, database = "", user = "" }: Client): Login {
  return { host, port, database, user };
}
