// oidc-provider writes about what a real one should have otherwise, on each start.
for (const level of ["info", "warn"] as const) {
  const write = console[level];
  console[level] = (...parts: unknown[]) => {
    if (!String(parts[0]).includes("oidc-provider ")) write(...parts);
  };
}
