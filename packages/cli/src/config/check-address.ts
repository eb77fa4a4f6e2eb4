import { DecantError, isLoopback } from "@decant/core";

/**
 * Checks the base address of a server as a user of the command line gave it. What else can be wrong
 * with it the source says.
 *
 * @throws {DecantError} `SENTRY_URL_INVALID`.
 */
export function checkAddress(text: string, { insecure }: { readonly insecure: boolean }): void {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    // What stands before an @ may be a password.
    const shown = text.includes("@") ? "the address" : `"${text}"`;
    throw refuse(shown, "it is no http(s) address", {
      hint: "Give the base address of the server with --url, such as https://sentry.example.com.",
    });
  }
  if (url.protocol === "https:" || insecure || isLoopback(url.hostname)) return;
  throw refuse(`"${url.origin}"`, "http would send the token unencrypted", {
    hint: `Use https://${url.host}, or --allow-insecure-http if nobody can listen on the way.`,
  });
}

function refuse(shown: string, state: string, { hint }: { readonly hint: string }): DecantError {
  return new DecantError("SENTRY_URL_INVALID", `Cannot use ${shown}: ${state}`, {
    kind: "usage",
    hint,
  });
}
