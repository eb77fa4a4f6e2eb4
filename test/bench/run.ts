// All benchmarks, each printed as ratios to a baseline of the same run.
await import("./start.ts");
await import("./export.ts");
await import("./service.ts");
