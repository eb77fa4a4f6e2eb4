import type { Token } from "@decant/core";
import type { TokenFormat } from "../plugins/token-formats.ts";

/** Writes a token in one of the forms that `print-token` knows, without a line break at its end. */
export function formatToken(token: Token, format: TokenFormat): string {
  const end = token.expiresAt;
  switch (format) {
    case "token":
      return token.value;
    case "header":
      return `Authorization: ${token.type} ${token.value}`;
    case "curl-config": // What curl reads with --config, where these two need a backslash.
      return `header = "Authorization: ${token.type} ${token.value.replaceAll(/["\\]/g, "\\$&")}"`;
    case "json":
      return JSON.stringify({
        token: token.value,
        type: token.type,
        expiresAt: end?.toISOString(),
        expiresAtEpoch: end && Math.floor(end.getTime() / 1000),
        scopes: token.scopes,
        principal: token.principal,
      });
    case "env":
      return [
        `export DECANT_TOKEN=${quote(token.value)}`,
        `export DECANT_TOKEN_TYPE=${quote(token.type)}`,
        ...(end ? [`export DECANT_TOKEN_EXPIRES_AT=${quote(end.toISOString())}`] : []),
      ].join("\n");
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
