import type { Command } from "@oclif/core";
import type { AuthVerb, VerbInput } from "./auth-verb.ts";
import { listFlag, listOf, pickToken, scopesFlag, tokenFlags } from "./flags.ts";

const hostsFlag = listFlag("hosts", "Hosts that get tokens, besides the provider's own");

/** `auth NAME helper docker`. */
const dockerVerb: AuthVerb = {
  name: "helper:docker",
  summary: "Give tokens to Docker, as its credential helper",
  description:
    "Docker runs a program docker-credential-NAME: let it be a script that runs this command.",
  examples: [" get"],
  args: {
    action: action("What Docker wants", ["get", "store", "erase", "list"]),
  },
  flags: { hosts: hostsFlag, scopes: scopesFlag, ...tokenFlags },
  isFor: ({ helpers }) => helpers?.docker !== undefined,
  async run(provided, input) {
    const { dockerHelper } = await import("../auth-helpers/docker-helper.ts");
    const hosts = listOf(input.flags["hosts"]);
    await dockerHelper(provided, { ...request(input), action: input.args["action"] ?? "", hosts });
  },
};

/** `auth NAME helper git`. */
const gitVerb: AuthVerb = {
  name: "helper:git",
  summary: "Give tokens to Git, as its credential helper",
  description: "Git runs what credential.helper of its configuration says.",
  examples: [" get"],
  args: { action: action("What Git wants; only get is answered") },
  flags: { hosts: hostsFlag, scopes: scopesFlag, ...tokenFlags },
  isFor: ({ helpers }) => helpers?.git !== undefined,
  async run(provided, input) {
    const { gitHelper } = await import("../auth-helpers/git-helper.ts");
    const hosts = listOf(input.flags["hosts"]);
    await gitHelper(provided, { ...request(input), action: input.args["action"] ?? "", hosts });
  },
};

/** `auth NAME helper kubectl`. */
const kubectlVerb: AuthVerb = {
  name: "helper:kubectl",
  summary: "Give tokens to kubectl, as its credential plugin",
  description: "kubectl runs what users.user.exec of a kubeconfig says.",
  examples: [""],
  flags: { scopes: scopesFlag, ...tokenFlags },
  async run(provided, input) {
    const { kubectlHelper } = await import("../auth-helpers/kubectl-helper.ts");
    await kubectlHelper(provided, request(input));
  },
};

/** `auth NAME helper executable`. */
const executableVerb: AuthVerb = {
  name: "helper:executable",
  summary: "Give Google's libraries the subject token of an external account",
  description: "They run what credential_source.executable of a credential file says.",
  examples: ["", " --audience https://iam.example.com"],
  flags: {
    audience: {
      name: "audience",
      type: "option",
      description: "Whom the token is for [default: GOOGLE_EXTERNAL_ACCOUNT_AUDIENCE]",
    },
    ...tokenFlags,
  },
  async run(provided, input) {
    const { executableHelper } = await import("../auth-helpers/executable-helper.ts");
    const audience = input.flags["audience"] as string | undefined;
    await executableHelper(provided, { ...request(input), audience });
  },
};

/** The commands by which other programs get tokens. */
export const helperVerbs: readonly AuthVerb[] = [dockerVerb, gitVerb, kubectlVerb, executableVerb];

function action(description: string, options?: string[]): Command.Arg.Cached {
  return { name: "action", description, required: true, ...(options && { options }) };
}

function request({ given, flags }: VerbInput) {
  return { given, scopes: listOf(flags["scopes"]), ...pickToken(flags) };
}
