import { expect, test } from "vitest";
import { request } from "./request.ts";
import { failureOf } from "./testing/failure-of.ts";
import { parseJson } from "./testing/parse-json.ts";
import { serve } from "./testing/serve.ts";

/** Fails each try with this, without a network. */
function failing(error: Error) {
  let tries = 0;
  const done = request({
    url: "https://sentry.example/api/0/",
    parse: parseJson,
    async fetch() {
      tries++;
      throw error;
    },
    retry: { retries: 2, sleep: async () => {} },
  });
  return { done, tries: () => tries };
}

/** As Node's fetch: what happened is the cause. */
function node(code: string): Error {
  return new TypeError("fetch failed", { cause: Object.assign(new Error("in words"), { code }) });
}

/** As Bun's fetch: the error itself has the code. */
function bun(code: string): Error {
  return Object.assign(new TypeError("in words"), { code });
}

/** As Deno's fetch: no code, and the words of rustls. */
function deno(words: string): Error {
  const message = `error sending request for url (https://sentry.example/api/0/): client error (Connect): ${words}`;
  return new TypeError("fetch failed", { cause: new Error(message) });
}

test("request() says at once that a server speaks no TLS", async () => {
  await using server = await serve((_req, res) => res.end("[1]"));
  const url = server.url.replace("http:", "https:");
  const error = await failureOf(request({ url, parse: parseJson, retry: { minDelayMs: 60_000 } }));
  expect(error).toMatchObject({ code: "TLS_FAILED", kind: "usage", retryable: false });
  // In brackets stands what the runtime says of it.
  expect(error.message).toMatch(/^Cannot read "https:.*": TLS cannot be agreed on with it \(.+\)$/);
  expect(error.hint).toContain("http://");
});

test.each([
  ["Node", node("DEPTH_ZERO_SELF_SIGNED_CERT")],
  ["Node", node("SELF_SIGNED_CERT_IN_CHAIN")],
  ["Node", node("UNABLE_TO_VERIFY_LEAF_SIGNATURE")],
  ["Node", node("UNABLE_TO_GET_ISSUER_CERT_LOCALLY")],
  ["Node", node("CERT_HAS_EXPIRED")],
  ["Node", node("ERR_TLS_CERT_ALTNAME_INVALID")],
  ["Bun", bun("DEPTH_ZERO_SELF_SIGNED_CERT")],
  ["Deno", deno("invalid peer certificate: UnknownIssuer")],
  ["Deno", deno("invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))")],
])("request() says at once that %s does not trust a certificate: %s", async (_runtime, cause) => {
  const { done, tries } = failing(cause);
  const error = await failureOf(done);
  expect(error).toMatchObject({ code: "TLS_FAILED", kind: "usage", retryable: false, cause });
  expect(error.message).toMatch(/its certificate is not trusted \([\w ]+\)$/);
  expect(error.hint).toContain("NODE_EXTRA_CA_CERTS");
  expect(tries()).toBe(1);
});

test.each([
  ["Node", node("ERR_SSL_WRONG_VERSION_NUMBER")],
  ["Node", node("ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION")],
  ["Node", node("EPROTO")],
  ["Bun", bun("EPROTO")],
  ["Deno", deno("received corrupt message of type InvalidContentType")],
  ["Deno", deno("received fatal alert: ProtocolVersion")],
])("request() says at once that %s cannot agree on TLS: %s", async (_runtime, cause) => {
  const { done, tries } = failing(cause);
  const error = await failureOf(done);
  expect(error).toMatchObject({ code: "TLS_FAILED", kind: "usage", retryable: false, cause });
  expect(error.hint).toContain("http://");
  expect(tries()).toBe(1);
});

test.each([
  ["Node", node("ENOTFOUND")],
  ["Node", node("ECONNRESET")],
  ["Node", node("ERR_SSL_UNEXPECTED_EOF_WHILE_READING")],
  ["Node", node("ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC")],
  ["Node", node("ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR")],
  ["Bun", bun("ECONNRESET")],
  ["Deno", deno("tls handshake eof")],
  ["Deno", deno("received fatal alert: InternalError")],
  ["Deno", deno("dns error: failed to lookup address information: Name or service not known")],
])("request() tries again after what may pass, on %s: %s", async (_runtime, cause) => {
  const { done, tries } = failing(cause);
  expect(await failureOf(done)).toMatchObject({ code: "SOURCE_UNAVAILABLE", retryable: true });
  expect(tries()).toBe(3);
});
