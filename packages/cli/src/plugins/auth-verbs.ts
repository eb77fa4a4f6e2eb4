import type { AuthEntry, OptionValue } from "@decant/core";
import type { Command } from "@oclif/core";
import type { Provided } from "./registry.ts";
import { type TokenFormat, tokenFormats } from "./token-formats.ts";

/** What a command of a provider was given. */
interface VerbInput {
  /** The provider's own options. */
  readonly given: Readonly<Record<string, OptionValue>>;
  /** The flags of the verb, as parsed. */
  readonly flags: Readonly<Record<string, unknown>>;
}

/** A command that every auth provider has. */
export interface AuthVerb {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  /** What stands behind the verb in examples. */
  readonly examples: readonly string[];
  /** A provider's options may not take their names. */
  readonly flags: Readonly<Record<string, Command.Flag.Cached>>;
  run(provided: Provided<AuthEntry>, input: VerbInput): Promise<void>;
}

const printing: Readonly<Record<string, Command.Flag.Cached>> = {
  "min-ttl": {
    name: "min-ttl",
    type: "option",
    description: "How long the token must still live, such as 5m",
  },
  format: {
    name: "format",
    type: "option",
    description: "The bare token, an HTTP header, JSON, or lines that a shell can eval",
    options: [...tokenFormats],
    default: "token",
  },
  "no-cache": {
    name: "no-cache",
    type: "boolean",
    description: "Ask for a new token, and keep it nowhere",
    allowNo: false,
  },
};

const onlyToken =
  "Only the token and a line break go to standard output. Secrets are never taken as flags.";

const printToken: AuthVerb = {
  name: "print-token",
  summary: "Print a token",
  description: onlyToken,
  examples: ["", " --format json"],
  flags: {
    scopes: {
      name: "scopes",
      type: "option",
      char: "s",
      description: "What the token is for, several times or with commas",
      multiple: true,
      multipleNonGreedy: true,
    },
    audience: {
      name: "audience",
      type: "option",
      description: "Whom the token is for, where the provider knows audiences",
    },
    ...printing,
  },
  async run(provided, { given, flags }) {
    const module = await import("../auth/print-token.ts");
    await module.printToken(provided, {
      given,
      scopes: (flags["scopes"] ?? []) as readonly string[],
      audience: flags["audience"] as string | undefined,
      ...printed(flags),
    });
  },
};

const printIdentityToken: AuthVerb = {
  name: "print-identity-token",
  summary: "Print an identity token",
  description: `It tells the audience who calls. ${onlyToken}`,
  examples: [" --audience https://service.example.com"],
  flags: {
    audience: {
      name: "audience",
      type: "option",
      description: "Whom the token is for, such as the address of a service",
      required: true,
    },
    ...printing,
  },
  async run(provided, { given, flags }) {
    const module = await import("../auth/print-identity-token.ts");
    const audience = flags["audience"] as string;
    await module.printIdentityToken(provided, { given, audience, ...printed(flags) });
  },
};

const explain: AuthVerb = {
  name: "explain",
  summary: "Tell which credential is used, and why",
  description: "It asks no server and shows no secret.",
  examples: ["", " --json"],
  flags: {
    json: { name: "json", type: "boolean", description: "As JSON", allowNo: false },
  },
  async run(provided, { given, flags }) {
    const module = await import("../auth/explain.ts");
    await module.explain(provided, { given, json: flags["json"] === true });
  },
};

const serve: AuthVerb = {
  name: "serve",
  summary: "Serve tokens as Google's metadata server does",
  description:
    "Google's libraries and gcloud get tokens from it, with no key on their side. It ends with SIGTERM. " +
    "Beyond this machine it needs a shared secret, in DECANT_SERVE_SECRET.",
  examples: ["", " --listen unix:/run/tokens.sock", " --print-env"],
  flags: {
    listen: {
      name: "listen",
      type: "option",
      description: "Host and port, or unix: and the path of a socket",
      default: "127.0.0.1:8178",
    },
    scopes: list("scopes", "The scopes of a token when a client names none"),
    "allow-scopes": list("allow-scopes", "The only scopes that clients get"),
    "allow-audiences": list("allow-audiences", "The only audiences of identity tokens"),
    "allow-hosts": list("allow-hosts", "Names, besides its own, by which clients may call it"),
    "print-env": {
      name: "print-env",
      type: "boolean",
      description: "Print the variables that lead clients here, for eval, and do not serve",
      allowNo: false,
    },
  },
  async run(provided, { given, flags }) {
    const { serveTokens } = await import("../serve/serve-tokens.ts");
    const texts = (name: string) => (flags[name] ?? []) as readonly string[];
    await serveTokens(provided, {
      given,
      listen: flags["listen"] as string,
      scopes: texts("scopes"),
      allowScopes: texts("allow-scopes"),
      allowAudiences: texts("allow-audiences"),
      allowHosts: texts("allow-hosts"),
      printEnv: flags["print-env"] === true,
    });
  },
};

/** The commands that every auth provider has. */
export const authVerbs: readonly AuthVerb[] = [printToken, printIdentityToken, explain, serve];

/** Names that a provider's options cannot have. */
export const takenNames: ReadonlySet<string> = new Set([
  "help",
  ...authVerbs.flatMap(({ flags }) => Object.keys(flags)),
]);

/** Letters that a provider's options cannot have. */
export const takenLetters: readonly string[] = ["s", "h"];

function printed(flags: VerbInput["flags"]) {
  return {
    minTtl: flags["min-ttl"] as string | undefined,
    format: flags["format"] as TokenFormat,
    cache: flags["no-cache"] !== true,
  };
}

function list(name: string, description: string): Command.Flag.Cached {
  return { name, type: "option", description, multiple: true, multipleNonGreedy: true };
}
