import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Answers the request with this number, counted from 1. */
export type Handler = (req: IncomingMessage, res: ServerResponse, count: number) => void;

/** A server on loopback, and what it was asked. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
  /** Path and query of each request so far. */
  readonly asked: readonly string[];
}

/** Starts a server on a free port of loopback. */
export async function serve(handler: Handler): Promise<TestServer> {
  const asked: string[] = [];
  const server = createServer((req, res) => {
    asked.push(req.url ?? "");
    handler(req, res, asked.length);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
