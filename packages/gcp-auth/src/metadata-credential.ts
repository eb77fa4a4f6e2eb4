import type { DecantError } from "@decant/core";
import { type Answer, type CallOptions, callForJson, callOnce, callServer } from "./call-server.ts";
import type { Credential, IdTokenOptions } from "./credential.ts";
import { type Detection, pingMetadata } from "./detect-metadata.ts";
import type { Effects } from "./effects.ts";
import { type Exchange, type ExchangeFlaw, exchangeError } from "./exchange-error.ts";
import type { MetadataServer } from "./metadata-server.ts";
import { parseIdToken } from "./parse-id-token.ts";
import { type ExpiringToken, parseToken } from "./parse-token.ts";
import type { Refusal } from "./refusal-error.ts";

/** What {@linkcode metadataCredential} works with. */
export interface MetadataOptions {
  readonly server: MetadataServer;
  /** Whether it is known to be there. `unknown`: it is asked, before the first token. */
  readonly detection: Exclude<Detection, "absent">;
  /** The error where it is not there. */
  readonly missing: () => DecantError;
  readonly effects: Effects;
}

const flavor = { "metadata-flavor": "Google" };

/**
 * The account of the machine, by the metadata server of Compute Engine, GKE, Cloud Run and their like
 * (https://cloud.google.com/compute/docs/metadata/overview).
 */
export function metadataCredential(options: MetadataOptions): Credential {
  const { server, missing, effects } = options;
  let present = options.detection === "present";

  async function prepare(signal: AbortSignal): Promise<CallOptions> {
    present ||= await pingMetadata(server, { ...effects, signal });
    if (!present) throw missing();
    return { ...effects, signal };
  }

  return {
    kind: "metadata_server",
    defaultScopes: [],
    endpoints: [accountUrl(server, "token")],
    warnings: [
      ...(options.detection === "unknown"
        ? ["Whether there is a metadata server shows only when a token is asked for."]
        : []),
      "On a virtual machine of Compute Engine a token has the scopes of the machine, whatever is asked for.",
    ],
    mint: async (scopes, signal) => mint(server, scopes, await prepare(signal)),
    mintIdToken: async (request, signal) => mintIdToken(server, request, await prepare(signal)),
  };
}

function accountUrl({ url }: MetadataServer, path: string): string {
  return `${url}/computeMetadata/v1/instance/service-accounts/default/${path}`;
}

function metadataExchange(server: MetadataServer, path: string): Exchange {
  return {
    label: "the account of this machine",
    url: accountUrl(server, path),
    urlSource: server.variable ?? "whether this machine is one of Google's",
    scopes: [],
    findFlaw: metadataFlaw,
  };
}

async function mint(
  server: MetadataServer,
  scopes: readonly string[],
  options: CallOptions,
): Promise<ExpiringToken> {
  const query = scopes.length > 0 ? `?${new URLSearchParams({ scopes: scopes.join(",") })}` : "";
  const exchange = { ...metadataExchange(server, `token${query}`), scopes };
  const answer = await callForJson({ ...exchange, method: "GET", headers: flavor }, options);
  checkFlavor(exchange, answer);
  const principal = await readEmail(server, options);
  return { ...parseToken(exchange, answer), ...(principal && { principal }) };
}

async function mintIdToken(
  server: MetadataServer,
  { audience, format = "standard", licenses }: IdTokenOptions,
  options: CallOptions,
): Promise<ExpiringToken> {
  const query = new URLSearchParams({ audience, format, ...(licenses && { licenses: "TRUE" }) });
  const exchange = metadataExchange(server, `identity?${query}`);
  const answer = await callServer({ ...exchange, method: "GET", headers: flavor }, options);
  checkFlavor(exchange, answer);
  const value = answer.text.trim();
  const token = parseIdToken(exchange, { ...answer, value, field: "text", audience });
  if (token.principal !== undefined) return token;
  // A standard token does not name the account.
  const principal = await readEmail(server, options);
  return { ...token, ...(principal && { principal }) };
}

/** The address of the account. It is nice to know, and no reason to fail. */
async function readEmail(
  server: MetadataServer,
  options: CallOptions,
): Promise<string | undefined> {
  const exchange = metadataExchange(server, "email");
  try {
    const { text } = await callOnce({ ...exchange, method: "GET", headers: flavor }, options);
    return /^[\x21-\x7e]+@[\x21-\x7e]+$/.test(text.trim()) ? text.trim() : undefined;
  } catch {
    options.signal.throwIfAborted();
    return undefined;
  }
}

/** Refuses what another server answers at that address, such as the portal of a network. */
function checkFlavor(exchange: Exchange, { headers }: Answer): void {
  if (headers.get("metadata-flavor") === "Google") return;
  throw exchangeError(exchange, {
    code: "GCP_ANSWER_INVALID",
    state: "what answers is not the metadata server",
    hint: `Check ${exchange.urlSource}.`,
  });
}

function metadataFlaw({ status }: Refusal): ExchangeFlaw | undefined {
  if (status !== 404) return undefined;
  return {
    code: "GCP_ACCOUNT_MISSING",
    state: "this machine has no service account",
    hint: "Attach a service account to the machine, or use another credential.",
  };
}
