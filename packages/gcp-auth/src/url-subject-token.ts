import { isLoopback } from "@decant/core";
import { callServer } from "./call-server.ts";
import { checkEndpoint } from "./check-endpoint.ts";
import { credentialError } from "./credential-error.ts";
import { subjectTokenPicker } from "./pick-subject-token.ts";
import { readFields } from "./read-fields.ts";
import { sourceExchange } from "./source-exchange.ts";
import type { SubjectTokenContext, SubjectTokenSource } from "./subject-token.ts";

/** A subject token that a server hands out, such as Azure's metadata server or GitHub. */
export function urlSubjectToken(context: SubjectTokenContext): SubjectTokenSource {
  const { credentialSource, source } = context;
  const fields = readFields(credentialSource, source);
  const url = checkSourceUrl(fields.text("url"), source);
  const headers = checkHeaders(fields.texts("headers"), source);
  const pick = subjectTokenPicker(context);
  const exchange = sourceExchange(context, { url, field: "credential_source.url" });
  return {
    endpoints: [url],
    async get(options) {
      return pick((await callServer({ ...exchange, method: "GET", headers }, options)).text);
    },
  };
}

/** The metadata servers of clouds speak plain http, on an address that does not leave the machine. */
function checkSourceUrl(address: string, source: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isLinkLocal = url !== undefined && /^169\.254(\.\d{1,3}){2}$/.test(url.hostname);
  if (url?.protocol === "http:" && isLinkLocal && !isLoopback(url.hostname)) return address;
  return checkEndpoint(address, { source, field: "credential_source.url" });
}

/** A runtime's own error of a wrong header would quote it, and it may hold a secret. */
function checkHeaders(headers: Readonly<Record<string, string>>, source: string) {
  for (const [name, value] of Object.entries(headers)) {
    if (/^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\x20-\x7e]*$/.test(value)) continue;
    throw credentialError(source, { state: "its credential_source.headers are no headers" });
  }
  return headers;
}
