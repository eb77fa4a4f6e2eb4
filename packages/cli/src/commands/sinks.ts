import { Args, Command } from "@oclif/core";

export default class Sinks extends Command {
  static override readonly summary = "List the sinks, or all about one";
  static override readonly description =
    "Those of installed plugins are among them, with how each keeps its promise over a crash.";
  static override readonly examples = ["<%= config.bin %> sinks", "<%= config.bin %> sinks ndjson"];
  static override readonly args = {
    name: Args.string({ description: "A sink, to see its options", ignoreStdin: true }),
  };

  async run(): Promise<void> {
    const { args } = await this.parse(Sinks);
    const [{ readRegistry }, { findSink }, { describeSink, listSinks }, { writeStdout }] =
      await Promise.all([
        import("../plugins/read-registry.ts"),
        import("../plugins/find-provided.ts"),
        import("../plugins/describe-sink.ts"),
        import("../terminal/write-stdout.ts"),
      ]);
    const registry = readRegistry(this.config.getPluginsList());
    const text =
      args.name === undefined ? listSinks(registry) : describeSink(findSink(registry, args.name));
    await writeStdout(`${text}\n`);
  }
}
