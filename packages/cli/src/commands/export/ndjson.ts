import { Args, Command, Flags } from "@oclif/core";
import { outputFlags } from "../../export/output-flags.ts";
import { redactFlags } from "../../export/redact-flags.ts";
import { runFlags } from "../../export/run-flags.ts";

// Nothing is asked of a server.
const { concurrency: _, header: __, ...localFlags } = runFlags;

export default class ExportNdjson extends Command {
  static override readonly summary = "Export rows of files, such as earlier output";
  static override readonly description = `
Reads NDJSON, JSON arrays with one row a line, and either of them with gzip. Rows keep their bytes, and
each is checked: one that is damaged ends the export with the number of its line. An export that was
cut off goes on with "decant resume", as long as the files stay as they are.`.trim();
  static override readonly examples = [
    {
      description: "Events that were exported before, as one JSON array",
      command:
        "<%= config.bin %> <%= command.id %> events.ndjson.gz --sink json --output events.json",
    },
    {
      description: "Rows of another program, each with an id of two parts",
      command:
        "<%= config.bin %> <%= command.id %> orders.jsonl --stream orders --id shop.id --id order.id --time order.at",
    },
  ];
  static override readonly args = {
    file: Args.string({
      description: "The files, read in this order",
      multiple: true,
      required: true,
      ignoreStdin: true,
    }),
  };
  static override readonly flags = {
    stream: Flags.string({
      description: "What the rows are [default: what the manifest beside a file says, or events]",
    }),
    id: Flags.string({
      description:
        "Where the id lies in a row, such as order.id; several times for several parts [default: as in Sentry's events, or file and place]",
      multiple: true,
      multipleNonGreedy: true,
      helpValue: "PATH",
    }),
    time: Flags.string({
      description: "Where the time lies in a row [default: as in Sentry's events]",
      helpValue: "PATH",
    }),
    ...outputFlags,
    ...redactFlags,
    ...localFlags,
  };

  async run(): Promise<void> {
    const [{ readRegistry }, { allSinkFlags }, { exportNdjson }] = await Promise.all([
      import("../../plugins/read-registry.ts"),
      import("../../plugins/sink-flags.ts"),
      import("../../export/export-ndjson.ts"),
    ]);
    const registry = readRegistry(this.config.getPluginsList());
    const { args, flags } = await this.parse({
      args: ExportNdjson.args,
      flags: { ...allSinkFlags(registry), ...ExportNdjson.flags },
    });
    process.exitCode = await exportNdjson({ registry, flags, files: [args.file].flat() });
  }
}
