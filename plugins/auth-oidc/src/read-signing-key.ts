import { DecantError } from "@decant/core";

/** A private key that signs a client's assertions. */
export interface SigningKey {
  /** The algorithms that it is fit for (RFC 7518, RFC 9864), the best known first. */
  readonly algorithms: readonly string[];
  readonly kid: string | undefined;
  /** Makes the key ready to sign by one of them. */
  load(algorithm: string): Promise<CryptoKey>;
}

/** Where a key came from, and how it is called. */
export interface KeyPlace {
  readonly source: string;
  /** The key's name at the server. @default the one in a JWK */
  readonly kid: string | undefined;
}

type Parameters = RsaHashedImportParams | EcKeyImportParams | { readonly name: string };

const curves: Readonly<Record<string, string>> = { ES256: "P-256", ES384: "P-384", ES512: "P-521" };
const rsa = ["RS256", "PS256", "RS384", "PS384", "RS512", "PS512"];
const families: readonly (readonly string[])[] = [rsa, ["ES256"], ["ES384"], ["ES512"], ["EdDSA"]];

/**
 * Reads a private key: PEM (PKCS #8), a JWK, or a set of them.
 *
 * @throws {DecantError} `OIDC_KEY_INVALID`, which quotes nothing of it.
 */
export async function readSigningKey(text: string, place: KeyPlace): Promise<SigningKey> {
  const { source, kid } = place;
  if (text.trimStart().startsWith("{")) return await readJwk(text, place);
  const [, label, base64] =
    /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]+?)-----END \1-----/.exec(text) ?? [];
  if (label !== "PRIVATE KEY") throw wrongPem(source, label);
  const bytes = decode(base64!, source);
  const load = (algorithm: string) =>
    crypto.subtle.importKey("pkcs8", bytes, parametersOf(algorithm), false, ["sign"]);
  for (const algorithms of families) {
    const fits = await load(algorithms[0]!).then(
      () => true,
      () => false,
    );
    if (fits) return { algorithms, kid, load };
  }
  throw invalid(source, "it is no RSA, EC or Ed25519 key");
}

async function readJwk(text: string, { source, kid }: KeyPlace): Promise<SigningKey> {
  const jwk = pickJwk(parse(text, source), { source, kid });
  const { kty, crv } = jwk;
  const named = typeof jwk.alg === "string" ? jwk.alg : undefined;
  const family =
    kty === "RSA"
      ? rsa
      : families.find(([alg = ""]) => (kty === "EC" ? curves[alg] === crv : alg === crv));
  const algorithms = crv === "Ed25519" ? ["EdDSA"] : (family ?? []);
  if (algorithms.length === 0) throw invalid(source, "it is no RSA, EC or Ed25519 key");
  const { key_ops: _, use: __, alg: ___, ext: ____, ...bare } = jwk;
  const load = (algorithm: string) =>
    crypto.subtle.importKey("jwk", bare, parametersOf(algorithm), false, ["sign"]);
  const usable = algorithms.filter((algorithm) => named === undefined || algorithm === named);
  const chosen = usable.length > 0 ? usable : algorithms;
  await load(chosen[0]!).catch(() => {
    throw invalid(source, "it is damaged");
  });
  return {
    algorithms: chosen,
    kid: kid ?? (typeof jwk.kid === "string" ? jwk.kid : undefined),
    load,
  };
}

type Jwk = JsonWebKey & { readonly kid?: unknown };

function pickJwk(value: unknown, { source, kid }: KeyPlace): Jwk {
  const { keys } = Object(value) as { keys?: unknown };
  const all = (Array.isArray(keys) ? keys : [value]) as Jwk[];
  const secret = all.filter((jwk) => typeof Object(jwk).d === "string");
  const named =
    Array.isArray(keys) && kid !== undefined ? secret.filter((k) => k.kid === kid) : secret;
  const [jwk, ...more] = named;
  if (!jwk)
    throw invalid(
      source,
      secret.length > 0 ? "it has no key of this id" : "it holds no private key",
    );
  if (more.length > 0) throw invalid(source, "it holds several keys", "Choose one with --key-id.");
  return jwk;
}

function parse(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(source, "it is damaged");
  }
}

function decode(base64: string, source: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(base64.replace(/\s+/g, "")), (char) => char.charCodeAt(0));
  } catch {
    throw invalid(source, "it is damaged");
  }
}

function parametersOf(algorithm: string): Parameters {
  const hash = `SHA-${algorithm.slice(2)}`;
  if (algorithm.startsWith("RS")) return { name: "RSASSA-PKCS1-v1_5", hash };
  if (algorithm.startsWith("PS")) return { name: "RSA-PSS", hash };
  const namedCurve = curves[algorithm];
  return namedCurve === undefined ? { name: "Ed25519" } : { name: "ECDSA", namedCurve };
}

function wrongPem(source: string, label: string | undefined): DecantError {
  const quoted = `'${source}'`;
  switch (label) {
    case undefined:
      return invalid(source, "it is neither PEM nor a JWK");
    case "RSA PRIVATE KEY":
    case "EC PRIVATE KEY":
    case "EC PARAMETERS":
      return invalid(
        source,
        "it is not of the form PKCS #8",
        `Convert it: openssl pkcs8 -topk8 -nocrypt -in ${quoted} -out key.pem`,
      );
    case "ENCRYPTED PRIVATE KEY":
      return invalid(
        source,
        "it is encrypted",
        `Give it decrypted, such as by a pipe: openssl pkey -in ${quoted} | decant ... --key-file -`,
      );
    default:
      return invalid(source, "it holds no private key");
  }
}

function invalid(
  source: string,
  state: string,
  hint = "Give a private key in PEM (BEGIN PRIVATE KEY) or as a JWK.",
): DecantError {
  return new DecantError("OIDC_KEY_INVALID", `Cannot use "${source}" as a key: ${state}`, {
    ...{ kind: "credentials", hint },
  });
}
