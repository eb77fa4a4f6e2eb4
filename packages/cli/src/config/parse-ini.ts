/**
 * Reads the INI files of sentry-cli: sections, `key = value` lines, and comments that begin a line.
 * What is none of these is passed over, as sentry-cli does.
 *
 * @returns Values by `section.key`.
 */
export function parseIni(text: string): Map<string, string> {
  const values = new Map<string, string>();
  let section = "";
  for (const line of text.replace(/^\ufeff/, "").split(/\r?\n/)) {
    const trimmed = line.trim();
    if (trimmed.startsWith("#") || trimmed.startsWith(";")) continue;
    const heading = /^\[([^\]]*)\]$/.exec(trimmed);
    if (heading) {
      section = heading[1]!.trim();
      continue;
    }
    const equals = trimmed.indexOf("=");
    if (equals < 1) continue;
    const key = trimmed.slice(0, equals).trim();
    values.set(`${section}.${key}`, unquote(trimmed.slice(equals + 1).trim()));
  }
  return values;
}

function unquote(value: string): string {
  return /^"[^"]*"$|^'[^']*'$/.test(value) ? value.slice(1, -1) : value;
}
