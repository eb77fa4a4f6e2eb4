import { DecantError, type ErrorKind, isDecantError } from "@decant/core";
import { type Failure, readFailure } from "./read-failure.ts";

interface Meaning {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly state: string;
  readonly hint: string;
  readonly retryable?: boolean;
}

const refused: Omit<Meaning, "state"> = {
  code: "S3_CREDENTIALS_REFUSED",
  kind: "credentials",
  hint: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, to those of this store, and look at --s3-endpoint.",
};

const expired: Meaning = {
  ...refused,
  state: "the credentials have expired",
  hint: "Get new ones, such as with `aws sso login`, then resume the export.",
};

const meanings: Readonly<Record<string, Meaning>> = {
  NoSuchBucket: {
    code: "S3_BUCKET_MISSING",
    kind: "usage",
    state: "there is no such bucket",
    hint: "Correct the name or the endpoint, or create the bucket: decant makes none.",
  },
  AccessDenied: {
    code: "S3_DENIED",
    kind: "credentials",
    state: "the store denies it",
    hint: "Allow what the README of @decant/sink-s3 lists under Permissions for this bucket.",
  },
  InvalidAccessKeyId: { ...refused, state: "the store does not know the access key" },
  SignatureDoesNotMatch: { ...refused, state: "the secret key is not that of the access key" },
  ExpiredToken: expired,
  ExpiredTokenException: expired,
  TokenRefreshRequired: expired,
  CredentialsProviderError: {
    code: "S3_CREDENTIALS_MISSING",
    kind: "credentials",
    state: "there are no credentials",
    hint: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or run where a role is given.",
  },
  RequestTimeTooSkewed: {
    code: "S3_CLOCK_SKEWED",
    kind: "credentials",
    state: "the clock of this machine is wrong",
    hint: "Set the clock, then resume the export.",
  },
  AuthorizationHeaderMalformed: wrongRegion(),
  PermanentRedirect: wrongRegion(),
  IllegalLocationConstraintException: wrongRegion(),
  SlowDown: busy(),
  ServiceUnavailable: busy(),
  InternalError: busy(),
  RequestTimeout: busy(),
  PreconditionFailed: {
    code: "OUTPUT_EXISTS",
    kind: "usage",
    state: "something else has been put there",
    hint: "Move it away and resume, or export again under another name.",
  },
  NoSuchUpload: {
    code: "STATE_MISMATCH",
    kind: "usage",
    state: "its unfinished upload is gone",
    hint: "A rule of the bucket, or another export, dropped it: start again with --force.",
  },
  ConditionalRequestConflict: busy(),
  EntityTooLarge: {
    code: "S3_TOO_LARGE",
    kind: "sink",
    state: "the store takes no object of that size",
    hint: "Compress it with a name that ends in .gz, or export less at once.",
  },
};

function wrongRegion(): Meaning {
  return {
    code: "S3_REGION_WRONG",
    kind: "usage",
    state: "the bucket lies in another region",
    hint: "Name that region with --s3-region or AWS_REGION.",
  };
}

function busy(): Meaning {
  return {
    code: "S3_BUSY",
    kind: "sink",
    state: "the store is busy or in trouble",
    hint: "Resume the export later.",
    retryable: true,
  };
}

/**
 * Says what kept a store from doing something. Nothing of the SDK's error goes along but its name:
 * it holds what was sent.
 */
export function s3Error(action: string, error: unknown): DecantError {
  if (isDecantError(error)) return error;
  const { code, kind, state, hint, retryable = false } = meaningOf(readFailure(error));
  return new DecantError(code, `Cannot ${action}: ${state}`, { kind, hint, retryable });
}

function meaningOf(failure: Failure): Meaning {
  const { name, status, region } = failure;
  const known = Object.hasOwn(meanings, name) ? meanings[name] : undefined;
  if (known?.code === "S3_REGION_WRONG" && region !== undefined) {
    return {
      ...known,
      state: `${known.state}, "${region}"`,
      hint: `Name it with --s3-region ${region} or AWS_REGION.`,
    };
  }
  if (known) return known;
  if (status === 403 || status === 401) return meanings["AccessDenied"]!;
  if (status === 301 || status === 307) return wrongRegion();
  if (status === 429 || (status !== undefined && status >= 500 && status !== 501)) return busy();
  if (status === undefined && /CERT|TLS|SIGNATURE|SSL/.test(name)) return untrusted(name);
  if (status === undefined && /^E(?!RR_)[A-Z]+(_[A-Z]+)*$|^TimeoutError$/.test(name)) {
    return unreachable(name);
  }
  // What stores say of it is short, and the only thing that is known.
  const words = failure.message.slice(0, 200);
  return {
    code: "S3_FAILED",
    kind: "sink",
    state: `${[status, name].filter(Boolean).join(" ")}${words ? `, ${JSON.stringify(words)}` : ""}`,
    hint: "Check the options of the sink; where a store does not know a request, its documentation says so.",
  };
}

function untrusted(name: string): Meaning {
  return {
    code: "S3_UNREACHABLE",
    kind: "sink",
    state: `its certificate cannot be trusted (${name})`,
    hint: "Name the certificate that signed it in NODE_EXTRA_CA_CERTS; for a bucket with dots in its name, set --s3-path-style.",
  };
}

function unreachable(name: string): Meaning {
  return {
    code: "S3_UNREACHABLE",
    kind: "sink",
    state: `no answer came (${name})`,
    hint: "Check the network and --s3-endpoint; for a store without DNS for its buckets, set --s3-path-style.",
    retryable: true,
  };
}
