/** What a person does. */
export interface Person {
  readonly login: string;
  /** Whether the person says no when the code is shown. @default {false} */
  readonly refuses?: boolean;
}

/** Does what a person does who opens an address in a browser: fills in each form until there is none. */
export async function signInAs(
  address: string,
  { login, refuses = false }: Person,
): Promise<string> {
  const cookies = new Map<string, string>();

  async function open(url: string, form?: URLSearchParams): Promise<{ url: string; html: string }> {
    const response = await fetch(url, {
      ...(form && { method: "POST", body: form }),
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
      redirect: "manual",
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === "") cookies.delete(name);
      else cookies.set(name, value);
    }
    const location = response.headers.get("location");
    const html = await response.text();
    return location ? await open(new URL(location, url).href) : { url, html };
  }

  let page = await open(address);
  for (let step = 0; step < 8; step++) {
    const [, action] = /<form[^>]* action="([^"]+)"/.exec(page.html) ?? [];
    if (action === undefined) return page.html;
    const form = new URLSearchParams();
    for (const [input] of page.html.matchAll(/<input[^>]*>/g)) {
      const [, name] = /name="([^"]+)"/.exec(input) ?? [];
      const [, value = ""] = /value="([^"]*)"/.exec(input) ?? [];
      if (name !== undefined) form.set(name, value);
    }
    if (form.has("login")) form.set("login", login);
    if (form.has("password")) form.set("password", "any");
    if (refuses && form.has("confirm")) {
      form.delete("confirm");
      form.set("abort", "yes");
      return (await open(new URL(action, page.url).href, form)).html;
    }
    page = await open(new URL(action.replaceAll("&amp;", "&"), page.url).href, form);
  }
  throw new Error("There are forms without end");
}
