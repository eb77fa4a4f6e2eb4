import type { GoogleCall, GoogleReply } from "./google-call.ts";
import { randomText } from "./google-jwt.ts";
import type { GoogleWorld } from "./google-world.ts";
import { html, json } from "./reply.ts";

/** The role of the machine at AWS. */
export const awsRole = {
  name: "demo-role",
  zone: "eu-central-1a",
  arn: "arn:aws:sts::123456789012:assumed-role/demo-role/i-0123456789abcdef0",
} as const;

// A session token is good at the server that made it only.
const sessions = new WeakMap<GoogleWorld, Map<string, number>>();

/** `PUT /latest/api/token`: begins a session of version 2 of AWS's metadata server. */
export function awsSession({ request, world }: GoogleCall): GoogleReply {
  const seconds = Number(request.header("x-aws-ec2-metadata-token-ttl-seconds"));
  const right = Number.isInteger(seconds) && seconds >= 1 && seconds <= 21_600;
  if (!right) return html(400, { title: "400 - Bad Request" });
  // A proxy that passes requests on is no machine of AWS.
  if (request.header("x-forwarded-for") !== undefined)
    return html(403, { title: "403 - Forbidden" });
  const token = randomText(42);
  sessions.set(world, (sessions.get(world) ?? new Map()).set(token, world.now() + seconds * 1_000));
  const ttl = { "x-aws-ec2-metadata-token-ttl-seconds": String(seconds) };
  return { status: 200, headers: { "content-type": "text/plain", ...ttl }, body: token };
}

/** `/latest/meta-data/`: the zone, the name of the role, and the role's keys. */
export function awsMetadata({ request, world, params }: GoogleCall): GoogleReply {
  const token = request.header("x-aws-ec2-metadata-token");
  const expiry = token === undefined ? undefined : sessions.get(world)?.get(token);
  const version1 = token === undefined && world.options.imds === 1;
  if (!version1 && !(expiry !== undefined && expiry > world.now())) {
    return html(401, { title: "401 - Unauthorized" });
  }
  switch ((params[0] ?? "").replace(/\/$/, "")) {
    case "placement/availability-zone":
      return text(awsRole.zone);
    case "placement/region":
      return text(awsRole.zone.slice(0, -1));
    case "iam/security-credentials":
      return text(awsRole.name);
    case `iam/security-credentials/${awsRole.name}`:
      return keys(world);
    default:
      return html(404, { title: "404 - Not Found" });
  }
}

function keys({ aws, now }: GoogleWorld): GoogleReply {
  const time = (at: number) => new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
  const reply = json({
    ...{ Code: "Success", LastUpdated: time(now()), Type: "AWS-HMAC" },
    ...{ AccessKeyId: aws.accessKeyId, SecretAccessKey: aws.secretAccessKey },
    ...{ Token: aws.sessionToken, Expiration: time(now() + 6 * 3_600_000) },
  });
  return { ...reply, headers: { "content-type": "text/plain" } };
}

function text(body: string): GoogleReply {
  return { status: 200, headers: { "content-type": "text/plain" }, body };
}
