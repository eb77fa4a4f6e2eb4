import { createServer, type Server } from "node:http";
import type { Socket } from "node:net";
import type { TokenResponder } from "@decant/gcp-auth/service";
import { answerRequest } from "./answer-request.ts";

/**
 * How many answers of one connection may be open. A request takes much more memory than bytes of the
 * network, and a client could send thousands of them in one piece.
 */
const mostOpen = 32;

/**
 * Makes a server in which a client that sends slowly, does not read, or sends without end holds
 * nothing but its own connection, and not for long.
 */
export function createTokenServer(respond: TokenResponder, maxConnections: number): Server {
  const limits = {
    headersTimeout: 10_000,
    requestTimeout: 20_000,
    connectionsCheckingInterval: 2_000,
    // Else the first of two hosts would count, where a proxy may have gone by the second.
    joinDuplicateHeaders: true,
  };
  const open = new WeakMap<Socket, number>();
  const server = createServer(limits, (request, response) => {
    const { socket } = request;
    const count = open.get(socket) ?? 0;
    if (count >= mostOpen) return void socket.destroy();
    open.set(socket, count + 1);
    const onWritten = () => open.set(socket, open.get(socket)! - 1);
    void answerRequest(respond, { request, response, onWritten });
  });
  server.maxConnections = maxConnections;
  return server;
}
