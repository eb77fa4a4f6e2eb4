import { createServer, type Server } from "node:http";
import type { TokenResponder } from "@decant/gcp-auth/service";
import { answerRequest } from "./answer-request.ts";

/**
 * Makes a server in which a client that sends slowly, or does not read, holds nothing but its own
 * connection, and not for long.
 */
export function createTokenServer(respond: TokenResponder, maxConnections: number): Server {
  const limits = {
    headersTimeout: 10_000,
    requestTimeout: 20_000,
    connectionsCheckingInterval: 2_000,
  };
  const server = createServer(limits, (...exchange) => void answerRequest(respond, exchange));
  server.maxConnections = maxConnections;
  return server;
}
