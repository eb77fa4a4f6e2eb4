/** Does what a person does in a browser: fills in the forms of an OpenID provider until there is none. */
export async function signInAs(login: string, address: string): Promise<void> {
  const cookies = new Map<string, string>();

  async function open(url: string, form?: URLSearchParams): Promise<{ url: string; html: string }> {
    const response = await fetch(url, {
      ...(form && { method: "POST", body: form }),
      headers: { cookie: [...cookies].map((pair) => pair.join("=")).join("; ") },
      redirect: "manual",
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get("location");
    const html = await response.text();
    return location ? await open(new URL(location, url).href) : { url, html };
  }

  let { url, html } = await open(address);
  for (let action = formIn(html); action !== undefined; action = formIn(html)) {
    const inputs = [...html.matchAll(/<input[^>]*? name="([^"]+)"[^>]*>/g)];
    const form = inputs.map(([input, name = ""]) => [
      name,
      /value="([^"]*)"/.exec(input)?.[1] ?? login,
    ]);
    ({ url, html } = await open(
      new URL(action, url).href,
      new URLSearchParams(form.map((pair) => pair as [string, string])),
    ));
  }
}

function formIn(html: string): string | undefined {
  return /<form[^>]* action="([^"]+)"/.exec(html)?.[1];
}
