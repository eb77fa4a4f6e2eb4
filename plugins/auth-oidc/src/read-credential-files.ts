import { type AuthContext, DecantError, isDecantError } from "@decant/core";
import { missing, text } from "./option-text.ts";
import { readSigningKey } from "./read-signing-key.ts";
import type { AuthMethod, Settings, SubjectToken } from "./settings.ts";

type Credentials = Pick<
  Settings,
  "authMethod" | "secret" | "key" | "certificate" | "refreshToken" | "subjectToken"
>;

const states: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "it may not be read",
  EPERM: "it may not be read",
};

/**
 * Reads what the client proves with who it is: a secret, a key or a certificate, and never several.
 *
 * @throws {DecantError} about options that do not go together, or a file.
 */
export async function readCredentialFiles(context: AuthContext): Promise<Credentials> {
  const option = (name: string) => text(context.options[name]);
  checkStdin(option);
  const keyFile = option("key-file");
  const certificateFile = option("certificate-file");
  const secret = await readSecret(context, "client-secret");
  const authMethod = chooseMethod(option("auth-method") as AuthMethod | undefined, {
    ...{ secret, keyFile, certificateFile },
    mayBePublic: option("grant") !== undefined && option("grant") !== "client-credentials",
  });
  const key = keyFile === undefined ? undefined : await readFile(context, keyFile);
  const grant = option("grant");
  const refreshToken =
    grant === "refresh-token" ? await needSecret(context, "refresh-token") : undefined;
  const subjectToken = grant === "token-exchange" ? await readSubject(context) : undefined;
  return {
    ...{ authMethod, refreshToken, subjectToken },
    secret: authMethod === "none" ? undefined : secret,
    key:
      key !== undefined && authMethod === "private_key_jwt"
        ? await readSigningKey(key, { source: keyFile!, kid: option("key-id") })
        : undefined,
    certificate:
      key !== undefined && authMethod === "tls_client_auth"
        ? { cert: await readFile(context, certificateFile!), key }
        : undefined,
  };
}

/** Standard input can be read once. */
function checkStdin(option: (name: string) => string | undefined): void {
  const kinds = ["client-secret", "key", "certificate", "refresh-token", "subject-token"];
  const names = kinds.map((kind) => `${kind}-file`).filter((name) => option(name) === "-");
  if (names.length < 2) return;
  throw conflict(
    `${names.map((name) => `--${name}`).join(" and ")} are both standard input`,
    "Put one of them into a file.",
  );
}

interface Given {
  readonly secret: string | undefined;
  readonly keyFile: string | undefined;
  readonly certificateFile: string | undefined;
  /** Whether something else proves whom a token is for, so that the client itself may be public. */
  readonly mayBePublic: boolean;
}

function chooseMethod(method: AuthMethod | undefined, given: Given): AuthMethod | undefined {
  const { secret, keyFile, certificateFile, mayBePublic } = given;
  switch (method) {
    case "client_secret_basic":
    case "client_secret_post":
      if (secret === undefined) throw withoutSecret();
      return method;
    case "private_key_jwt":
      if (keyFile === undefined) throw missing("a key", "Name its file with --key-file.");
      return method;
    case "tls_client_auth":
      if (keyFile !== undefined && certificateFile !== undefined) return method;
      throw missing("a certificate", "Name the files with --certificate-file and --key-file.");
    case "none":
      return method;
  }
  if (secret !== undefined && keyFile !== undefined) {
    throw conflict("a secret and a key are given", "Say with --auth-method which one to use.");
  }
  if (certificateFile !== undefined) return chooseMethod("tls_client_auth", given);
  if (keyFile !== undefined) return "private_key_jwt";
  if (secret !== undefined) return undefined; // The server says in which form.
  if (mayBePublic) return "none";
  throw withoutSecret();
}

/** A secret from its variable or from a file. */
async function readSecret(context: AuthContext, name: string): Promise<string | undefined> {
  const given = text(context.options[name]);
  const path = text(context.options[`${name}-file`]);
  if (given !== undefined && path !== undefined) {
    throw conflict(
      `both ${variableOf(name)} and --${name}-file are given`,
      "Leave one of them out.",
    );
  }
  if (path === undefined) return given;
  const secret = (await readFile(context, path)).trim();
  if (secret === "") throw unreadable(path, "it is empty");
  return secret;
}

/** A secret that the grant cannot do without. */
async function needSecret(context: AuthContext, name: string): Promise<string> {
  const secret = await readSecret(context, name);
  if (secret !== undefined) return secret;
  const hint = `Set ${variableOf(name)}, or name a file with --${name}-file.`;
  throw missing(`a ${name.replace("-", " ")}`, hint);
}

async function readSubject(context: AuthContext): Promise<SubjectToken> {
  const name = "subject-token";
  const first = await needSecret(context, name);
  const again = text(context.options[`${name}-file`]) !== "-";
  return {
    read: async () => (again ? await needSecret(context, name) : first),
    type: `urn:ietf:params:oauth:token-type:${text(context.options[`${name}-type`]) ?? "jwt"}`,
  };
}

function variableOf(name: string): string {
  return `DECANT_OIDC_${name.toUpperCase().replaceAll("-", "_")}`;
}

async function readFile(context: AuthContext, path: string): Promise<string> {
  try {
    const bytes = path === "-" ? await context.readStdin() : await context.readFile(path);
    return new TextDecoder().decode(bytes);
  } catch (error) {
    if (isDecantError(error)) throw error; // A host that refuses a file says why.
    const { code } = Object(error) as { code?: unknown };
    throw unreadable(path, states[String(code)] ?? (typeof code === "string" ? code : "it fails"));
  }
}

function unreadable(path: string, state: string): DecantError {
  return new DecantError("OIDC_FILE_UNREADABLE", `Cannot read "${path}": ${state}`, {
    kind: "credentials",
    hint: "Check the path, and who may read the file.",
  });
}

function withoutSecret(): DecantError {
  return missing(
    "a secret or a key of the client",
    "Set DECANT_OIDC_CLIENT_SECRET, or name a file with --client-secret-file or --key-file.",
  );
}

function conflict(state: string, hint: string): DecantError {
  return new DecantError("OIDC_OPTION_CONFLICT", `Cannot choose a credential: ${state}`, {
    ...{ kind: "usage", hint },
  });
}
