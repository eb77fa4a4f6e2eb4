import { DecantError } from "@decant/core";

/**
 * Makes a URL of an address that requests may go to.
 *
 * @throws {DecantError} `REQUEST_INVALID`, without the address, which may hold a password.
 */
export function checkUrl(value: string | URL): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url)
    throw invalid("the address is malformed", "Give a full one, such as https://host/path.");
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw invalid(`its scheme is "${url.protocol}"`, "Give an address with https or http.");
  }
  if (url.username || url.password) {
    throw invalid(`the address of "${url.host}" holds a user name`, "Send a header instead.");
  }
  return url;
}

function invalid(state: string, hint: string): DecantError {
  const message = `Cannot send the request: ${state}`;
  return new DecantError("REQUEST_INVALID", message, { kind: "usage", hint });
}
