import type { GoogleReply } from "./google-call.ts";
import { mintAccessToken, mintIdToken, saidExpiry } from "./google-mint.ts";
import type { JsonObject } from "./google-options.ts";
import { cloudPlatform, type GoogleWorld, numericId, project } from "./google-world.ts";

/** Number and name of the machine that the simulator stands for. */
export const machineName = {
  id: "4520031799277581759",
  name: "demo-machine",
  zone: "europe-west3-a",
};

/** `token`: an access token, for `?scopes=a,b` if these are named. */
export async function tokenLeaf(world: GoogleWorld, query: URLSearchParams): Promise<GoogleReply> {
  const { scopes } = world.machine;
  const asked = query.get("scopes")?.split(",").filter(Boolean) ?? scopes;
  const granted = scopes.includes(cloudPlatform)
    ? asked
    : asked.filter((scope) => scopes.includes(scope));
  const about = {
    grant: "metadata",
    principal: world.accounts.machine,
    scope: granted.join(" "),
  } as const;
  const { token } = mintAccessToken(world, about);
  return {
    status: 200,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ access_token: token, ...saidExpiry(world), token_type: "Bearer" }),
    verified: about,
  };
}

/** `identity`: an identity token as text, for `?audience=`, with `format` and `licenses`. */
export async function identityLeaf(
  world: GoogleWorld,
  query: URLSearchParams,
): Promise<GoogleReply> {
  const audience = query.get("audience");
  const format = query.get("format") ?? "standard";
  if (!audience) return badRequest("non-empty audience parameter required");
  if (format !== "standard" && format !== "full") return badRequest("invalid format parameter");
  const principal = world.accounts.machine;
  const licenses = query.get("licenses")?.toUpperCase() === "TRUE";
  const claims = {
    azp: numericId(principal),
    ...(format === "full" ? fullClaims(world, licenses) : {}),
  };
  const about = { grant: "metadata", principal, audience } as const;
  const { token } = await mintIdToken(world, { ...about, claims });
  return {
    status: 200,
    headers: { "content-type": "text/html" },
    body: token,
    verified: { ...about, format, licenses },
  };
}

function fullClaims(world: GoogleWorld, licenses: boolean): JsonObject {
  const { id, name, zone } = machineName;
  return {
    email: world.accounts.machine,
    email_verified: true,
    google: {
      compute_engine: {
        instance_creation_timestamp: Math.floor(world.now() / 1_000) - 86_400,
        instance_id: id,
        instance_name: name,
        project_id: project.id,
        project_number: Number(project.number),
        zone,
        ...(licenses ? { license_id: ["1001000", "1001010"] } : {}),
      },
    },
  };
}

function badRequest(text: string): GoogleReply {
  return { status: 400, headers: { "content-type": "text/html; charset=UTF-8" }, body: text };
}
