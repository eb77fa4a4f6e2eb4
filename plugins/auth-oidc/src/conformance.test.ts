import { tokenProviderConformance } from "@decant/core/conformance";
import { afterAll, describe, test } from "vitest";
import { memoryStore, open, person, tool } from "./testing/open.ts";
import { startServer } from "./testing/start-server.ts";

const server = await startServer({ rotate: false });
afterAll(() => server[Symbol.asyncDispose]());
const wrong = "a wrong secret + of/the client=";

describe("client-credentials", () => {
  tokenProviderConformance({
    test,
    open: () => open(server),
    broken: () => open(server, { options: { "client-secret": wrong } }),
    secrets: () => [wrong, encodeURIComponent(wrong), btoa(`machine:${wrong}`)],
    minted: server.minted,
    scopes: ["write"],
  });
});

const secrets = memoryStore();
const { tell, sleep } = person("me");
const signedIn = { options: tool, context: { tell, secrets }, sleep };
await (await open(server, signedIn)).getToken({ scopes: ["read", "write"] });
const [kept = ""] = secrets.secrets.values();
const { refreshToken } = JSON.parse(kept) as { readonly refreshToken: string };
const renewing = { ...tool, grant: "refresh-token" } as const;

describe("device-code, once somebody has signed in", () => {
  tokenProviderConformance({
    test,
    open: () => open(server, { options: tool, context: { secrets } }),
    broken: () => open(server, { options: { ...renewing, "refresh-token": wrong } }),
    secrets: () => [wrong, refreshToken],
    minted: server.minted,
    scopes: ["write"],
  });
});

describe("refresh-token", () => {
  tokenProviderConformance({
    test,
    open: () => open(server, { options: { ...renewing, "refresh-token": refreshToken } }),
    broken: () => open(server, { options: { ...renewing, "refresh-token": `${refreshToken}x` } }),
    secrets: () => [refreshToken],
    minted: server.minted,
    scopes: ["write"],
  });
});
