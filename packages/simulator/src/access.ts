import { Buffer } from "node:buffer";
import type { Reply } from "./loopback-server.ts";
import { hex } from "./random.ts";
import { detail } from "./reply.ts";
import type { Flavor } from "./sentry-options.ts";
import type { SimulatedTokens } from "./sentry-simulator.ts";

/** What the bearer of a token may do, and whose limits it uses up. */
export interface Access {
  readonly scopes: readonly string[];
  /** Tokens of one user share their limits; organisation tokens count by address. */
  readonly identity: string;
  readonly refusal?: Reply;
}

/** The tokens of a server. */
export interface TokenTable {
  readonly token: string;
  readonly tokens: SimulatedTokens;
  /** What an `Authorization` header gives, or the 401 for it. */
  check(header: string | undefined): Access | Reply;
  /** Makes a token of the same user with these scopes. */
  create(scopes: readonly string[]): string;
}

const readAll = [
  "org:read",
  "project:read",
  "event:read",
  "member:read",
  "team:read",
  "alerts:read",
];

/** Makes the tokens. */
export function createTokenTable(options: {
  flavor: Flavor;
  seed: number;
  org: string;
  origin: string;
}): TokenTable {
  const { flavor, seed, org, origin } = options;
  const prefix = flavor === "saas" || flavor === "self-hosted" ? "sntryu_" : "";
  const make = (nth: number) => prefix + hex(seed ^ 0x70, nth, 64);
  const token = make(0);
  const tokens: SimulatedTokens = {
    org: orgToken({ org, origin, seed }),
    noEventScope: make(1),
    noProjectScope: make(2),
    noOrgScope: make(3),
    sso: make(4),
    expired: make(5),
  };
  const user = (scopes: readonly string[], refusal?: Reply): Access => ({
    scopes,
    identity: "user:1",
    ...(refusal ? { refusal } : {}),
  });
  const without = (scope: string) => user(readAll.filter((one) => one !== scope));
  const known = new Map<string, Access>([
    [token, user(readAll)],
    [tokens.org, { scopes: ["org:ci"], identity: "ip:127.0.0.1" }],
    [tokens.noEventScope, without("event:read")],
    [tokens.noProjectScope, without("project:read")],
    [tokens.noOrgScope, without("org:read")],
    [tokens.sso, user(readAll, detail(401, ssoRequired(org)))],
    [tokens.expired, user(readAll, detail(401, "Token expired"))],
  ]);
  return {
    ...{ token, tokens },
    check: (header) => check(header, { known, flavor }),
    create(scopes) {
      const created = make(known.size);
      known.set(created, user(scopes));
      return created;
    },
  };
}

function check(
  header: string | undefined,
  { known, flavor }: { known: ReadonlyMap<string, Access>; flavor: Flavor },
): Access | Reply {
  const glitchtip = flavor === "glitchtip";
  const token = /^bearer (.+)$/i.exec(header ?? "")?.[1];
  if (token === undefined) {
    return detail(
      401,
      glitchtip ? "Unauthorized" : "Authentication credentials were not provided.",
    );
  }
  const access = known.get(token);
  if (access && !(glitchtip && access.refusal)) return access.refusal ?? access;
  if (glitchtip) return detail(401, "Unauthorized");
  return detail(401, token.startsWith("sntrys_") ? "Invalid org token" : "Invalid token");
}

function orgToken({ org, origin, seed }: { org: string; origin: string; seed: number }): string {
  const payload = JSON.stringify({ iat: 1_767_225_600.5, url: origin, region_url: origin, org });
  const encode = (text: string) => Buffer.from(text).toString("base64").replace(/=+$/, "");
  return `sntrys_${Buffer.from(payload).toString("base64")}_${encode(hex(seed ^ 0x70, 9, 32))}`;
}

function ssoRequired(org: string) {
  return {
    code: "sso-required",
    message: "Must login via SSO",
    extra: { loginUrl: `/auth/login/${org}/` },
  };
}
