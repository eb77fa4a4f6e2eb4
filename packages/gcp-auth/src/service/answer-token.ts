import { type Answer, jsonAnswer, textAnswer } from "./answer.ts";
import type { Served } from "./create-tokens.ts";

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
  return { ...keepOut(answer), cache: served.cache };
}

/** Writes an identity token as the metadata server does: the JWT alone. */
export function answerIdToken(served: Served, alt: "json" | "text" = "text"): Answer {
  if ("refusal" in served) return served.refusal;
  const { value } = served.token;
  const answer =
    alt === "json" ? jsonAnswer(JSON.stringify(value)) : textAnswer(value, "text/html");
  return { ...keepOut(answer), cache: served.cache };
}

/** Writes an access token with all that is known of it, in names of OAuth (RFC 6749 section 5.1). */
export function answerSimpleToken(served: Served): Answer {
  if ("refusal" in served) return served.refusal;
  const { token, expiresAt, cache } = served;
  const members = {
    ...accessMembers(served),
    expires_at: new Date(expiresAt).toISOString(),
    scope: token.scopes?.join(" "),
    principal: token.principal,
  };
  return { ...keepOut(jsonAnswer(`${JSON.stringify(members)}\n`)), cache };
}

function accessMembers({ token, ttlMs }: Exclude<Served, { refusal: Answer }>) {
  return {
    access_token: token.value,
    expires_in: Math.floor(ttlMs / 1_000),
    token_type: token.type,
  };
}

/** No cache in between may keep a token. */
function keepOut(answer: Answer): Answer {
  return { ...answer, headers: { ...answer.headers, "cache-control": "no-store" } };
}
