import { randomText, signJwt } from "./google-jwt.ts";
import type { JsonObject } from "./google-options.ts";
import type { IssuedToken } from "./google-simulator.ts";
import { type GoogleWorld, numericId } from "./google-world.ts";

/** Hands out an access token that the other endpoints accept until it expires. */
export function mintAccessToken(
  world: GoogleWorld,
  token: Pick<IssuedToken, "grant" | "principal" | "scope"> & Partial<IssuedToken>,
): IssuedToken {
  const { expiresIn } = world.options;
  const lives = typeof expiresIn === "number" && expiresIn >= 1 && expiresIn <= 43_200;
  const minted: IssuedToken = {
    token: `ya29.${token.grant === "refresh_token" ? "a0" : "c."}${randomText(120)}`,
    ...{ kind: "access", claims: {}, header: {} },
    expiresAt: world.now() + (lives ? expiresIn : 3_600) * 1_000,
    ...token,
  };
  world.issued.push(minted);
  return minted;
}

/** Hands out an identity token for an hour, with claims beside the usual ones. */
export async function mintIdToken(
  world: GoogleWorld,
  token: Pick<IssuedToken, "grant" | "principal"> & { audience: string; claims: JsonObject },
  assertion: Pick<IssuedToken, "claims" | "header"> = { claims: {}, header: {} },
): Promise<IssuedToken> {
  const iat = Math.floor(world.now() / 1_000);
  const { audience, claims, ...rest } = token;
  const all = {
    aud: audience,
    ...claims,
    ...{ exp: iat + 3_600, iat, iss: "https://accounts.google.com" },
    sub: numericId(token.principal),
  };
  const minted: IssuedToken = {
    token: await signJwt(all, world.google),
    ...{ kind: "id", audience, ...rest, ...assertion },
    expiresAt: (iat + 3_600) * 1_000,
  };
  world.issued.push(minted);
  return minted;
}

/** What answers say of how long an access token lives. */
export function saidExpiry({ options }: GoogleWorld): { expires_in?: number | string } {
  const { expiresIn = 3_600 } = options;
  return expiresIn === null ? {} : { expires_in: expiresIn };
}

/** When an access token expires, as the IAM API says it. */
export function saidExpireTime(
  { options, now }: GoogleWorld,
  expiresAt: number,
): { expireTime?: string } {
  const { expiresIn = 3_600 } = options;
  if (expiresIn === null) return {};
  if (typeof expiresIn === "string") return { expireTime: expiresIn };
  const absurd = !(expiresIn >= 1 && expiresIn <= 43_200);
  const time = new Date(absurd ? now() + expiresIn * 1_000 : expiresAt);
  const representable = !Number.isNaN(time.getTime());
  const text = representable ? time.toISOString() : "+999999-12-31T23:59:59Z";
  return { expireTime: text.replace(/\.000Z$/, "Z") };
}
