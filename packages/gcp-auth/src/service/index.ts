/**
 * A token service: the protocol of Google's metadata server and a plain `GET /token`, as one function
 * from `Request` to `Response` that runs in Node, Deno, Bun and at the edge.
 *
 * @module
 */

export { createTokenResponder } from "./create-token-responder.ts";
export { createTokenService } from "./create-token-service.ts";
export type {
  CacheResult,
  LogEntry,
  RateLimit,
  RequestInfo,
  ServedAccount,
  ServedInstance,
  TokenAnswer,
  TokenResponder,
  TokenService,
  TokenServiceOptions,
  TokenServiceRequest,
} from "./options.ts";
