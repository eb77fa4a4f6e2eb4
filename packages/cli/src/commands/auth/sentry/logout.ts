import { Command } from "@oclif/core";
import { serverFlags } from "../../../sentry-auth/server-flags.ts";

export default class AuthSentryLogout extends Command {
  static override readonly summary = "Remove the token that is stored for a Sentry server";
  static override readonly description = `
The token stays valid until you revoke it on the settings page of the server.`.trim();
  static override readonly examples = [
    "<%= config.bin %> auth sentry logout",
    "<%= config.bin %> auth sentry logout --url https://sentry.example.com",
  ];
  static override readonly flags = { url: serverFlags.url, debug: serverFlags.debug };

  async run(): Promise<void> {
    const { flags } = await this.parse(AuthSentryLogout);
    const { logout } = await import("../../../sentry-auth/logout.ts");
    await logout(flags);
  }
}
