import { DecantError, type DecantErrorOptions, isDecantError } from "@decant/core";
import { systemCode } from "@decant/core/file";

type Explanation = readonly [code: string, state: string | undefined, options: DecantErrorOptions];

const again = { kind: "sink", retryable: true } as const;

/** What is known of the codes of PostgreSQL, or of their first two letters, the class. */
const known: Readonly<Record<string, Explanation>> = {
  "08": ["POSTGRES_UNREACHABLE", undefined, { ...again, hint: "Resume the export." }],
  "22": rowRefused("Tell the maintainers: a value should be left out rather than refused."),
  "23": rowRefused("Remove the constraint or the trigger that refuses rows, then resume."),
  "25006": [
    "SINK_DENIED",
    "the server is read-only",
    { kind: "sink", hint: "Connect to the primary, not to a standby." },
  ],
  "28": ["POSTGRES_LOGIN_REFUSED", undefined, { kind: "credentials", hint: loginHint() }],
  "3D000": [
    "POSTGRES_DATABASE_MISSING",
    undefined,
    { kind: "usage", hint: "Create it with createdb, or name another." },
  ],
  "40": [
    "POSTGRES_BUSY",
    "another transaction was in its way",
    { ...again, hint: "Resume the export." },
  ],
  "42501": [
    "SINK_DENIED",
    undefined,
    { kind: "sink", hint: "Grant what is missing; the README lists the privileges that it takes." },
  ],
  "53": ["POSTGRES_UNREACHABLE", undefined, { ...again, hint: "Resume when the server has room." }],
  "53100": [
    "SINK_FULL",
    "the disk of the server is full",
    { ...again, hint: "Free some space, then resume the export." },
  ],
  "54": rowRefused(
    "A row or an index entry is too large. Remove the index of the long column, or make it one of left(column, 500); a column raw of type text takes what is too deep for json.",
  ),
  "55P03": [
    "POSTGRES_BUSY",
    "somebody else holds a lock on the table",
    { ...again, hint: "End the other transaction, then resume the export." },
  ],
  "57": [
    "POSTGRES_UNREACHABLE",
    undefined,
    { ...again, hint: "Resume when the server is up again." },
  ],
  "57014": [
    "POSTGRES_BUSY",
    undefined,
    { ...again, hint: "Raise statement_timeout for this user if it was too short, then resume." },
  ],
};

function rowRefused(hint: string): Explanation {
  return ["ROW_INVALID", undefined, { kind: "sink", hint }];
}

function loginHint(): string {
  return "Check the user, and the password in PGPASSWORD or ~/.pgpass.";
}

/**
 * Says in one sentence what kept something from being done. The error of the driver is not passed on:
 * its details hold values of rows.
 *
 * @param action What is done to what, such as `write "postgres://db/sentry"`.
 */
export function explainFailure(action: string, error: unknown): DecantError {
  if (isDecantError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = systemCode(error) ?? "";
  const isServer = /^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]+$/.test(code);
  const [name, state, options] = isServer
    ? (known[code] ?? known[code.slice(0, 2)] ?? unknown)
    : explainConnection(code, message);
  const said = state ?? (message || code);
  return new DecantError(
    name,
    `Cannot ${action}: ${said}${isServer ? ` (SQLSTATE ${code})` : ""}`,
    options,
  );
}

const unknown: Explanation = [
  "SINK_FAILED",
  undefined,
  { kind: "sink", hint: "What was committed is kept: resume the export when the cause is mended." },
];

function explainConnection(code: string, message: string): Explanation {
  if (/does not support SSL/.test(message)) {
    const hint =
      "Give sslmode=disable if you trust every network in between, or set the server up for TLS.";
    return ["POSTGRES_TLS", "the server does not encrypt", { kind: "usage", hint }];
  }
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/.test(code) || /certificate|altnames/i.test(message)) {
    const hint =
      "Name the certificate of its authority with sslrootcert, or give sslmode=require to encrypt without knowing who answers.";
    return ["POSTGRES_TLS", undefined, { kind: "usage", hint }];
  }
  if (/SASL|SCRAM|password/i.test(message)) {
    const state = /must be a(?: non-empty)? string/.test(message)
      ? "the server asks for a password"
      : undefined;
    return ["POSTGRES_LOGIN_REFUSED", state, { kind: "credentials", hint: loginHint() }];
  }
  if (code === "ENOTFOUND" || code === "ENOENT") {
    const state = code === "ENOENT" ? "no server has a socket there" : "there is no such host";
    return [
      "POSTGRES_UNREACHABLE",
      state,
      { ...again, hint: "Check the host, and that the server runs." },
    ];
  }
  if (/^E[A-Z]+$/.test(code) || /connection|terminated|timeout|closed|ended/i.test(message)) {
    const hint = "Check host, port and network. An export that was begun can be resumed.";
    return ["POSTGRES_UNREACHABLE", undefined, { ...again, hint }];
  }
  return unknown;
}
