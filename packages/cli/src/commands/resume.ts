import { Args, Command, Flags } from "@oclif/core";
import { runFlags } from "../export/run-flags.ts";

export default class Resume extends Command {
  static override readonly summary = "Go on with an export that was cut off";
  static override readonly description = `
It asks for the rest only, and the output becomes what it would have been. Secrets are not stored:
the token is needed again, from SENTRY_AUTH_TOKEN, .sentryclirc or "decant auth sentry login".`.trim();
  static override readonly examples = ["<%= config.bin %> resume events.ndjson.decant"];
  static override readonly args = {
    state: Args.string({
      description: "The state, a file that ends in .decant",
      required: true,
      ignoreStdin: true,
    }),
  };
  static override readonly flags = {
    url: Flags.string({
      description: "Confirms the server, for a state that was not made by you on this machine",
    }),
    output: Flags.string({
      char: "o",
      description: "Confirms the output of such a state, where it is not beside the state",
    }),
    "allow-insecure-http": Flags.boolean({
      description: "For such a state, send the token over plain http",
    }),
    ...runFlags,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Resume);
    const [{ readRegistry }, { resumeExport }] = await Promise.all([
      import("../plugins/read-registry.ts"),
      import("../export/resume-export.ts"),
    ]);
    const registry = readRegistry(this.config.getPluginsList());
    process.exitCode = await resumeExport({ registry, flags, state: args.state });
  }
}
