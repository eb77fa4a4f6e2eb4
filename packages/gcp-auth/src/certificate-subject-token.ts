import type { ClientCertificate } from "@decant/core";
import { decodeBase64, encodeBase64 } from "./base64.ts";
import { credentialError } from "./credential-error.ts";
import { gcloudFolder } from "./gcloud-folder.ts";
import { hashText } from "./hash-text.ts";
import { asObject, parseObject } from "./parse-object.ts";
import { readFields } from "./read-fields.ts";
import { readText } from "./read-text.ts";
import {
  type SubjectTokenContext,
  type SubjectTokenSource,
  subjectTokenError,
} from "./subject-token.ts";

const configVariable = "GOOGLE_API_CERTIFICATE_CONFIG";
const pem = /-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/g;

/**
 * A subject token that is a chain of certificates: the connection on which it is exchanged shows that
 * its key is there too (https://cloud.google.com/iam/docs/workload-identity-federation-with-x509-certificates).
 */
export async function certificateSubjectToken(
  context: SubjectTokenContext,
): Promise<SubjectTokenSource> {
  const { credentialSource, source, effects } = context;
  const fields = readFields(readFields(credentialSource, source).object("certificate"), source);
  const chainPath = fields.optionalText("trust_chain_path");
  const configPath = findConfig(context, fields.optionalText("certificate_config_location"));

  function read(path: string): Promise<string> {
    const fail = (state: string) => subjectTokenError(source, `"${path}" cannot be read: ${state}`);
    return readText(path, { effects, fail });
  }

  async function readCertificate(): Promise<ClientCertificate> {
    const configs = asObject(parseObject(await read(configPath))?.["cert_configs"]);
    const workload = readFields(asObject(configs?.["workload"]) ?? {}, configPath);
    const [cert, key] = [workload.text("cert_path"), workload.text("key_path")];
    return { cert: await read(cert), key: await read(key) };
  }

  const get = async () => {
    const [leaf] = certificates((await readCertificate()).cert, source);
    const chain = chainPath === undefined ? [] : certificates(await read(chainPath), source);
    if (chain.indexOf(leaf!) > 0) {
      throw subjectTokenError(source, "its own certificate is not the first of trust_chain_path");
    }
    return JSON.stringify(chain[0] === leaf ? chain : [leaf, ...chain]);
  };
  return {
    endpoints: [configPath],
    identity: await get().then(hashText, () => undefined),
    tokenUrl: `https://sts.mtls.${context.universe ?? "googleapis.com"}/v1/token`,
    get,
    async fetch() {
      if (effects.fetchWithCertificate)
        return effects.fetchWithCertificate(await readCertificate());
      throw credentialError(source, {
        code: "GCP_HOST_UNABLE",
        state: "it needs a client certificate, and no way to show one was given",
        hint: "Use it where one can be shown, such as with the program decant.",
      });
    },
  };
}

function findConfig({ source, effects }: SubjectTokenContext, given: string | undefined): string {
  const { env } = effects;
  const path = given ?? env(configVariable);
  if (path) return path;
  const folder = gcloudFolder(env);
  if (folder !== undefined) return `${folder}/certificate_config.json`;
  throw subjectTokenError(source, `no certificate is configured, and ${configVariable} is not set`);
}

/** The certificates of a file, each in base64 on one line. */
function certificates(text: string, source: string): string[] {
  const found = [...text.matchAll(pem)].map(([, body]) => decodeBase64(body!));
  if (found.length > 0 && found.every((bytes) => bytes !== undefined)) {
    return found.map((bytes) => encodeBase64(bytes!));
  }
  throw subjectTokenError(source, "its certificate is not PEM");
}
