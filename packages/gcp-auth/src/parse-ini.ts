/** Reads the settings of a file as gcloud keeps them, by `section.name`. Comments stand on lines of their own. */
export function parseIni(text: string): Readonly<Record<string, string>> {
  const settings: Record<string, string> = Object.create(null);
  let section = "";
  for (const line of text.split(/\r?\n/).map((each) => each.trim())) {
    if (line === "" || /^[#;]/.test(line)) continue;
    const [, header] = /^\[([^\]]+)\]$/.exec(line) ?? [];
    const [, name, value] = /^([^=:]+)[=:](.*)$/.exec(line) ?? [];
    if (header !== undefined) section = header.trim();
    else if (name !== undefined) settings[`${section}.${name.trim()}`] = value!.trim();
  }
  return settings;
}
