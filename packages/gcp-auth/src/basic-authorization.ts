import { encodeBase64 } from "./base64.ts";

/** The header with which an OAuth client says who it is (RFC 6749 section 2.3.1). */
export function basicAuthorization(id: string, secret: string): { readonly authorization: string } {
  const bytes = new TextEncoder().encode(`${id}:${secret}`);
  return { authorization: `Basic ${encodeBase64(bytes)}` };
}
