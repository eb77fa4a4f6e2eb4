import { Args, Command, Flags } from "@oclif/core";
import { outputFlags } from "../../export/output-flags.ts";
import { redactFlags } from "../../export/redact-flags.ts";
import { runFlags } from "../../export/run-flags.ts";

export default class ExportSentry extends Command {
  static override readonly summary = "Export every event of Sentry issues or projects";
  static override readonly description = `
Rows keep the bytes that the server sent. An export that was cut off goes on with "decant resume".
The token comes from SENTRY_AUTH_TOKEN, or from .sentryclirc as for sentry-cli.`.trim();
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
    issue: Args.string({
      description: "Ids, short ids, or addresses of issues",
      multiple: true,
      ignoreStdin: true,
    }),
  };
  static override readonly flags = {
    url: Flags.string({
      description:
        "Base address of the server [default: https://sentry.io] [env: SENTRY_HOST, SENTRY_URL]",
    }),
    org: Flags.string({ description: "Slug of the organisation", env: "SENTRY_ORG" }),
    project: Flags.string({
      char: "p",
      description: "Slug of a project, or org/project; several times for more",
      env: "SENTRY_PROJECT",
      multiple: true,
      multipleNonGreedy: true,
    }),
    query: Flags.string({ description: "Only events that match this search of Sentry" }),
    environment: Flags.string({
      description: "Only events of this environment; several times for more",
      env: "SENTRY_ENVIRONMENT",
      multiple: true,
      multipleNonGreedy: true,
    }),
    since: Flags.string({
      description: "Only events from this long ago on, such as 14d",
      exclusive: ["from"],
    }),
    from: Flags.string({ description: "Only events from this time on: a date, date-time, or 14d" }),
    to: Flags.string({ description: "Only events before this time [default: a minute ago]" }),
    ...outputFlags,
    via: Flags.option({
      description: "How to read a whole project; the other way is for old servers",
      options: ["issues", "project"] as const,
    })(),
    "allow-insecure-http": Flags.boolean({
      description: "Send the token over plain http, where everybody on the way can read it",
    }),
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
    process.exitCode = await exportSentry({ registry, flags, issues: [args.issue ?? []].flat() });
  }
}
