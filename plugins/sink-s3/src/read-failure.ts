/** What is known of an error of the SDK. */
export interface Failure {
  /** Such as `NoSuchKey`. */
  readonly name: string;
  /** The HTTP status; `undefined` where there was no answer. */
  readonly status: number | undefined;
  /** The region that the store names, where it does. */
  readonly region: string | undefined;
  readonly message: string;
}

/** Reads an error of the SDK. Its fields are the store's, so that none is taken for granted. */
export function readFailure(error: unknown): Failure {
  const fields = (typeof error === "object" && error !== null ? error : {}) as {
    readonly name?: unknown;
    readonly code?: unknown;
    readonly message?: unknown;
    readonly Region?: unknown;
    readonly $metadata?: { readonly httpStatusCode?: unknown };
    readonly $response?: { readonly headers?: Readonly<Record<string, unknown>> };
  };
  const { httpStatusCode: status } = fields.$metadata ?? {};
  const named = /expecting ['"]?([a-z0-9-]+)/i.exec(String(fields.message))?.[1];
  const region = fields.$response?.headers?.["x-amz-bucket-region"] ?? fields.Region ?? named;
  const name = typeof fields.name === "string" ? fields.name : "Error";
  return {
    name: status === undefined && typeof fields.code === "string" ? fields.code : name,
    status: typeof status === "number" ? status : undefined,
    // It becomes a part of addresses and of hints.
    region: typeof region === "string" && /^[a-z0-9-]{1,40}$/.test(region) ? region : undefined,
    message: typeof fields.message === "string" ? fields.message : "",
  };
}
