import { DecantError, type OptionValue } from "@decant/core";

/** The options of the sink, checked. */
export interface S3Options {
  readonly endpoint?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly pathStyle: boolean;
  readonly attempts: number;
  readonly gzip: boolean;
  /** How large a part is, in bytes. */
  readonly partBytes: number;
  readonly storageClass?: string;
  readonly encryption?: string;
  readonly kmsKey?: string;
}

const mebi = 1 << 20;

/**
 * Reads what the host gives.
 *
 * @throws {DecantError} `OPTION_INVALID` for values that contradict each other or can be nothing.
 */
export function readOptions(options: Readonly<Record<string, OptionValue>>): S3Options {
  const endpoint = text(options["endpoint"]);
  if (endpoint !== undefined) checkEndpoint(endpoint);
  const kmsKey = text(options["kms-key"]);
  const encryption = text(options["encryption"]) ?? (kmsKey === undefined ? undefined : "aws:kms");
  if (kmsKey !== undefined && encryption === "AES256") {
    throw invalid("kms-key", kmsKey, "AES256 uses the key of the store");
  }
  const region = text(options["region"]);
  const profile = text(options["profile"]);
  const storageClass = text(options["storage-class"]);
  return {
    ...(endpoint !== undefined && { endpoint }),
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    // A bucket as a part of the host's name needs DNS and a certificate that few stores have.
    pathStyle: (options["path-style"] as boolean | undefined) ?? endpoint !== undefined,
    attempts: (options["attempts"] as number | undefined) ?? 10,
    gzip: options["gzip"] === true,
    partBytes: ((options["part-size"] as number | undefined) ?? 8) * mebi,
    ...(storageClass !== undefined && { storageClass }),
    ...(encryption !== undefined && { encryption }),
    ...(kmsKey !== undefined && { kmsKey }),
  };
}

function text(value: OptionValue): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function checkEndpoint(value: string): void {
  const url = URL.parse(value);
  const plain = url && !url.search && !url.hash && /^https?:$/.test(url.protocol);
  // Whatever stands before the `@` is a secret that must not be shown.
  if (url?.username || url?.password) throw invalid("endpoint", url.host, "it holds a password");
  if (!plain) throw invalid("endpoint", value, "it is no address such as https://HOST:PORT");
}

function invalid(name: string, value: string, state: string): DecantError {
  return new DecantError("OPTION_INVALID", `Cannot use --s3-${name} "${value}": ${state}`, {
    kind: "usage",
    hint: "See `decant sinks s3` for what the options mean.",
  });
}
