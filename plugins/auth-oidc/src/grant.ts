import type { Granted } from "./parse-granted.ts";
import type { Server } from "./server.ts";
import type { Session } from "./session.ts";

/** What a token is asked for, checked. */
export interface GrantRequest {
  readonly scopes: readonly string[];
  readonly audience: string | undefined;
  /** How long it must still live, in milliseconds. */
  readonly minTtlMs: number;
  /** Which of what comes together is wanted. */
  readonly wants: "token" | "idToken";
}

/** A way to come by tokens. */
export interface Grant {
  /** What of a sign-in shapes its tokens. Absent: nobody knows yet, so that they must not be kept. */
  readonly identity: readonly unknown[] | undefined;
  /** Whom tokens stand for, where that is known without asking. */
  readonly principal: string | undefined;
  /** The scopes of the sign-in, where there is one. */
  readonly scopes: readonly string[];
  /** Whether ID tokens come with it. */
  readonly hasIdTokens: boolean;
  mint(request: GrantRequest, signal: AbortSignal): Promise<Granted>;
  revoke?(signal: AbortSignal): Promise<void>;
}

/** What grants work with. */
export interface GrantParts {
  readonly session: Session;
  /** Describes the server, which is asked once. */
  server(signal: AbortSignal): Promise<Server>;
}

/** The parameters for scopes and audience: RFC 6749, section 3.3, and RFC 8707. */
export function targetParameters(
  { settings }: Session,
  { scopes, audience }: Pick<GrantRequest, "scopes" | "audience">,
): [string, string][] {
  return [
    ...(scopes.length > 0 ? [["scope", scopes.join(" ")] as [string, string]] : []),
    ...(audience === undefined ? [] : [[settings.audienceParameter, audience] as [string, string]]),
  ];
}
