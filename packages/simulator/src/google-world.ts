import { createSigningKey, randomHex, randomText, type SigningKey } from "./google-jwt.ts";
import type { MutualTls } from "./google-mutual-tls.ts";
import type { GoogleMachineOptions, GoogleOptions } from "./google-options.ts";
import type { GoogleAccounts, IssuedToken } from "./google-simulator.ts";
import type { TlsFront } from "./google-tls-front.ts";
import { createServiceAccount, type ServiceAccount } from "./service-account-key.ts";

/** The project that all is in. */
export const project = { id: "demo-project", number: "123456789012" } as const;

/** Grants everything that a scope can. */
export const cloudPlatform = "https://www.googleapis.com/auth/cloud-platform";

/** Whom the user's consent was given to, and what proves it. */
export interface OAuthClient {
  readonly id: string;
  readonly secret: string;
  readonly refreshToken: string;
  readonly scopes: readonly string[];
  readonly principal: string;
}

/** What the AWS metadata server hands out, and what signatures are checked with. */
interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** All that the endpoints know. */
export interface GoogleWorld {
  readonly url: string;
  readonly now: () => number;
  readonly options: GoogleOptions;
  readonly machine: Required<GoogleMachineOptions>;
  readonly account: ServiceAccount;
  readonly accounts: GoogleAccounts;
  readonly tokenCreators: Readonly<Record<string, readonly string[]>>;
  readonly universeDomain: string;
  /** Signs identity tokens. */
  readonly google: SigningKey;
  /** Signs subject tokens: the provider that the workload identity pool trusts. */
  readonly foreign: SigningKey;
  readonly user: OAuthClient;
  /** A user of a workforce pool. */
  readonly worker: OAuthClient;
  readonly aws: AwsKeys;
  readonly mutualTls: (MutualTls & TlsFront) | undefined;
  readonly issued: IssuedToken[];
  /** Access and refresh tokens that nobody may use any more. */
  readonly revoked: Set<string>;
}

const serviceAccount = (name: string) => `${name}@${project.id}.iam.gserviceaccount.com`;

const accounts: GoogleAccounts = {
  user: "ada@example.com",
  exporter: serviceAccount("exporter"),
  machine: `${project.number}-compute@developer.gserviceaccount.com`,
  reader: serviceAccount("reader"),
  relay: serviceAccount("relay"),
  vault: serviceAccount("vault"),
};

// Google has one set of keys for all, and 2048 bits take a while to find.
let googleKey: Promise<SigningKey> | undefined;

/** Makes accounts and keys for a server at this address. */
export async function createGoogleWorld(
  options: GoogleOptions,
  { url, mutualTls }: Pick<GoogleWorld, "url" | "mutualTls">,
): Promise<GoogleWorld> {
  googleKey ??= createSigningKey("RS256");
  const exporter = {
    email: accounts.exporter,
    id: numericId(accounts.exporter),
    project: project.id,
  };
  const { exporter: keyed, user, relay, reader, vault } = accounts;
  return {
    ...{ url, mutualTls, options, accounts, issued: [], revoked: new Set() },
    now: options.now ?? Date.now,
    universeDomain: options.universeDomain ?? "googleapis.com",
    machine: {
      serviceAccount: true,
      scopes: [cloudPlatform, "https://www.googleapis.com/auth/userinfo.email"],
      attributes: { "cluster-name": "demo-cluster" },
      ...options.machine,
    },
    account: await createServiceAccount(url, exporter),
    tokenCreators: options.tokenCreators ?? {
      [reader]: [user, keyed, relay, accounts.machine, "principal://*"],
      [relay]: [user, keyed],
      [vault]: [relay],
    },
    google: await googleKey,
    foreign: await createSigningKey("ES256"),
    user: oauthClient(user, ["openid", "https://www.googleapis.com/auth/userinfo.email"]),
    worker: oauthClient(
      "principal://iam.googleapis.com/locations/global/workforcePools/demo-workforce/subject/grace@example.org",
      [],
    ),
    aws: {
      accessKeyId: `ASIA${randomHex(8).toUpperCase()}`,
      secretAccessKey: randomText(30),
      sessionToken: randomText(120),
    },
  };
}

/** The unique number of an account, always the same for the same address. */
export function numericId(address: string): string {
  let number = 0n;
  for (const char of address) number = (number * 31n + BigInt(char.codePointAt(0)!)) % 10n ** 18n;
  return `1${String(number).padStart(20, "0")}`;
}

function oauthClient(principal: string, scopes: readonly string[]): OAuthClient {
  return {
    id: `${project.number}-${randomHex(8)}.apps.googleusercontent.com`,
    secret: `GOCSPX-${randomText(20)}`,
    refreshToken: `1//0${randomText(60)}`,
    scopes: [...scopes, cloudPlatform],
    principal,
  };
}
