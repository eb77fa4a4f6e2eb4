import { Args, Command, Flags } from "@oclif/core";

export default class Verify extends Command {
  static override readonly summary = "Check an output against its manifest";
  static override readonly description =
    "Reads the output back and compares rows, bytes and digest. Exit code 7: it is not what was written.";
  static override readonly examples = ["<%= config.bin %> verify events.ndjson.decant"];
  static override readonly args = {
    state: Args.string({
      description: "The state, a file that ends in .decant",
      required: true,
      ignoreStdin: true,
    }),
  };
  static override readonly flags = {
    output: Flags.string({
      char: "o",
      description: "Where the output lies now [default: where it was written]",
    }),
    quiet: Flags.boolean({ char: "q", description: "Say nothing: the exit code is the answer" }),
    json: Flags.boolean({ description: "Print what was found as JSON on standard output" }),
    debug: Flags.boolean({ description: "Show where a bug is" }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Verify);
    const [{ readRegistry }, { verifyState }] = await Promise.all([
      import("../plugins/read-registry.ts"),
      import("../export/verify-state.ts"),
    ]);
    const registry = readRegistry(this.config.getPluginsList());
    process.exitCode = await verifyState({ registry, flags, state: args.state });
  }
}
