import { createHash } from "node:crypto";

/** Which token of a credential: all that a request says of it. */
export interface CachedRequest {
  /** Which kind of token. @default {"access"} */
  readonly kind?: "access" | "id";
  /** Full scope names; their order does not matter. Absent: the provider's own default. */
  readonly scopes?: readonly string[];
  readonly audience?: string;
  /** Of an identity token. @default {"standard"} */
  readonly format?: "standard" | "full";
  /** Of an identity token. @default {false} */
  readonly licenses?: boolean;
}

/** The name of an entry: two hashes, so that it tells nothing and holds no secret. */
export function entryName(identity: string, request: CachedRequest): string {
  const { kind = "access", scopes, audience, format = "standard", licenses = false } = request;
  const what = [
    kind,
    scopes?.length ? [...new Set(scopes)].sort() : null,
    audience ?? null,
    ...(kind === "id" ? [format, licenses] : []),
  ];
  return `${digest(identity)}-${digest(JSON.stringify(what))}`;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
