import { type CallOptions, callServer, type ServerRequest } from "./call-server.ts";
import type { Exchange } from "./exchange-error.ts";
import { parseObject } from "./parse-object.ts";
import { invalidAnswer } from "./parse-token.ts";

/**
 * Asks a revocation endpoint to end a login (RFC 7009). A page of somebody in between is no answer,
 * even one of success.
 *
 * @throws {DecantError} for anything but an answer of success.
 */
export async function revokeLogin(
  exchange: Exchange & ServerRequest,
  options: CallOptions,
): Promise<void> {
  const request = { ...exchange, action: "revoke the login of" };
  const { text } = await callServer(request, options);
  if (text.trim() !== "" && !parseObject(text)) {
    throw invalidAnswer(request, "is not that of a revocation endpoint");
  }
}
