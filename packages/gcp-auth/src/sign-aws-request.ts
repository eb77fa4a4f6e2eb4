import { hashText, toHex } from "./hash-text.ts";

/** A key pair of AWS. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of keys that do not last. */
  readonly sessionToken?: string | undefined;
}

/** What {@linkcode signAwsRequest} signs: a request without a body. */
export interface AwsRequest {
  readonly method: string;
  readonly url: string;
  /** Names in lower case. `host` and those of the signature are added. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly region: string;
  readonly service: string;
  readonly credentials: AwsCredentials;
  /** The present, in milliseconds since 1970. */
  readonly now: number;
}

const algorithm = "AWS4-HMAC-SHA256";
const encoder = new TextEncoder();

/**
 * Signs a request to AWS, version 4
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
 *
 * @returns All headers that must be sent.
 */
export async function signAwsRequest(request: AwsRequest): Promise<Record<string, string>> {
  const { method, region, service, credentials } = request;
  const url = new URL(request.url);
  const time = new Date(request.now).toISOString().replace(/[-:]|\.\d{3}/g, "");
  const date = time.slice(0, 8);
  const { sessionToken } = credentials;
  const headers: Record<string, string> = {
    ...request.headers,
    host: url.host,
    "x-amz-date": time,
    ...(sessionToken !== undefined && { "x-amz-security-token": sessionToken }),
  };
  const names = Object.keys(headers).sort();
  const canonical = [
    ...[method, url.pathname, canonicalQuery(url)],
    ...names.map((name) => `${name}:${headers[name]!.trim().replace(/ +/g, " ")}`),
    ...["", names.join(";"), await hashText("")],
  ].join("\n");
  const scope = `${date}/${region}/${service}/aws4_request`;
  const text = [algorithm, time, scope, await hashText(canonical)].join("\n");
  let key: Uint8Array<ArrayBuffer> = encoder.encode(`AWS4${credentials.secretAccessKey}`);
  for (const part of [date, region, service, "aws4_request"]) key = await hmac(key, part);
  const signature = toHex((await hmac(key, text)).buffer);
  const credential = `Credential=${credentials.accessKeyId}/${scope}`;
  const authorization = `${algorithm} ${credential}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
  return { ...headers, authorization };
}

async function hmac(key: Uint8Array<ArrayBuffer>, text: string): Promise<Uint8Array<ArrayBuffer>> {
  const hash = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", key, hash, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, encoder.encode(text)));
}

function canonicalQuery({ searchParams }: URL): string {
  const pairs = [...searchParams].map((pair) => pair.map(encode).join("="));
  return pairs.sort().join("&");
}

/** RFC 3986 leaves fewer characters as they are than JavaScript does. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
