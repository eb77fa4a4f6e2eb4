import { Flags } from "@oclif/core";

/** Flags of every command about a server. */
export const serverFlags = {
  url: Flags.string({
    description:
      "Base address of the server [default: https://sentry.io] [env: SENTRY_HOST, SENTRY_URL]",
  }),
  header: Flags.string({
    description:
      "Header for a proxy in front, as 'Name: value'; a secret belongs in DECANT_HEADERS, one a line",
    multiple: true,
    multipleNonGreedy: true,
  }),
  "allow-insecure-http": Flags.boolean({
    description: "Send the token over plain http, where everybody on the way can read it",
  }),
  debug: Flags.boolean({ description: "Show where a bug is" }),
};
