import { Command, Flags } from "@oclif/core";
import { serverFlags } from "../../../sentry-auth/server-flags.ts";

export default class AuthSentryStatus extends Command {
  static override readonly summary = "Show which Sentry token is used, and what it may do";
  static override readonly description = `
Asks the server whom it stands for, and names the streams that it cannot read. The token itself is never
shown. Exit code 3: there is none, or the server refuses it.`.trim();
  static override readonly examples = [
    "<%= config.bin %> auth sentry status",
    "<%= config.bin %> auth sentry status --url https://sentry.example.com --json",
  ];
  static override readonly flags = {
    ...serverFlags,
    json: Flags.boolean({ description: "Print it as JSON" }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(AuthSentryStatus);
    const { status } = await import("../../../sentry-auth/status.ts");
    await status(flags);
  }
}
