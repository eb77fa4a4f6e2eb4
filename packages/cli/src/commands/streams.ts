import { Args, Command, Flags } from "@oclif/core";

export default class Streams extends Command {
  static override readonly summary =
    "List what can be exported from Sentry, or all about one stream";
  static override readonly description = `
Each has the scope that a token needs for it, and what it is read for: once for an organisation, or for each
project, issue, release and so on. A stream read by time takes --since, --from and --to; the others are
read whole. Columns are what sinks made of tables show; sinks that keep JSON keep the whole row.`.trim();
  static override readonly examples = [
    "<%= config.bin %> streams",
    "<%= config.bin %> streams issues",
    "<%= config.bin %> streams --json",
  ];
  static override readonly args = {
    name: Args.string({ description: "A stream, to see its columns", ignoreStdin: true }),
  };
  static override readonly flags = {
    json: Flags.boolean({ description: "Print it as JSON" }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Streams);
    const [{ sentryStreams }, { unknownStream }, { describeStream, listStreams }, { writeStdout }] =
      await Promise.all([
        import("@decant/sentry-source"),
        import("../config/parse-words.ts"),
        import("../streams/describe-streams.ts"),
        import("../terminal/write-stdout.ts"),
      ]);
    const chosen = sentryStreams.filter(({ name }) => name === (args.name ?? name));
    const [stream] = chosen;
    if (!stream) {
      const names = sentryStreams.map(({ name }) => name);
      throw unknownStream(args.name ?? "", names);
    }
    const text = args.name === undefined ? listStreams(chosen) : describeStream(stream);
    const json = JSON.stringify(args.name === undefined ? chosen : stream);
    await writeStdout(`${flags.json ? json : text}\n`);
  }
}
