import { decodeBase64 } from "./base64.ts";
import { type JsonObject, parseObject } from "./parse-object.ts";

/** The claims of a JWT in its compact form, their signature unchecked; `undefined` for what is none. */
export function decodeClaims(jwt: string): JsonObject | undefined {
  const [, claims, ...rest] = jwt.split(".");
  if (claims === undefined || rest.length !== 1) return undefined;
  const bytes = decodeBase64(claims);
  return bytes && parseObject(new TextDecoder().decode(bytes));
}
