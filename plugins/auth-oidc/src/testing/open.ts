import type { AuthContext, OptionValue, SecretStore, TokenProvider } from "@decant/core";
import { openProvider } from "../open-provider.ts";
import { signInAs } from "./sign-in-as.ts";
import { clientSecret, type TestServer } from "./start-server.ts";

/** How a provider is opened in a test. */
export interface OpenOptions {
  readonly options?: Readonly<Record<string, OptionValue>>;
  readonly context?: Partial<AuthContext>;
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly timeoutMs?: number;
}

/** Opens a provider for a test server: as the client `machine`, and with pauses that take no time. */
export function open(
  { issuer }: Pick<TestServer, "issuer">,
  { options, context, sleep = async () => {}, timeoutMs = 10_000 }: OpenOptions = {},
): Promise<TokenProvider> {
  const missing = Object.assign(new Error("ENOENT"), { code: "ENOENT" });
  return openProvider(
    {
      options: { issuer, "client-id": "machine", "client-secret": clientSecret, ...options },
      env: () => undefined,
      readFile: () => Promise.reject(missing),
      readStdin: () => Promise.reject(new Error("it reads no input")),
      now: Date.now,
      fetch,
      ...context,
    },
    { sleep, random: () => 0, timeoutMs },
  );
}

/** The options of a client without a secret that lets a person sign in. */
export const tool = {
  "client-id": "tool",
  "client-secret": undefined,
  grant: "device-code",
} as const;

/** A store of secrets in memory, as a host has it in files. */
export function memoryStore(secrets: Map<string, string> = new Map()): SecretStore & {
  readonly secrets: Map<string, string>;
} {
  return {
    secrets,
    get: async (name) => secrets.get(name),
    async update(name, change) {
      const secret = await change(secrets.get(name));
      if (secret === undefined) secrets.delete(name);
      else secrets.set(name, secret);
    },
  };
}

/** A person who does what is told. */
export function person(login: string, refuses = false) {
  const told: string[] = [];
  return {
    told,
    tell: (line: string) => void told.push(line),
    /** In place of the pause between two questions. */
    async sleep(): Promise<void> {
      const address = told.map((line) => /Or open (\S+)/.exec(line)?.[1]).findLast(Boolean);
      if (address) await signInAs(address, { login, refuses });
    },
  };
}
