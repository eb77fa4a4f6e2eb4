import { DecantError, isDecantError } from "@decant/core";
import type { Client } from "./create-client.ts";
import { isSentryIo, isTrusted } from "./is-trusted.ts";
import { isObject, type JsonObject, parseObject, parseObjects, textOf } from "./parse-json.ts";
import { apiPath, type Server } from "./server.ts";

/** What is known of the server before it is asked. */
export interface DetectOptions {
  readonly origin: string;
  readonly org?: string;
  readonly signal: AbortSignal;
}

/** Finds out which server this is. Whether issues lie where it says is seen later, with one in hand. */
export async function detectServer(client: Client, options: DetectOptions): Promise<Server> {
  const { origin } = options;
  const kind = (await isGlitchTip(client, options)) ? "glitchtip" : "sentry";
  const org = options.org ?? (await findOrg(client, options));
  const server: Server = {
    origin,
    ...(org !== undefined && { org }),
    kind,
    orgIssues: kind === "sentry" && org !== undefined,
    count: false,
  };
  if (org === undefined) return server;
  const detail = await readOrg(client, { ...options, org });
  return { ...server, origin: regionOf(detail, origin), count: kind === "sentry" };
}

/** Only GlitchTip has this address; a Sentry answers with anything but JSON, or not at all. */
async function isGlitchTip(client: Client, { origin, signal }: DetectOptions): Promise<boolean> {
  if (isSentryIo(origin)) return false;
  try {
    const settings = await client.get({
      origin,
      path: "/api/settings/",
      lane: "default",
      subject: { name: `the settings of "${origin}"`, scope: "org:read" },
      parse: parseSettings,
      signal,
      retries: 3,
    });
    return settings !== undefined;
  } catch (error) {
    if (isDecantError(error) && !error.retryable) return false;
    throw error;
  }
}

/** What begins as an object and does not end as one was cut off on the way, and is asked for again. */
function parseSettings(body: Uint8Array): JsonObject | undefined {
  const begins = new TextDecoder().decode(body.subarray(0, 64)).trimStart().startsWith("{");
  return begins ? parseObject(body) : undefined;
}

/** The organisation of a host of its own on sentry.io, or the only one that the token can see. */
async function findOrg(client: Client, options: DetectOptions): Promise<string | undefined> {
  const { origin, signal } = options;
  const own = /^https:\/\/([a-z0-9-]+)\.sentry\.io$/.exec(origin)?.[1];
  if (own !== undefined && !["us", "de", "www"].includes(own)) return own;
  const slugs = await listOrgs(client, { origin, signal });
  if (slugs.length === 1) return slugs[0];
  if (!isSentryIo(origin) && slugs.length === 0) return undefined;
  const known = slugs.length > 0 ? `: one of ${slugs.join(", ")}` : "";
  throw new DecantError(
    "SENTRY_AMBIGUOUS",
    `Cannot tell which organisation is meant on "${origin}": the token can see ${slugs.length || "none by itself"}`,
    { kind: "usage", hint: `Name the organisation with --org${known}.` },
  );
}

async function listOrgs(
  client: Client,
  { origin, signal }: Pick<DetectOptions, "origin" | "signal">,
): Promise<string[]> {
  try {
    const orgs = await client.get({
      origin,
      path: apiPath("organizations"),
      lane: "default",
      subject: { name: `the organisations of "${origin}"`, scope: "org:read" },
      parse: parseObjects,
      signal,
    });
    return orgs.map((org) => textOf(org["slug"])).filter((slug) => slug !== undefined);
  } catch (error) {
    // Not all servers list them; a base URL that is wrong shows at the next request.
    const codes = ["SENTRY_FORBIDDEN", "SENTRY_NOT_FOUND", "SENTRY_WRONG_URL"];
    if (isDecantError(error) && codes.includes(error.code)) return [];
    throw error;
  }
}

/** A token without org:read may not read this, and may still read events. */
async function readOrg(
  client: Client,
  { origin, org, signal }: DetectOptions & { readonly org: string },
): Promise<JsonObject> {
  try {
    return await client.get({
      origin,
      path: apiPath("organizations", org),
      lane: "default",
      subject: { name: `organisation "${org}"`, scope: "org:read" },
      parse: parseObject,
      signal,
    });
  } catch (error) {
    if (!isDecantError(error)) throw error;
    if (error.code === "SENTRY_FORBIDDEN") return {};
    if (error.code === "SENTRY_NOT_FOUND") throw await whyNoOrg(client, { origin, org, signal });
    throw error;
  }
}

/** Tells a wrong name from a server that is no Sentry at all. */
async function whyNoOrg(
  client: Client,
  { origin, org, signal }: DetectOptions & { readonly org: string },
): Promise<DecantError> {
  const slugs = await client
    .get({
      origin,
      path: apiPath(),
      lane: "default",
      subject: { name: `the API of "${origin}"`, scope: "org:read" },
      parse: parseObject,
      signal,
      retries: 1,
    })
    .then(() => listOrgs(client, { origin, signal }))
    .catch(() => undefined);
  if (slugs === undefined) {
    return new DecantError(
      "SENTRY_WRONG_URL",
      `Cannot find Sentry at "${origin}": it has no such API`,
      {
        kind: "usage",
        hint: "Check that this is the base URL of a Sentry server.",
      },
    );
  }
  const known = slugs.length > 0 ? ` It can see ${slugs.join(", ")}.` : "";
  return new DecantError(
    "SENTRY_NOT_FOUND",
    `Cannot read organisation "${org}": there is none that the token can see`,
    { kind: "usage", hint: `Check the name of the organisation and the base URL.${known}` },
  );
}

/** Requests to the region itself spare a hop; the token goes nowhere but to Sentry's own hosts. */
function regionOf(org: JsonObject, origin: string): string {
  const links = org["links"];
  const region = isObject(links) ? URL.parse(String(links["regionUrl"]))?.origin : undefined;
  return region !== undefined && isTrusted(region, origin) ? region : origin;
}
