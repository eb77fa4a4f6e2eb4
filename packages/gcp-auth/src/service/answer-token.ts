import { type Answer, jsonAnswer, textAnswer } from "./answer.ts";
import type { Served } from "./create-tokens.ts";

type ServedToken = Exclude<Served, { refusal: Answer }>;

/** Writes an access token as the metadata server does. */
export function answerAccessToken(served: Served, alt: "json" | "text" = "json"): Answer {
  if ("refusal" in served) return served.refusal;
  const members = accessMembers(served);
  const answer =
    alt === "json"
      ? jsonAnswer(JSON.stringify(members))
      : textAnswer(
          Object.entries(members)
            .map(([name, value]) => `${name} ${value}\n`)
            .join(""),
        );
  return withToken(answer, served);
}

/** Writes an identity token as the metadata server does: the JWT alone. */
export function answerIdToken(served: Served, alt: "json" | "text" = "text"): Answer {
  if ("refusal" in served) return served.refusal;
  const { value } = served.token;
  const answer =
    alt === "json" ? jsonAnswer(JSON.stringify(value)) : textAnswer(value, "text/html");
  return withToken(answer, served);
}

/** Writes an access token with all that is known of it, in names of OAuth (RFC 6749 section 5.1). */
export function answerSimpleToken(served: Served): Answer {
  if ("refusal" in served) return served.refusal;
  const { token, expiresAt } = served;
  const members = {
    ...accessMembers(served),
    expires_at: new Date(expiresAt).toISOString(),
    scope: token.scopes?.join(" "),
    principal: token.principal,
  };
  return withToken(jsonAnswer(`${JSON.stringify(members)}\n`), served);
}

function accessMembers({ token, ttlMs }: ServedToken) {
  return {
    access_token: token.value,
    expires_in: secondsLeft(ttlMs),
    token_type: token.type,
  };
}

/** No cache in between may keep a token. One from memory is told of in the same way for up to a second. */
function withToken(answer: Answer, { cache, expiresAt, ttlMs }: ServedToken): Answer {
  return {
    ...answer,
    headers: { ...answer.headers, "cache-control": "no-store" },
    cache,
    ...(cache === "hit" && { freshUntil: expiresAt - secondsLeft(ttlMs) * 1_000 }),
  };
}

function secondsLeft(ttlMs: number): number {
  return Math.floor(ttlMs / 1_000);
}
