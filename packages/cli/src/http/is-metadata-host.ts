/** The variables that name a metadata server to Google's libraries and to gcloud. */
const variables = ["GCE_METADATA_HOST", "GCE_METADATA_IP", "GCE_METADATA_ROOT"];

/**
 * Tells whether a host is the metadata server of the machine, Google's or Amazon's. A proxy has another
 * one, or none, and would see the tokens: Google's libraries ask theirs directly, too.
 *
 * @param host As in a URL, with the port if there is one.
 */
export function isMetadataHost(host: string, env: (name: string) => string | undefined): boolean {
  const name = host.replace(/:\d+$/, "");
  if (name === "metadata.google.internal" || name === "[fd00:ec2::254]") return true;
  if (/^169\.254\.\d+\.\d+$/.test(name)) return true;
  return variables.some((variable) => hostOf(env(variable)) === host);
}

/** A host may be given with a scheme before it. */
function hostOf(text: string | undefined): string | undefined {
  if (!text) return undefined;
  const url = /^https?:\/\//.test(text) ? text : `http://${text}`;
  return URL.canParse(url) ? new URL(url).host : undefined;
}
