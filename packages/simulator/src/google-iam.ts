import { Buffer } from "node:buffer";
import { apiErrors, invalidArgument, permissionDenied, refuseCall } from "./google-api-error.ts";
import { type GoogleCall, type GoogleReply, readJson, requireToken } from "./google-call.ts";
import { signBytes, signJwt } from "./google-jwt.ts";
import { mintAccessToken, mintIdToken, saidExpireTime } from "./google-mint.ts";
import type { JsonObject } from "./google-options.ts";
import type { IssuedToken } from "./google-simulator.ts";
import { cloudPlatform, type GoogleWorld, numericId } from "./google-world.ts";
import { json } from "./reply.ts";

interface IamRequest {
  readonly world: GoogleWorld;
  /** Whose token or signature it is. */
  readonly target: string;
  readonly body: JsonObject;
  /** Who asks, through whom, and so on: goes into the log. */
  readonly about: JsonObject;
}

interface IamMethod {
  readonly permission: string;
  run(request: IamRequest): Promise<GoogleReply>;
}

const methods: Readonly<Record<string, IamMethod>> = {
  generateAccessToken: { permission: "getAccessToken", run: generateAccessToken },
  generateIdToken: { permission: "getOpenIdToken", run: generateIdToken },
  signJwt: { permission: "signJwt", run: signClaims },
  signBlob: { permission: "signBlob", run: signBlob },
};

/**
 * `iamcredentials.googleapis.com`: tokens and signatures of a service account, for those who may act as
 * it, through delegates or not
 * (https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts).
 */
export async function iamCredentials(call: GoogleCall): Promise<GoogleReply> {
  const { world, params, request } = call;
  const caller = requireToken(call);
  const [name = "", methodName = ""] = params;
  const method = methods[methodName]!;
  if (!mayCall(caller)) throw refuseCall(apiErrors.scope);
  const body = await readJson(request);
  const target = findAccount(world, name);
  const delegates = readDelegates(body, world);
  const chain = [caller.principal, ...delegates, target];
  const allowed = chain.slice(1).every((account, i) => mayActAs(world, chain[i]!, account));
  if (!allowed) throw refuseCall(permissionDenied(`iam.serviceAccounts.${method.permission}`));
  const quotaProject = request.header("x-goog-user-project");
  const about = {
    ...{ caller: caller.principal, delegates, principal: target },
    ...(quotaProject === undefined ? {} : { quotaProject }),
  };
  return method.run({ world, target, body, about });
}

function mayCall({ scope = "" }: IssuedToken): boolean {
  const scopes = scope.split(" ");
  return [cloudPlatform, "https://www.googleapis.com/auth/iam"].some((one) => scopes.includes(one));
}

function mayActAs(world: GoogleWorld, caller: string, account: string): boolean {
  const creators = world.tokenCreators[account] ?? [];
  return creators.some(
    (creator) =>
      creator === caller || (creator.endsWith("*") && caller.startsWith(creator.slice(0, -1))),
  );
}

function findAccount({ accounts }: GoogleWorld, name: string): string {
  const { user, ...serviceAccounts } = accounts;
  const all = Object.values<string>(serviceAccounts);
  const account = all.find((email) => email === name || numericId(email) === name);
  if (account) return account;
  const message = `Not found; Gaia id not found for email ${name}`;
  throw refuseCall({ ...apiErrors.notFound, message });
}

function readDelegates({ delegates = [] }: JsonObject, world: GoogleWorld): string[] {
  if (!Array.isArray(delegates)) throw refuseCall(invalidArgument("delegates"));
  return delegates.map((delegate) => {
    const name = /^projects\/-\/serviceAccounts\/(.+)$/.exec(String(delegate))?.[1];
    if (!name) throw refuseCall(invalidArgument("delegates"));
    return findAccount(world, name);
  });
}

async function generateAccessToken(request: IamRequest): Promise<GoogleReply> {
  const { world, target, body, about } = request;
  const scopes = body["scope"];
  const known = (scope: unknown) => /^(https:\/\/\S+|openid|email|profile)$/.test(String(scope));
  if (!Array.isArray(scopes) || scopes.length === 0 || !scopes.every(known)) {
    throw refuseCall(invalidArgument("scope"));
  }
  const lifetime = readLifetime(request);
  const expiresAt = Math.floor(world.now() / 1_000 + lifetime) * 1_000;
  const grant = "generateAccessToken";
  const minted = { grant, principal: target, scope: scopes.join(" "), expiresAt } as const;
  const { token } = mintAccessToken(world, minted);
  const reply = json({ accessToken: token, ...saidExpireTime(world, expiresAt) });
  return { ...reply, verified: { ...about, grant, scope: minted.scope, lifetime } };
}

function readLifetime({ world, target, body }: IamRequest): number {
  const { lifetime = "3600s" } = body;
  const seconds = Number(/^(\d+(?:\.\d{1,9})?)s$/.exec(String(lifetime))?.[1]);
  if (!(seconds > 0)) throw refuseCall(invalidArgument("lifetime"));
  const longLived = (world.options.longLived ?? [world.accounts.vault]).includes(target);
  if (seconds > 43_200) {
    const message = "Access tokens can not have lifetimes of more than 12 hours.";
    throw refuseCall(invalidArgument("lifetime", message));
  }
  if (seconds > 3_600 && !longLived) {
    const message = `Access tokens for service account ${target} can not have lifetimes of more than 1 hour. Use the Org Policy Constraint constraints/iam.allowServiceAccountCredentialLifetimeExtension to allow up to 12 hours.`;
    throw refuseCall(invalidArgument("lifetime", message));
  }
  return seconds;
}

async function generateIdToken({ world, target, body, about }: IamRequest): Promise<GoogleReply> {
  const { audience, includeEmail, useEmailAzp } = body;
  if (typeof audience !== "string" || !audience) throw refuseCall(invalidArgument("audience"));
  const claims = {
    azp: useEmailAzp ? target : numericId(target),
    ...(includeEmail ? { email: target, email_verified: true } : {}),
  };
  const grant = "generateIdToken";
  const { token } = await mintIdToken(world, { grant, principal: target, audience, claims });
  return { ...json({ token }), verified: { ...about, grant, audience } };
}

async function signClaims({ world, body, about }: IamRequest): Promise<GoogleReply> {
  const claims = parseObject(body["payload"]);
  if (!claims) throw refuseCall(invalidArgument("payload"));
  const signedJwt = await signJwt(claims, world.google);
  return { ...json({ keyId: world.google.kid, signedJwt }), verified: { ...about, claims } };
}

async function signBlob({ world, body, about }: IamRequest): Promise<GoogleReply> {
  const { payload } = body;
  if (typeof payload !== "string" || !payload) throw refuseCall(invalidArgument("payload"));
  const signature = await signBytes(Buffer.from(payload, "base64"), world.google);
  const signedBlob = Buffer.from(signature).toString("base64");
  return { ...json({ keyId: world.google.kid, signedBlob }), verified: about };
}

function parseObject(text: unknown): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(String(text));
    return typeof value === "object" && value !== null ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
