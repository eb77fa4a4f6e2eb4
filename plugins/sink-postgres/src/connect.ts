import { finished } from "node:stream/promises";
import type { OptionValue } from "@decant/core";
import { Client, type QueryResult } from "pg";
import copyStreams from "pg-copy-streams";
import { copyHeader, copyTrailer } from "./copy-format.ts";
import { explainFailure } from "./explain-failure.ts";
import type { Target } from "./find-target.ts";
import { type TlsConfig, tlsConfig } from "./tls-config.ts";

/** A connection whose failures are clear. */
export interface Session {
  readonly label: string;
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
  const tls = await tlsConfig(target, options);
  let client: Client;
  try {
    client = await dial(target, { tls, signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw explainFailure(`reach "${target.label}"`, error);
  }
  const abort = () => void client.end();
  signal?.addEventListener("abort", abort, { once: true });

  async function attempt<T>(task: () => Promise<T>): Promise<T> {
    try {
      signal?.throwIfAborted();
      return await task();
    } catch (error) {
      signal?.throwIfAborted();
      throw explainFailure(`${verb} "${target.label}"`, error);
    }
  }

  return {
    label: target.label,
    query: (sql, values) => attempt(() => client.query(sql, values && [...values])),
    copyIn: (sql, tuples) =>
      attempt(async () => {
        const stream = client.query(copyStreams.from(sql));
        const done = finished(stream);
        stream.write(copyHeader);
        for (const chunk of tuples) stream.write(chunk);
        stream.end(copyTrailer);
        await done;
      }),
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

interface DialOptions {
  readonly tls: TlsConfig;
  readonly signal: AbortSignal | undefined;
}

async function dial(target: Target, { tls, signal }: DialOptions): Promise<Client> {
  const { user, host, port, database, password, params } = target;
  const client = new Client({
    ...(user !== undefined && { user }),
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port }),
    ...(database !== undefined && { database }),
    ...(password !== undefined && { password }),
    ...(params["options"] !== undefined && { options: params["options"] }),
    application_name: params["application_name"] ?? "decant",
    connectionTimeoutMillis: 1000 * Number(params["connect_timeout"] ?? 30),
    keepAlive: true,
    ssl: tls.ssl,
  });
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
    return await dial(target, { tls: { ssl: false, mayBePlain: false }, signal });
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}
