import { Command, Flags } from "@oclif/core";

export default class Demo extends Command {
  static override readonly summary = "See it work: an export and a token, with no account";
  static override readonly description = `
Starts a Sentry and a Google token endpoint of its own on this machine, exports an issue of 2,500
events from the one and gets a token from the other. Nothing leaves the machine.`.trim();
  static override readonly examples = [
    "<%= config.bin %> demo",
    "<%= config.bin %> demo --output events.ndjson",
  ];
  static override readonly flags = {
    output: Flags.string({
      char: "o",
      description: "Where the events go [default: a new folder for temporary files]",
    }),
    force: Flags.boolean({ char: "f", description: "Replace an output that is there already" }),
    quiet: Flags.boolean({ char: "q", description: "Say nothing: the exit code is the answer" }),
    debug: Flags.boolean({ description: "Show each request, without secrets" }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Demo);
    const [{ readRegistry }, { runDemo }] = await Promise.all([
      import("../plugins/read-registry.ts"),
      import("../demo/run-demo.ts"),
    ]);
    const registry = readRegistry(this.config.getPluginsList());
    process.exitCode = await runDemo({ registry, flags });
  }
}
