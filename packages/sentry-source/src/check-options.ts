import { DecantError, isLoopback } from "@decant/core";

/** Makes the origin that requests go to of the base URL that a user gave. */
export function checkUrl(text: string, allowInsecureHttp: boolean): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw invalidUrl(
      "it is no http(s) URL",
      "Give the base URL of the server, as https://sentry.io.",
    );
  }
  const shown = url.origin;
  if (url.username || url.password) {
    throw invalidUrl("it holds a password", `Use "${shown}", and the token for the credentials.`);
  }
  if (url.pathname !== "/" || url.search || url.hash) {
    throw invalidUrl("it goes on behind the host", `Use "${shown}".`);
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname) && !allowInsecureHttp) {
    throw invalidUrl(
      "http would send the token unencrypted",
      `Use "https://${url.host}", or allow insecure http if nobody can listen.`,
    );
  }
  return url.origin;

  function invalidUrl(state: string, hint: string): DecantError {
    // What follows the host may be a secret; what cannot be parsed may be one, too.
    const value = url === null ? "the URL" : `"${url.origin}"`;
    return new DecantError("SENTRY_URL_INVALID", `Cannot use ${value}: ${state}`, {
      kind: "usage",
      hint,
    });
  }
}

/** Refuses what cannot be a token that reads events, without showing it. */
export function checkToken(token: string): void {
  if (token === "") {
    throw new DecantError("SENTRY_TOKEN_INVALID", "Cannot use the Sentry token: it is empty", {
      kind: "credentials",
      hint: "Set SENTRY_AUTH_TOKEN to a user token with the scopes event:read, project:read and org:read.",
    });
  }
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new DecantError(
      "SENTRY_TOKEN_INVALID",
      "Cannot use the Sentry token: it holds a space, a line break or another character that no token has",
      { kind: "credentials", hint: "Copy the token again, without quotes and line breaks." },
    );
  }
  const kind = token.startsWith("sntrys_")
    ? "an organisation token (sntrys_), which can upload releases but not read events"
    : /^https?:/.test(token)
      ? "a DSN or URL, which can send events but not read them"
      : undefined;
  if (kind !== undefined) {
    throw new DecantError("SENTRY_TOKEN_KIND", `Cannot use the Sentry token: it is ${kind}`, {
      kind: "credentials",
      hint: "Make a user token (sntryu_) or the token of an internal integration, with the scopes event:read, project:read and org:read.",
    });
  }
}

/** Makes headers of a user's own and the token. Values may be secrets, so errors only name them. */
export function checkHeaders(
  own: Readonly<Record<string, string>>,
  token: string,
): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(own)) {
    const state = !/^[!#$%&'*+.^_`|~\w-]+$/.test(name)
      ? "its name is no header name"
      : !/^[\x20-\x7e\x80-\xff\t]*$/.test(value)
        ? "its value holds a character that no header may hold"
        : name.toLowerCase() === "authorization"
          ? "it is where the Sentry token goes"
          : undefined;
    if (state === undefined) continue;
    throw new DecantError("SENTRY_OPTION_INVALID", `Cannot send header "${name}": ${state}`, {
      kind: "usage",
      hint: "Correct or leave out this header.",
    });
  }
  return { ...own, accept: "application/json", authorization: `Bearer ${token}` };
}
