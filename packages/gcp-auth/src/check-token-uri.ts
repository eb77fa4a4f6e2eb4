import { isLoopback } from "@decant/core";
import { keyError } from "./key-error.ts";

/**
 * Refuses a token endpoint that an assertion must not be sent to. Any https host is allowed: the
 * assertion names the endpoint as its audience, so that it is worth nothing anywhere else.
 *
 * @throws {DecantError} `GCP_TOKEN_URI`
 */
export function checkTokenUri(uri: string, source: string): void {
  const refuse = (state: string) =>
    keyError(source, {
      code: "GCP_TOKEN_URI",
      state,
      hint: "Use the key file as it was downloaded; its token_uri is https://oauth2.googleapis.com/token.",
    });
  if (!URL.canParse(uri)) throw refuse("its token_uri is not an address");
  const url = new URL(uri);
  if (url.username || url.password) throw refuse("its token_uri holds a user or a password");
  // RFC 6749 section 3.2.
  if (uri.includes("#")) throw refuse("its token_uri has a fragment");
  if (url.protocol === "https:") return;
  if (url.protocol === "http:" && isLoopback(url.hostname)) return;
  throw refuse(`its token_uri is ${url.protocol}//${url.host}, which is not https`);
}
