import { DecantError } from "@decant/core";
import { showUrl } from "./show-url.ts";
import { causes, systemCode } from "./system-code.ts";

/** What Node (`X509_V_ERR_*` of OpenSSL) and Bun call a certificate that they do not trust. */
const certificateCodes =
  /^(CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH_|ERR_TLS_CERT_)/;
/** What they call it when the two do not speak one protocol. A cut or spoilt connection is none of it. */
const protocolCodes = /^(EPROTO$|ERR_SSL_(?!UNEXPECTED_EOF|.*(BAD_RECORD_MAC|INTERNAL_ERROR)))/;

/** How Deno, by rustls, says the same: in words alone. */
const certificateWords = /\(Connect\): (invalid peer certificate)/;
const protocolWords =
  /\(Connect\): (received corrupt message|peer is incompatible|received fatal alert(?!: (InternalError|BadRecordMac)))/;

const certificateHint =
  "See whether the address is right. If the certificate is one of your own, name the file of its authority in NODE_EXTRA_CA_CERTS (with Deno: DENO_CERT).";
const protocolHint =
  "See whether the server speaks TLS on this port. If it does not, give the address with http://.";

/**
 * Says that TLS cannot be agreed on, which no other try would change.
 *
 * @returns Nothing for any other failure.
 */
export function tlsFailure(url: URL, error: unknown): DecantError | undefined {
  const code = systemCode(error) ?? "";
  const messages = [...causes(error)].map(({ message }) => message);
  const said = (words: RegExp) => messages.map((text) => words.exec(text)?.[1]).find(Boolean);
  const certificate = certificateCodes.test(code) ? code : said(certificateWords);
  const protocol = protocolCodes.test(code) ? code : said(protocolWords);
  const detail = certificate ?? protocol;
  if (detail === undefined) return undefined;
  const state = certificate ? "its certificate is not trusted" : "TLS cannot be agreed on with it";
  return new DecantError("TLS_FAILED", `Cannot read ${showUrl(url)}: ${state} (${detail})`, {
    kind: "usage",
    hint: certificate ? certificateHint : protocolHint,
    cause: error,
  });
}
