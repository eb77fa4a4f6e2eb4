import { tokenFolder } from "../config/sentry-access.ts";
import { chooseServer, type ServerFlags } from "./choose-server.ts";
import { listTokens, removeToken } from "./token-store.ts";

/** Removes the token that is stored for a server. */
export async function logout(flags: Pick<ServerFlags, "url">): Promise<void> {
  const { url } = await chooseServer({ ...flags, "allow-insecure-http": true });
  const folder = tokenFolder();
  const lines = (await removeToken({ folder, origin: url }))
    ? [
        `Signed out of ${url}: the stored token is removed.`,
        `It stays valid until it is revoked at ${url}/settings/account/api/auth-tokens/.`,
      ]
    : [`No token was stored for ${url}.`];
  const others = await listTokens(folder);
  if (others.length > 0) lines.push(`Tokens are stored for ${others.join(", ")}; --url names one.`);
  process.stderr.write(`${lines.join("\n")}\n`);
}
