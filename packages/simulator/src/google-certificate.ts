import { Buffer } from "node:buffer";
import { type SigningKey, signBytes } from "./google-jwt.ts";

// The least of X.509 (RFC 5280) in DER that TLS stacks and libraries take: no runtime makes
// certificates by itself.

/** Who signs, for whom. */
export interface CertificateOptions {
  readonly subject: string;
  /** `127.0.0.1` as a name that the certificate stands for. */
  readonly loopback?: boolean;
  /** Left out, the certificate signs itself and may sign others. */
  readonly issuer?: { readonly name: string; readonly key: SigningKey };
  /** In milliseconds since 1970; good from a day before to ten years later. */
  readonly now: number;
}

const oids = {
  commonName: "550403",
  basicConstraints: "551d13",
  alternativeName: "551d11",
  RS256: "2a864886f70d01010b",
  ES256: "2a8648ce3d040302",
} as const;

/** Makes a certificate of a public key, in DER. */
export async function createCertificate(
  key: SigningKey,
  { subject, loopback, issuer, now }: CertificateOptions,
): Promise<Uint8Array> {
  const signer = issuer?.key ?? key;
  const algorithm = sequence(oid(oids[signer.alg]), ...(signer.alg === "RS256" ? [tagged(5)] : []));
  const day = 86_400_000;
  const spki = Buffer.from(await crypto.subtle.exportKey("spki", key.publicKey));
  const basic = extension(
    oids.basicConstraints,
    issuer ? sequence() : sequence(tagged(1, Buffer.of(0xff))),
  );
  const names = sequence(tagged(0x87, Buffer.of(127, 0, 0, 1)));
  const body = sequence(
    tagged(0xa0, integer(Buffer.of(2))),
    integer(crypto.getRandomValues(Buffer.alloc(8))),
    algorithm,
    name(issuer?.name ?? subject),
    sequence(time(now - day), time(now + 3_650 * day)),
    name(subject),
    spki,
    tagged(0xa3, sequence(basic, ...(loopback ? [extension(oids.alternativeName, names)] : []))),
  );
  const signature = await signDer(body, signer);
  return sequence(body, algorithm, tagged(3, Buffer.concat([Buffer.of(0), signature])));
}

async function signDer(bytes: Buffer<ArrayBuffer>, key: SigningKey): Promise<Buffer> {
  const signature = Buffer.from(await signBytes(bytes, key));
  if (key.alg === "RS256") return signature;
  const half = signature.length / 2;
  return sequence(integer(signature.subarray(0, half)), integer(signature.subarray(half)));
}

function tagged(tag: number, ...parts: readonly Uint8Array[]): Buffer<ArrayBuffer> {
  const body = Buffer.concat(parts);
  const size = body.length;
  const length =
    size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.of(tag, ...length), body]);
}

function sequence(...parts: readonly Uint8Array[]): Buffer<ArrayBuffer> {
  return tagged(0x30, ...parts);
}

/** A number of zero or more: without zeros in front, but with one where the first bit is set. */
function integer(bytes: Uint8Array): Buffer<ArrayBuffer> {
  const start = bytes.findIndex((byte) => byte !== 0);
  const digits = start < 0 ? Buffer.of(0) : bytes.subarray(start);
  return tagged(2, (digits[0] ?? 0) & 0x80 ? Buffer.of(0) : Buffer.of(), digits);
}

function oid(hex: string): Buffer<ArrayBuffer> {
  return tagged(6, Buffer.from(hex, "hex"));
}

function name(text: string): Buffer<ArrayBuffer> {
  const value = tagged(0x0c, Buffer.from(text));
  return sequence(tagged(0x31, sequence(oid(oids.commonName), value)));
}

function time(at: number): Buffer<ArrayBuffer> {
  const digits = new Date(at).toISOString().replace(/[-:T]|\.\d+/g, "");
  return tagged(0x18, Buffer.from(digits));
}

function extension(id: string, value: Uint8Array): Buffer<ArrayBuffer> {
  return sequence(oid(id), tagged(4, value));
}
