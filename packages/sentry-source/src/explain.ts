import { DecantError } from "@decant/core";
import type { FailedResponse } from "@decant/pagination";
import { isObject } from "./parse-json.ts";

/** What a request is about, for the words of its errors. */
export interface Subject {
  /** What is read, such as `events of issue "WEB-1A"`: `Cannot read ` goes before it. */
  readonly name: string;
  /** A scope that lets a token read it. */
  readonly scope: string;
  /** What to check when it is not there. */
  readonly hint?: string;
  /** Whether a server may lack it, so that a web page instead of it means just that. */
  readonly optional?: boolean;
}

/** What the words depend on besides. */
export interface ExplainContext {
  readonly subject: Subject;
  /** Where the request went. */
  readonly url: URL;
  /** Never to be seen in what a server echoes. */
  readonly token: string;
}

/** What an error body says. `detail` is a text, an object, or GlitchTip's list of problems. */
interface Detail {
  readonly code?: string;
  readonly message: string;
  /** The new slug of a project that was renamed. */
  readonly slug?: string;
}

/**
 * Puts an answer of Sentry or GlitchTip that is no page into words.
 *
 * @returns Nothing where the status says enough, as with most of 5xx. 429 is not dealt with here.
 */
export function explain(failure: FailedResponse, context: ExplainContext): DecantError | undefined {
  const { status } = failure;
  const detail = readDetail(failure.body, context.token);
  if (detail.code === "sso-required") return ssoRequired(context);
  if (detail.code === "resource-moved") return moved(detail, context);
  if (context.subject.optional && status < 500 && looksLikeHtml(failure.body)) {
    return notFound(context);
  }
  if (status < 400) return wrongUrl(failure, context);
  if (status === 401) return unauthorized(detail, context);
  if (looksLikeHtml(failure.body) && status < 500) return wrongUrl(failure, context);
  if (status === 403) return forbidden(context);
  if (status === 404) return notFound(context);
  if (status === 500) return serverError(detail, context);
  if (status === 408 || status > 500) return undefined;
  return rejected(status, detail, context);
}

function fail(
  code: string,
  state: string,
  context: ExplainContext,
  rest: ConstructorParameters<typeof DecantError>[2],
): DecantError {
  return new DecantError(code, `Cannot read ${context.subject.name}: ${state}`, rest);
}

function unauthorized({ message }: Detail, context: ExplainContext): DecantError {
  const state = `the server refuses the token${message && `: ${message}`}`;
  return fail("SENTRY_UNAUTHORIZED", state, context, {
    kind: "credentials",
    hint: `Make a new token on ${context.url.origin} in the settings of your account under "Auth Tokens", with the scopes event:read, project:read and org:read.`,
  });
}

function forbidden(context: ExplainContext): DecantError {
  const { scope } = context.subject;
  const state = `the token may not: it lacks the scope ${scope}, or its user is in no team of it`;
  return fail("SENTRY_FORBIDDEN", state, context, {
    kind: "credentials",
    hint: `Make a token with the scope ${scope}; if it has that, join a team of the project.`,
  });
}

function ssoRequired(context: ExplainContext): DecantError {
  return fail("SENTRY_SSO_REQUIRED", "the organisation requires a login by SSO", context, {
    kind: "credentials",
    hint: "Log in by SSO in the browser, then make a new token; or use the token of an internal integration.",
  });
}

function notFound(context: ExplainContext): DecantError {
  return fail("SENTRY_NOT_FOUND", "there is none that the token can see", context, {
    kind: "usage",
    hint: context.subject.hint ?? "Check its spelling, the organisation and the base URL.",
  });
}

function moved({ slug }: Detail, context: ExplainContext): DecantError {
  const state = slug ? `it is now named "${slug}"` : "it was renamed";
  return fail("SENTRY_MOVED", state, context, { kind: "usage", hint: "Use the new name." });
}

function wrongUrl(failure: FailedResponse, context: ExplainContext): DecantError {
  const { origin } = context.url;
  const target = URL.parse(failure.headers.get("location") ?? "", context.url)?.origin;
  const state =
    target === undefined
      ? `"${origin}" answers with a web page`
      : `"${origin}" redirects to ${target === origin ? "another page" : `"${target}"`}`;
  return fail("SENTRY_WRONG_URL", state, context, {
    kind: "usage",
    hint: "Check that this is the base URL of a Sentry server, and that no login of a proxy stands before it.",
  });
}

function serverError({ message }: Detail, context: ExplainContext): DecantError {
  const state = `the server fails with status 500${message && `: ${message}`}`;
  return fail("SENTRY_SERVER_ERROR", state, context, {
    kind: "source",
    retryable: true,
    hint: "Try again later. If the range is older than what the server keeps, let it begin later.",
  });
}

function rejected(status: number, { message }: Detail, context: ExplainContext): DecantError {
  if (message.startsWith("Query timeout")) {
    return fail("SENTRY_QUERY_LIMIT", "the query takes the server too long", context, {
      kind: "source",
      retryable: true,
      hint: "Try again later, or choose a shorter range.",
    });
  }
  if (message.startsWith("Invalid date range")) {
    return fail("SENTRY_OUTSIDE_RETENTION", "the server keeps nothing that old", context, {
      kind: "source",
      hint: "Choose a later range.",
    });
  }
  const state = `the server rejects the request with status ${status}${message && `: ${message}`}`;
  return fail("SENTRY_REJECTED", state, context, {
    kind: "source",
    hint: "Check the search query, and whether the server is one that this version knows.",
  });
}

/** Reads an error body, which may be anything. */
function readDetail(body: string, token: string): Detail {
  const show = (text: string) => clean(text.replaceAll(token, "***"));
  const value = tryParse(body);
  const detail = isObject(value) ? value["detail"] : value;
  const slug = isObject(value) && typeof value["slug"] === "string" ? value["slug"] : undefined;
  const shown = slug === undefined ? {} : { slug: show(slug) };
  if (isObject(detail)) {
    const { code, message } = detail;
    return {
      ...shown,
      ...(typeof code === "string" && { code }),
      message: typeof message === "string" ? show(message) : "",
    };
  }
  const texts = Array.isArray(detail)
    ? detail.map((item) => isObject(item) && item["msg"])
    : [detail];
  const message = texts.filter((text) => typeof text === "string").join(", ");
  return { ...shown, message: show(message) };
}

/** Makes one short line of a text that came from elsewhere. */
export function clean(text: string): string {
  const line = text.replaceAll(/[\p{C}\p{Z}]+/gu, " ").trim();
  return line.length > 200 ? `${line.slice(0, 200)}...` : line;
}

function looksLikeHtml(body: string): boolean {
  return body.trimStart().startsWith("<");
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
