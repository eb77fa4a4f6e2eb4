import { Buffer } from "node:buffer";
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { awsRole } from "./google-aws-metadata.ts";
import type { GoogleCall } from "./google-call.ts";
import { grant, refuseGrant } from "./google-refusal.ts";
import { audiences } from "./google-subject-token.ts";
import type { GoogleWorld } from "./google-world.ts";

/** A request to AWS that the workload signed but did not send. */
interface SignedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: ReadonlyMap<string, string>;
}

/** The parts of the `authorization` header. */
interface Authorization {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/**
 * Verifies a GetCallerIdentity request, as AWS would that Google sends it to
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
 *
 * @returns The role that signed it.
 */
export async function verifyAwsToken(token: string, { world }: GoogleCall): Promise<string> {
  const request = parseRequest(token);
  const { url, method, headers } = request;
  const { aws } = world;
  const target = headers.get("x-goog-cloud-target-resource");
  if (target !== audiences.aws) {
    throw invalid("Header x-goog-cloud-target-resource has to be the audience.");
  }
  const host = /^sts(?:\.([a-z0-9-]+))?\.amazonaws\.com$/.exec(url.hostname);
  const query = "Action=GetCallerIdentity&Version=2011-06-15";
  if (url.protocol !== "https:" || !host || canonicalQuery(url) !== query || method !== "POST") {
    throw invalid("It must be a POST of GetCallerIdentity to the security token service.");
  }
  const authorization = parseAuthorization(headers.get("authorization") ?? "");
  if (!authorization) throw awsRefusal("IncompleteSignature", "Authorization header is not whole.");
  // The audience may go unsigned: Google's own libraries add it after they signed.
  const must = ["host", ...[...headers.keys()].filter((name) => name.startsWith("x-amz-"))];
  const missing = must.find((name) => !authorization.signedHeaders.includes(name));
  if (missing) {
    const text = `'${missing}' must be a 'SignedHeader' in the AWS Authorization.`;
    throw awsRefusal("SignatureDoesNotMatch", text);
  }
  if (authorization.accessKeyId !== aws.accessKeyId || !tokenMatches(request, world)) {
    const text = "The security token included in the request is invalid.";
    throw awsRefusal("InvalidClientTokenId", text);
  }
  checkTime(headers.get("x-amz-date") ?? "", authorization, world.now());
  const region = host[1] ?? "us-east-1";
  const scoped = authorization.region === region && authorization.service === "sts";
  if (!scoped || !signatureMatches(request, { authorization, secret: aws.secretAccessKey })) {
    const text =
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";
    throw awsRefusal("SignatureDoesNotMatch", text);
  }
  return awsRole.arn;
}

function parseRequest(token: string): SignedRequest {
  try {
    const { url, method, headers } = JSON.parse(decodeURIComponent(token)) as {
      url: string;
      method: string;
      headers: { key: string; value: string }[];
    };
    const entries = headers.map(({ key, value }) => [key.toLowerCase(), value.trim()] as const);
    return { url: new URL(url), method, headers: new Map(entries) };
  } catch {
    throw invalid("Unexpected end of stream : expected '{'");
  }
}

function parseAuthorization(header: string): Authorization | undefined {
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, *SignedHeaders=([^,]+), *Signature=([0-9a-f]{64})$/.exec(
      header,
    );
  if (!match) return undefined;
  const [, accessKeyId, date, region, service, signed, signature] = match as unknown as string[];
  const signedHeaders = signed!.split(";");
  return { accessKeyId, date, region, service, signedHeaders, signature } as Authorization;
}

function tokenMatches({ headers }: SignedRequest, { aws }: GoogleWorld): boolean {
  return headers.get("x-amz-security-token") === aws.sessionToken;
}

function checkTime(amzDate: string, { date }: Authorization, now: number): void {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(amzDate) ?? [];
  const at = Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`);
  if (!(Math.abs(now - at) <= 15 * 60_000) || !amzDate.startsWith(date)) {
    throw awsRefusal("SignatureDoesNotMatch", `Signature expired: ${amzDate}`);
  }
}

function signatureMatches(
  request: SignedRequest,
  { authorization, secret }: { authorization: Authorization; secret: string },
): boolean {
  const { date, region, service, signedHeaders, signature } = authorization;
  const { method, url, headers } = request;
  const sorted = signedHeaders.join(";") === [...signedHeaders].sort().join(";");
  const canonical = [
    ...[method, url.pathname, canonicalQuery(url)],
    ...signedHeaders.map((name) => `${name}:${headers.get(name) ?? ""}`),
    ...["", signedHeaders.join(";"), sha256("")],
  ].join("\n");
  const scope = `${date}/${region}/${service}/aws4_request`;
  const amzDate = headers.get("x-amz-date");
  const text = ["AWS4-HMAC-SHA256", amzDate, scope, sha256(canonical)].join("\n");
  const key = [date, region, service, "aws4_request"].reduce<Buffer | string>(
    hmac,
    `AWS4${secret}`,
  );
  return sorted && timingSafeEqual(hmac(key, text), Buffer.from(signature, "hex"));
}

function canonicalQuery({ searchParams }: URL): string {
  return [...searchParams]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join("&");
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function awsRefusal(type: string, message: string) {
  return refuseGrant(
    grant(`Received invalid AWS response of type ${type} with error message: ${message}`),
  );
}

function invalid(why: string) {
  return refuseGrant(grant(`Invalid format of AWS credentials: ${why}`));
}
