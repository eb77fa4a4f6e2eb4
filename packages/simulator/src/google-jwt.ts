import { Buffer } from "node:buffer";
import type { JsonObject } from "./google-options.ts";

/** A key pair that signs JSON Web Tokens, as WebCrypto holds it. */
export interface SigningKey {
  readonly kid: string;
  readonly alg: "RS256" | "ES256";
  readonly publicKey: CryptoKey;
  readonly privateKey: CryptoKey;
}

/** A token that was taken apart, not yet verified. */
export interface DecodedJwt {
  readonly header: JsonObject;
  readonly claims: JsonObject;
  readonly signed: Uint8Array<ArrayBuffer>;
  readonly signature: Uint8Array<ArrayBuffer>;
}

const algorithms = {
  RS256: {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
  ES256: { name: "ECDSA", hash: "SHA-256", namedCurve: "P-256" },
} as const;

/** Makes a key pair; RS256 has 2048 bits, as Google's have. */
export async function createSigningKey(alg: SigningKey["alg"]): Promise<SigningKey> {
  const uses: KeyUsage[] = ["sign", "verify"];
  const pair = await crypto.subtle.generateKey(algorithms[alg], true, uses);
  const { publicKey, privateKey } = pair as CryptoKeyPair;
  return { kid: randomHex(20), alg, publicKey, privateKey };
}

/** Signs claims, in the compact form (RFC 7519). */
export async function signJwt(claims: JsonObject, key: SigningKey): Promise<string> {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const unsigned = `${part({ alg: key.alg, kid: key.kid, typ: "JWT" })}.${part(claims)}`;
  const signature = await signBytes(Buffer.from(unsigned), key);
  return `${unsigned}.${Buffer.from(signature).toString("base64url")}`;
}

/** Signs bytes by the key's algorithm. */
export function signBytes(
  bytes: Uint8Array<ArrayBuffer>,
  { alg, privateKey }: SigningKey,
): Promise<ArrayBuffer> {
  return crypto.subtle.sign(algorithms[alg], privateKey, bytes);
}

/** Takes a token apart. */
export function decodeJwt(token: string): DecodedJwt | undefined {
  const [head = "", body = "", tail = "", ...more] = token.split(".");
  const header = decodePart(head);
  const claims = decodePart(body);
  if (!header || !claims || more.length > 0 || !/^[\w-]*$/.test(tail)) return undefined;
  return {
    ...{ header, claims },
    signed: Buffer.from(`${head}.${body}`),
    signature: Buffer.from(tail, "base64url"),
  };
}

/** Whether this key signed the token. */
export async function verifyJwt(
  { header, signed, signature }: DecodedJwt,
  { alg, publicKey }: Pick<SigningKey, "alg" | "publicKey">,
): Promise<boolean> {
  return (
    header["alg"] === alg &&
    (await crypto.subtle.verify(algorithms[alg], publicKey, signature, signed))
  );
}

/** Random bytes as hex digits. */
export function randomHex(bytes: number): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString("hex");
}

/** Random bytes as text that is safe in a URL. */
export function randomText(bytes: number): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString("base64url");
}

function decodePart(part: string): JsonObject | undefined {
  if (!/^[\w-]+$/.test(part)) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
    return typeof value === "object" && value !== null ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
