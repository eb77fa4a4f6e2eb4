import { decodeBase64 } from "./base64.ts";
import { type KeyFlaw, keyError } from "./key-error.ts";

const pem = /^\s*-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \1-----\s*$/;
const convert = "Convert it with: openssl pkcs8 -topk8 -nocrypt -in old.pem -out new.pem";

const otherLabels: Readonly<Record<string, KeyFlaw>> = {
  "RSA PRIVATE KEY": { state: "its private_key is PKCS#1, not PKCS#8", hint: convert },
  "EC PRIVATE KEY": { state: "its private_key is an EC key, not an RSA key" },
  "ENCRYPTED PRIVATE KEY": { state: "its private_key has a passphrase", hint: convert },
};

// Object identifiers in DER, as they stand at the head of a PKCS#8 key (RFC 5958).
const rsa = "06092a864886f70d010101";
const ec = "06072a8648ce3d0201";

/**
 * Decodes a private key as Google writes it: PEM, PKCS#8, RSA.
 *
 * @param text The PEM text.
 * @param source Names the key in an error.
 * @returns The DER bytes.
 * @throws {DecantError} `GCP_KEY_INVALID`, saying what it is instead.
 */
export function decodePrivateKey(text: string, source: string): Uint8Array<ArrayBuffer> {
  const [, label, body] = pem.exec(text) ?? [];
  if (label === undefined || body === undefined) {
    throw keyError(
      source,
      text.includes("\\n")
        ? { state: "its private_key holds backslash and n where line breaks belong" }
        : { state: "its private_key is not PEM" },
    );
  }
  if (label !== "PRIVATE KEY") {
    throw keyError(
      source,
      otherLabels[label] ?? { state: `its private_key is a ${label}, not a PRIVATE KEY` },
    );
  }
  const der = decodeBase64(body);
  const head = Array.from(der?.subarray(0, 32) ?? [], (byte) => byte.toString(16).padStart(2, "0"));
  if (head.join("").includes(ec)) throw keyError(source, otherLabels["EC PRIVATE KEY"]!);
  if (!der || !isWhole(der) || !head.join("").includes(rsa)) {
    throw keyError(source, { state: "its private_key is damaged, or no RSA key" });
  }
  return der;
}

/** Whether the outer DER sequence ends just where the bytes end: a cut-off key does not. */
function isWhole(der: Uint8Array): boolean {
  return der[0] === 0x30 && der[1] === 0x82 && 4 + der[2]! * 256 + der[3]! === der.length;
}
