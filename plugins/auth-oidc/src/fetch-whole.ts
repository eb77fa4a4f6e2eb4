import { type BodyBytes, readBody } from "@decant/core";
import { cleanText } from "./clean-text.ts";
import { oidcError } from "./oidc-error.ts";
import type { Session } from "./session.ts";

/** A request, as oauth4webapi makes it. */
export interface RequestParts {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: URLSearchParams | undefined;
}

/** Whom is asked, and for how long somebody waits. */
export interface SendOptions {
  /** What could not be done, for messages. */
  readonly action?: string;
  readonly signal: AbortSignal;
}

/** Discovery and key sets of large providers are some tens of kilobytes. */
const longestBody = 1024 * 1024;

/** One request. */
export interface Sent {
  readonly url: string;
  readonly init: RequestParts;
}

/**
 * Gets an answer with its whole body, up to 1 MiB.
 *
 * @throws {DecantError} `OIDC_UNREACHABLE`, retryable.
 */
export async function fetchWhole(
  { url, init }: Sent,
  session: Session,
  options: SendOptions,
): Promise<BodyBytes & { readonly response: Response }> {
  const timeout = AbortSignal.timeout(session.timeoutMs);
  try {
    const response = await session.fetch(url, {
      ...{ method: init.method, headers: init.headers, redirect: "manual" },
      ...(init.body && { body: init.body.toString() }),
      signal: AbortSignal.any([options.signal, timeout]),
    });
    return { response, ...(await readBody(response.body, { limit: longestBody })) };
  } catch (error) {
    options.signal.throwIfAborted();
    const reason = timeout.aborted
      ? `no answer within ${session.timeoutMs / 1000} s`
      : describeFailure(error);
    throw oidcError(session.settings.server, {
      code: "OIDC_UNREACHABLE",
      action: options.action ?? "get a token of",
      state: `${new URL(url).host} cannot be reached (${reason})`,
      hint: "Check the network and the proxy settings, and try again.",
      retryable: true,
    });
  }
}

/** The system's name for a network failure, such as `ECONNREFUSED`, else the error's message. */
function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return "for no known reason";
  const { code } = Object(error.cause ?? error) as { code?: unknown };
  if (typeof code === "string") return cleanText(code);
  // Deno quotes the whole address, and a query may hold anything.
  return cleanText(error.message.replace(/\?[^\s)]*/g, ""));
}
