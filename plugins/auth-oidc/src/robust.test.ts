import { isDecantError } from "@decant/core";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { discovery, startFake } from "./testing/fake-server.ts";
import { open, tool } from "./testing/open.ts";

const server = await startFake();
const { issuer } = server;
const description = server.answers[discovery]!;
afterAll(() => server[Symbol.asyncDispose]());

const json = fc.jsonValue({ maxDepth: 2 });

/** Gets a token of a server that says anything; whatever it is, there is a token or a plain error. */
async function getsTokenOrError(options: Record<string, string | undefined>): Promise<void> {
  let time = Date.now();
  const provider = await open(server, {
    options,
    context: { now: () => time, tell: () => {} },
    async sleep(ms) {
      time += ms;
    },
  });
  const result = await provider.getToken({ scopes: ["read"] }).catch((error: unknown) => error);
  if (!(result instanceof Error))
    expect(result).toMatchObject({ value: expect.stringMatching(/^[\x21-\x7e]+$/) });
  else expect(isDecantError(result), String(result)).toBe(true);
}

test("a server may describe itself in any way", async () => {
  const fields = [
    "token_endpoint",
    "jwks_uri",
    "scopes_supported",
    "token_endpoint_auth_methods_supported",
    "token_endpoint_auth_signing_alg_values_supported",
    "id_token_signing_alg_values_supported",
    "mtls_endpoint_aliases",
    "device_authorization_endpoint",
  ];
  const odd = fc.dictionary(fc.constantFrom(...fields), json);
  await fc.assert(
    fc.asyncProperty(odd, fc.constantFrom({}, tool), async (more, options) => {
      const { body } = description as { body: object };
      server.answers[discovery] = { body: { ...body, ...more } };
      server.answers["/device"] = { body: {} };
      await getsTokenOrError(options);
    }),
    { numRuns: 60 },
  );
  server.answers[discovery] = description;
});

test("a token endpoint may answer anything", async () => {
  const fields = [
    "access_token",
    "token_type",
    "expires_in",
    "refresh_token",
    "scope",
    "id_token",
    "error",
  ];
  const odd = fc.dictionary(
    fc.constantFrom(...fields),
    fc.oneof(json, fc.constantFrom("bearer", "a.b.c")),
  );
  await fc.assert(
    fc.asyncProperty(odd, fc.constantFrom({}, tool), async (more, options) => {
      const usual = { access_token: "a-token", token_type: "bearer", expires_in: 60 };
      server.answers["/token"] = { body: { ...usual, ...more } };
      const code = {
        device_code: "d",
        user_code: "u",
        verification_uri: `${issuer}/`,
        expires_in: 20,
      };
      server.answers["/device"] = { body: code };
      await getsTokenOrError(options);
    }),
    { numRuns: 60 },
  );
});

test("a device endpoint may answer anything", async () => {
  const fields = [
    "device_code",
    "user_code",
    "verification_uri",
    "verification_uri_complete",
    "expires_in",
    "interval",
  ];
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.constantFrom(...fields), json), async (more) => {
      const usual = { device_code: "d", user_code: "u", verification_uri: issuer, expires_in: 20 };
      server.answers["/device"] = { body: { ...usual, ...more } };
      await getsTokenOrError(tool);
    }),
    { numRuns: 60 },
  );
});
