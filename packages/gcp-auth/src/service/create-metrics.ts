/** Numbers about the service, kept and written for Prometheus. */
export interface Metrics {
  /** Counts a request that was answered. */
  request(labels: { readonly route: string; readonly status: number }): void;
  /** Counts a token that was given, by how it came about. */
  token(labels: { readonly cache: string }): void;
  /** Counts a token that was asked for. */
  mint(mint: { readonly ok: boolean; readonly ms: number }): void;
  /** Writes all, with what is measured at this moment. */
  write(gauges: { readonly tokens: number; readonly waiting: number }): string;
}

interface Family {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly samples: Iterable<readonly [name: string, value: number]>;
}

/** Upper bounds in seconds: the last ones are the tries and pauses of one mint. */
const bounds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/**
 * Keeps the numbers of the service. Labels have a fixed set of values, none of which comes from a
 * client, so that the memory is bounded. The text is Prometheus' exposition format 0.0.4
 * (https://prometheus.io/docs/instrumenting/exposition_formats/).
 */
export function createMetrics(): Metrics {
  const requests = new Map<string, number>();
  const tokens = new Map<string, number>();
  const mints = new Map<string, number>();
  const buckets = bounds.map(() => 0);
  let seconds = 0;
  let count = 0;

  return {
    request: ({ route, status }) =>
      increment(requests, `decant_requests_total{route="${route}",status="${status}"}`),
    token: ({ cache }) => increment(tokens, `decant_tokens_served_total{cache="${cache}"}`),
    mint({ ok, ms }) {
      increment(mints, `decant_mints_total{outcome="${ok ? "ok" : "error"}"}`);
      seconds += ms / 1_000;
      count++;
      bounds.forEach((bound, index) => {
        if (ms / 1_000 <= bound) buckets[index]!++;
      });
    },
    write: (gauges) =>
      writeFamilies([
        counter("decant_requests", "Requests that were answered.", requests),
        counter("decant_tokens_served", "Tokens that clients were given.", tokens),
        counter("decant_mints", "Tokens that were asked for upstream.", mints),
        {
          name: "decant_mint_seconds",
          type: "histogram",
          help: "How long a token took upstream.",
          samples: histogram("decant_mint_seconds", { buckets, seconds, count }),
        },
        gauge("decant_tokens_kept", "Names that tokens are kept under.", gauges.tokens),
        gauge("decant_waiting", "Clients that wait for a change.", gauges.waiting),
      ]),
  };
}

function increment(samples: Map<string, number>, sample: string): void {
  samples.set(sample, (samples.get(sample) ?? 0) + 1);
}

function counter(name: string, help: string, samples: Family["samples"]): Family {
  return { name: `${name}_total`, type: "counter", help, samples };
}

function gauge(name: string, help: string, value: number): Family {
  return { name, type: "gauge", help, samples: [[name, value]] };
}

function* histogram(
  name: string,
  { buckets, seconds, count }: { buckets: number[]; seconds: number; count: number },
): Iterable<readonly [string, number]> {
  for (const [index, bound] of bounds.entries()) {
    yield [`${name}_bucket{le="${bound}"}`, buckets[index]!];
  }
  yield [`${name}_bucket{le="+Inf"}`, count];
  yield [`${name}_sum`, seconds];
  yield [`${name}_count`, count];
}

function writeFamilies(families: readonly Family[]): string {
  return families
    .map(({ name, type, help, samples }) => {
      const lines = Array.from(samples, ([sample, value]) => `${sample} ${value}\n`).join("");
      return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines}`;
    })
    .join("");
}
