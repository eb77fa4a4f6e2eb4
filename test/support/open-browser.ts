import { existsSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const path = "/usr/bin/chromium";

/** Starts Debian's Chromium, alone: with a profile of its own, and nothing that calls home. */
export async function openBrowser(): Promise<Browser> {
  if (!existsSync(path)) {
    throw new Error(`There is no ${path}: install it with apt-get install -y chromium`);
  }
  const profile = await mkdtemp(join(tmpdir(), "decant-chromium-"));
  return await chromium.launch({
    executablePath: path,
    env: { ...process.env, HOME: profile, XDG_CONFIG_HOME: profile, XDG_CACHE_HOME: profile },
    args: [
      ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
    ],
  });
}
