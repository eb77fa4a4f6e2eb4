import { DecantError, type OptionValue } from "@decant/core";
import type { RateLimit, ServedInstance, TokenServiceOptions } from "@decant/gcp-auth/service";
import { readEnv } from "../config/read-env.ts";
import { pickOptions } from "../plugins/option-flags.ts";
import { resolveOptions } from "../plugins/resolve-options.ts";
import { parseAddress, type ServiceAddress } from "./parse-address.ts";
import { serveOptions } from "./serve-options.ts";

/** What the flags of `serve` said. */
export interface ServeSettings {
  readonly address: ServiceAddress;
  /** The permissions of a socket. */
  readonly socketMode: number;
  readonly secretFile?: string;
  readonly maxConnections: number;
  readonly account: { readonly scopes: readonly string[]; readonly email?: string };
  readonly service: Omit<TokenServiceOptions, "accounts" | "secret" | "signal" | "onLog">;
}

type Values = Readonly<Record<string, OptionValue>>;

/**
 * Reads the flags of `serve`.
 *
 * @throws {DecantError} `OPTION_INVALID` or `ADDRESS_INVALID`.
 */
export function readServeOptions(flags: Readonly<Record<string, unknown>>): ServeSettings {
  const values = resolveOptions(serveOptions, {
    given: pickOptions(flags, serveOptions, ""),
    env: readEnv,
    label: (name) => `--${name}`,
  });
  const address = parseAddress(text(values, "listen")!);
  const allowedScopes = list(values, "allow-scopes");
  const asked = list(values, "scopes");
  const hosts = list(values, "allow-hosts");
  return {
    address,
    socketMode: Number.parseInt(text(values, "socket-mode")!, 8),
    maxConnections: values["max-connections"] as number,
    account: {
      scopes: asked.length > 0 ? asked : allowedScopes,
      ...defined({ email: text(values, "account-email") }),
    },
    service: {
      hosts: address.kind === "port" ? [...hosts, address.host] : hosts,
      maxTokens: values["max-tokens"] as number,
      projectAttributes: attributes(values, "project-attribute"),
      instance: readInstance(values),
      ...defined({
        allowedScopes: some(allowedScopes),
        allowedAudiences: some(list(values, "allow-audiences")),
        rateLimit: readRateLimit(values),
        projectId: text(values, "project-id"),
        numericProjectId: text(values, "project-number"),
      }),
    },
    ...defined({ secretFile: text(values, "secret-file") }),
  };
}

function readInstance(values: Values): ServedInstance {
  return {
    attributes: attributes(values, "instance-attribute"),
    ...defined({
      id: text(values, "instance-id"),
      name: text(values, "instance-name"),
      zone: text(values, "instance-zone"),
      hostname: text(values, "instance-hostname"),
    }),
  };
}

function readRateLimit(values: Values): RateLimit | undefined {
  const perSecond = values["rate-limit"] as number | undefined;
  const burst = values["rate-burst"] as number | undefined;
  if (perSecond !== undefined) return { perSecond, burst: burst ?? perSecond };
  if (burst === undefined) return undefined;
  throw refuse(`"${burst}" for "--rate-burst"`, {
    state: "there is no --rate-limit",
    hint: "Give --rate-limit too, or neither.",
  });
}

function attributes(values: Values, name: string): Record<string, string> {
  const texts = (values[name] ?? []) as readonly string[];
  return Object.fromEntries(
    texts.map((given) => {
      const [, key, value] = /^([\w-]+)=(.*)$/s.exec(given) ?? [];
      if (key !== undefined && value !== undefined) return [key, value];
      throw refuse(`"${given}" for "--${name}"`, {
        state: "it is not NAME=VALUE",
        hint: "Names are made of letters, digits, - and _.",
      });
    }),
  );
}

function text(values: Values, name: string): string | undefined {
  return values[name] as string | undefined;
}

/** Each text may hold several, with commas or spaces between them. */
function list(values: Values, name: string): string[] {
  const texts = (values[name] ?? []) as readonly string[];
  return texts.flatMap((given) => given.split(/[\s,]+/)).filter(Boolean);
}

function some<Item>(items: readonly Item[]): readonly Item[] | undefined {
  return items.length > 0 ? items : undefined;
}

type Defined<Members> = { [Name in keyof Members]?: Exclude<Members[Name], undefined> };

/** Leaves out the members that are undefined. */
function defined<Members extends object>(members: Members): Defined<Members> {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Defined<Members>;
}

function refuse(what: string, { state, hint }: { state: string; hint: string }): DecantError {
  return new DecantError("OPTION_INVALID", `Cannot use ${what}: ${state}`, { kind: "usage", hint });
}
