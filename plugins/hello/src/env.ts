import { type AuthContext, type AuthPlugin, DecantError, type Token } from "@decant/core";

/**
 * The provider `env`: hands out a token that lies in an environment variable.
 *
 * The options are `variable` (its name), `type`, `expires` and `principal`. What of type and expiry is not
 * given is read beside it, from VARIABLE_TYPE and VARIABLE_EXPIRES_AT: just what
 * `eval "$(decant auth gcp print-token --format env)"` sets.
 *
 * @example
 * ```ts
 * import env from "@decant/plugin-hello/env";
 *
 * const provider = await env.open({
 *   options: { variable: "CI_TOKEN" },
 *   env: (name) => ({ CI_TOKEN: "abc", CI_TOKEN_EXPIRES_AT: "2100-01-01T00:00:00Z" })[name],
 *   readFile: async () => new Uint8Array(),
 *   readStdin: async () => new Uint8Array(),
 *   now: Date.now,
 *   fetch,
 * });
 * console.log((await provider.getToken({ minTtlMs: 60_000 })).expiresAt);
 * ```
 */
const env: AuthPlugin = {
  async open(context) {
    return {
      name: "env",
      async getToken({ scopes, audience, minTtlMs = 0, signal }) {
        signal?.throwIfAborted();
        if (scopes || audience) {
          throw refusal("ENV_TOKEN_FIXED", "Cannot choose scopes or audience: the token is made", {
            hint: "Leave them out: the token is for what it was made for.",
          });
        }
        const token = readToken(context);
        if (token.expiresAt && token.expiresAt.getTime() < context.now() + Math.max(1, minTtlMs)) {
          const end = token.expiresAt.toISOString();
          throw refusal("ENV_TOKEN_EXPIRED", `Cannot use the token: it ends at ${end}`, {
            hint: "Put a new one into the variable, or ask for a shorter life.",
          });
        }
        return token;
      },
    };
  },
};

export default env;

function readToken({ options, env }: AuthContext): Token {
  const variable = String(options["variable"]);
  // A name in another form may be the token itself, which must not come back in a message.
  if (!/^[A-Z_][A-Z0-9_]*$/.test(variable)) {
    throw refusal("ENV_NAME_INVALID", "Cannot read the variable: its name is not upper case", {
      hint: "Give the name of the variable with --variable, never the token.",
    });
  }
  const value = env(variable);
  if (!value) {
    throw refusal("ENV_TOKEN_MISSING", `Cannot read "${variable}": it is not set`, {
      hint: "Set it to the token, or name another variable with --variable.",
    });
  }
  // What goes into a header must be visible ASCII.
  if (!/^[\x21-\x7e]+$/.test(value)) {
    throw refusal("ENV_TOKEN_INVALID", `Cannot use "${variable}": it holds no token`, {
      hint: "A token has no spaces, line breaks or letters beyond ASCII.",
    });
  }
  const { principal } = options;
  const type = String(options["type"] ?? (env(`${variable}_TYPE`) || "Bearer"));
  if (!/^[\w-]+$/.test(type)) {
    throw refusal("ENV_TYPE_INVALID", `Cannot use the type of "${variable}": it is not one word`, {
      hint: "Most tokens are of the type Bearer.",
    });
  }
  const expires = String(options["expires"] ?? env(`${variable}_EXPIRES_AT`) ?? "");
  return {
    value,
    type,
    ...(expires === "" ? {} : { expiresAt: parseTime(expires) }),
    ...(principal === undefined ? {} : { principal: String(principal) }),
  };
}

function parseTime(text: string): Date {
  const time = new Date(text);
  if (!Number.isNaN(time.getTime())) return time;
  throw refusal("ENV_TIME_INVALID", `Cannot read "${text}" as a time: it is not ISO 8601`, {
    hint: "Write it like 2026-01-31T12:00:00Z.",
  });
}

function refusal(code: string, message: string, { hint }: { hint: string }): DecantError {
  return new DecantError(code, message, { kind: "credentials", hint });
}
