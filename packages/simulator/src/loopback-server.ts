import { Buffer } from "node:buffer";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";

/** A request, as handlers see it. */
export interface Incoming {
  readonly method: string;
  /** The path with its query, as it came. */
  readonly path: string;
  readonly url: URL;
  /** The port that the client has at its side, where there is one. */
  readonly remotePort?: number | undefined;
  header(name: string): string | undefined;
  text(): Promise<string>;
}

/** An answer, and how to spoil it. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** Drops the connection before any answer, or in the middle of the body. */
  readonly drop?: "before" | "body";
  readonly delayMs?: number;
  /** Called when the last byte left, or the connection did. */
  readonly onEnd?: () => void;
}

/** A server on 127.0.0.1. */
export interface LoopbackServer {
  readonly url: string;
  close(): Promise<void>;
}

/** What a server is made of. */
export interface LoopbackOptions {
  readonly port?: number | undefined;
  readonly gzip?: boolean | undefined;
  readonly now: () => number;
}

/** Answers the requests to a port of 127.0.0.1. What a handler throws becomes a 500 that says so. */
export async function listen(
  handle: (request: Incoming) => Promise<Reply>,
  options: LoopbackOptions,
): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    void handle(incoming(request))
      .catch((error: unknown) => crash(error))
      .then((reply) => send(reply, { request, response, options }));
  });
  // Longer than any pause of a client, so that no reused connection is closed under it.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  let closing: Promise<void> | undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      closing ??= new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      return closing;
    },
  };
}

function incoming(request: IncomingMessage): Incoming {
  const path = request.url ?? "/";
  return {
    method: request.method ?? "GET",
    path,
    // Two slashes at the start are a path too, and a proxy's request has a whole address.
    url: new URL(URL.canParse(path) ? path : `http://127.0.0.1/${path.replace(/^\//, "")}`),
    remotePort: request.socket.remotePort,
    header: (name) => [request.headers[name]].flat()[0],
    async text() {
      const chunks: Uint8Array[] = [];
      for await (const chunk of request) chunks.push(chunk as Uint8Array);
      return Buffer.concat(chunks).toString();
    },
  };
}

function crash(error: unknown): Reply {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { status: 500, headers: { "content-type": "text/plain" }, body: `simulator: ${text}\n` };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly options: LoopbackOptions;
}

async function send(reply: Reply, { request, response, options }: Exchange): Promise<void> {
  if (reply.onEnd) response.once("close", reply.onEnd);
  if (reply.delayMs) await new Promise((resolve) => setTimeout(resolve, reply.delayMs));
  if (reply.drop === "before") {
    request.socket.destroy();
    return;
  }
  const plain = typeof reply.body === "object" ? reply.body : Buffer.from(reply.body ?? "");
  const zip = options.gzip && /\bgzip\b/.test(request.headers["accept-encoding"] ?? "");
  const body = zip ? gzipSync(plain, { level: 1 }) : plain;
  response.writeHead(reply.status, {
    date: new Date(options.now()).toUTCString(),
    ...reply.headers,
    ...(zip ? { "content-encoding": "gzip", vary: "Accept-Encoding" } : {}),
    "content-length": body.byteLength,
  });
  if (reply.drop === "body") {
    response.write(body.subarray(0, body.byteLength / 2), () => request.socket.destroy());
    return;
  }
  response.end(request.method === "HEAD" ? undefined : body);
}
