import { Args, Command } from "@oclif/core";
import { outputFlags } from "../../export/output-flags.ts";
import { redactFlags } from "../../export/redact-flags.ts";
import { runFlags } from "../../export/run-flags.ts";
import { sentryFlags } from "../../export/sentry-flags.ts";

export default class ExportSentry extends Command {
  static override readonly summary = "Export events, and all else that Sentry holds";
  static override readonly description = `
Rows keep the bytes that the server sent. Several streams go into a folder with one file each. An export that
was cut off goes on with "decant resume". The token comes from SENTRY_AUTH_TOKEN, from .sentryclirc as for
sentry-cli, or from "decant auth sentry login".`.trim();
  static override readonly examples = [
    {
      description: "All events of one issue, by the address of its page",
      command:
        "<%= config.bin %> <%= command.id %> https://acme.sentry.io/issues/4711/ --output events.ndjson",
    },
    {
      description: "All events of a project in the last two weeks, as one JSON array",
      command: "<%= config.bin %> <%= command.id %> --project acme/web --since 14d --sink json",
    },
    {
      description: "What everything of an organisation would take; it exports nothing",
      command: "<%= config.bin %> <%= command.id %> all --org acme --plan",
    },
    {
      description: "Everything of an organisation that the token may read",
      command: "<%= config.bin %> <%= command.id %> all --org acme --output acme/",
    },
    {
      description: "Every night from cron: only what is new, and issues that changed",
      command:
        "<%= config.bin %> <%= command.id %> events issues --org acme --incremental --max-duration 6h --quiet --output nightly/",
    },
    {
      description: "Without the addresses of people, and with a hash for their ids",
      command:
        "<%= config.bin %> <%= command.id %> -p acme/web --drop user.email --drop tags.user --hash user.id",
    },
    {
      description: "Into a pipe",
      command: "<%= config.bin %> <%= command.id %> WEB-1A --org acme --sink stdout",
    },
  ];
  static override readonly args = {
    "stream|issue": Args.string({
      description:
        "Streams, see decant streams, or all; and issues by id, short id or address [default: events]",
      multiple: true,
      ignoreStdin: true,
    }),
  };
  static override readonly flags = {
    ...sentryFlags,
    ...outputFlags,
    ...redactFlags,
    ...runFlags,
  };

  async run(): Promise<void> {
    const [{ readRegistry }, { allSinkFlags }, { exportSentry }] = await Promise.all([
      import("../../plugins/read-registry.ts"),
      import("../../plugins/sink-flags.ts"),
      import("../../export/export-sentry.ts"),
    ]);
    const registry = readRegistry(this.config.getPluginsList());
    const { args, flags } = await this.parse({
      args: ExportSentry.args,
      flags: { ...allSinkFlags(registry), ...ExportSentry.flags },
    });
    process.exitCode = await exportSentry({
      registry,
      flags,
      words: [args["stream|issue"] ?? []].flat(),
    });
  }
}
