import { Command } from "@oclif/core";
import { serverFlags } from "../../../sentry-auth/server-flags.ts";

export default class AuthSentryLogin extends Command {
  static override readonly summary = "Store a token for a Sentry server";
  static override readonly description = `
Asks for the token without showing it, or reads it from a pipe; there is no flag for it, since others
can see arguments. It is checked at the server, and stored in a file for you alone, in the folder
$XDG_CONFIG_HOME/decant/sentry. Each server has its own: a token goes to no other one.`.trim();
  static override readonly examples = [
    "<%= config.bin %> auth sentry login",
    "<%= config.bin %> auth sentry login --url https://sentry.example.com",
    "<%= config.bin %> auth sentry login < token.txt",
  ];
  static override readonly flags = serverFlags;

  async run(): Promise<void> {
    const { flags } = await this.parse(AuthSentryLogin);
    const { login } = await import("../../../sentry-auth/login.ts");
    process.exitCode = await login(flags);
  }
}
