import { hole } from "./byte-template.ts";
import { type JsonInput, type JsonStyle, rawJson } from "./json-text.ts";
import { fraction, hash32 } from "./random.ts";
import {
  environments,
  functions,
  levels,
  modules,
  oddMessages,
  plainMessages,
  urls,
} from "./sample-text.ts";

/** One made-up event, before it takes the shape that a server gives it. */
export interface SampleEvent {
  readonly style: JsonStyle;
  readonly type: "error" | "transaction" | "default";
  readonly level: string;
  readonly environment: string;
  readonly release: string;
  readonly platform: string | null;
  readonly title: string;
  readonly message: string | null;
  readonly culprit: string | null;
  readonly location: string | null;
  readonly metadata: JsonInput;
  readonly user: JsonInput;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  readonly contexts: JsonInput;
  readonly extra: JsonInput;
  readonly packages: JsonInput;
  readonly sdk: JsonInput;
  readonly entries: readonly JsonInput[];
}

/** Which sample to make: everything about it follows from these. */
export interface SampleOptions {
  readonly seed: number;
  /** Which of the samples. */
  readonly index: number;
  /** About how long its full row shall be. */
  readonly bytes: number;
  /** How much to add to the extra data, so that it gets as long as it shall be. */
  readonly padding: number;
  /** Whether it may hold what breaks parsers, terminals and tables. */
  readonly odd: boolean;
}

/** The rows that are always there cost about this much; below it the body stays bare. */
const bareBytes = 2_000;

/** Makes a sample event. */
export function sampleEvent(options: SampleOptions): SampleEvent {
  const { index, odd, bytes } = options;
  const random = hash32(options.seed ^ 0x5a, index);
  const transaction = odd && index % 32 === 9;
  const [type, value] =
    odd && index % 3 === 0
      ? pick(oddMessages, index / 3)
      : pick(plainMessages, odd ? random : index);
  const environment = pick(environments, random % 5 === 0 ? 1 : 0);
  const release = `shop@2.${random % 40}.${random % 7}`;
  const level = pick(levels, random >>> 3);
  const bare = bytes < bareBytes;
  return {
    style: odd
      ? pick(["compact", "compact", "compact", "spaced", "lines"] as const, index)
      : "compact",
    type: transaction ? "transaction" : "error",
    level,
    environment,
    release,
    platform: pick(["python", "javascript", "node"], random >>> 5),
    title: transaction ? "GET /checkout" : `${type}: ${value}`,
    message: odd && index % 11 === 4 ? "" : `${value} (order ${hole("n")})`,
    culprit: odd && index % 13 === 5 ? null : pick(modules, random >>> 7),
    location: odd && index % 2 === 0 ? null : "shop/orders/service.py",
    metadata: transaction ? { title: "GET /checkout", location: "/checkout" } : { type, value },
    user: odd && index % 7 === 3 ? null : user(index),
    tags: tags({ level, environment, release, odd }),
    contexts: bare ? {} : contexts(odd),
    extra: extra(options),
    packages: bare ? {} : { django: "5.2.1", celery: "5.4.0", "@shop/cart": "1.0" },
    sdk: odd && index % 17 === 6 ? null : { name: "sentry.python", version: "2.19.0" },
    entries: bare ? [] : entries({ ...options, type, value, random, transaction }),
  };
}

function pick<T>(list: readonly T[], index: number): T {
  return list[Math.floor(index) % list.length]!;
}

function user(index: number): JsonInput {
  return {
    // Ids of old events can be numbers.
    id: index % 5 === 0 ? index + 0.5 : hole("n"),
    email: `user${hole("n")}@example.com`,
    username: null,
    ip_address: "203.0.113.7",
    name: index % 2 === 0 ? "Zoë Ångström" : null,
    geo: { country_code: "SE", city: "Malmö" },
    data: null,
  };
}

function tags(from: { level: string; environment: string; release: string; odd: boolean }) {
  const list = [
    { key: "browser.name", value: "Firefox" },
    { key: "environment", value: from.environment },
    { key: "level", value: from.level },
    { key: "release", value: from.release },
    { key: "server_name", value: "web-3" },
  ];
  // Cutting the `sentry:` prefix can leave a key twice.
  return from.odd
    ? [...list, { key: "release", value: "user-set" }, { key: "ünï.code", value: "✓" }]
    : list;
}

function contexts(odd: boolean): JsonInput {
  return {
    browser: { name: "Firefox", version: "138.0", type: "browser" },
    device: {
      family: "Desktop",
      // The same key is a number here and a text there.
      free_memory: odd ? rawJson(hole("big")) : 8_123_456_512,
      boot_time: odd ? rawJson("1.0") : "2026-01-01T00:00:00Z",
      type: "device",
    },
    os: odd ? { name: null } : { name: "Linux", version: "6.8", type: "os" },
    trace: {
      trace_id: `${hole("id")}`,
      span_id: "9f1c2a3b4d5e6f70",
      op: "http.server",
      type: "trace",
    },
  };
}

function extra({ index, odd, padding }: SampleOptions): JsonInput {
  if (!odd) return { order: rawJson(hole("n")), padding: "0123456789abcdef".repeat(padding / 16) };
  const odds = [
    `{"id":${hole("big")},"ratio":1.0,"tiny":1E-7,"zero":-0.0,"id":${hole("n")}}`,
    `{"huge":123456789012345678901234567890,"exp":1e+400,"nested":[[[[{"a":null}]]]]}`,
    `{"__proto__":{"polluted":true},"constructor":"x","":"empty key","a.b":{"c.d":[]}}`,
    `{"escaped":"\\u00e9\\/\\ud83d\\ude00\\udead","order":${hole("n")}}`,
    "{}",
  ];
  return rawJson(pick(odds, index));
}

interface EntryOptions extends SampleOptions {
  readonly type: string;
  readonly value: string;
  readonly random: number;
  readonly transaction: boolean;
}

function entries(options: EntryOptions): JsonInput[] {
  const room = options.bytes - bareBytes - 700;
  const crumbs = breadcrumbs(options, Math.max(0, Math.floor((room * 0.4) / 215)));
  const request = {
    type: "request",
    data: {
      url: pick(urls, options.index),
      method: "POST",
      headers: [
        ["Accept", "*/*"],
        ["User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:138.0) Gecko/20100101 Firefox/138.0"],
      ],
      query: [["page", "2"]],
      cookies: [["session", "[Filtered]"]],
      data: null,
    },
  };
  if (options.transaction) return [{ type: "spans", data: [] }, crumbs, request];
  return [exception(options, Math.max(0, Math.floor((room * 0.6) / 345))), crumbs, request];
}

function exception(options: EntryOptions, frames: number): JsonInput {
  const stack = Array.from({ length: frames }, (_, i) =>
    options.odd && i === 3 ? null : frame(options, i),
  );
  return {
    type: "exception",
    data: {
      values: [
        {
          type: options.type,
          value: options.value,
          module: "shop.errors",
          mechanism: { type: "django", handled: false },
          threadId: null,
          stacktrace: { frames: stack, framesOmitted: null, hasSystemFrames: true },
          rawStacktrace: null,
        },
        ...(options.odd ? [null] : []),
      ],
      hasSystemFrames: true,
      excOmitted: null,
    },
  };
}

function frame({ seed, index, odd }: EntryOptions, i: number): JsonInput {
  const random = hash32(seed + index, i);
  const line = random % 900;
  return {
    filename: "shop/orders/service.py",
    absPath: "/srv/app/shop/orders/service.py",
    module: pick(modules, random),
    function: pick(functions, random >>> 4),
    lineNo: line,
    colNo: odd ? rawJson("1.0") : null,
    inApp: random % 3 === 0,
    context: [
      [line - 1, "    for item in cart.items:"],
      [line, `        total += item.price * ${random % 10}`],
    ],
    vars: { self: `<Order ${random % 9_000}>`, address: odd ? rawJson(hole("big")) : "'0x7f'" },
  };
}

function breadcrumbs({ seed, index }: EntryOptions, count: number): JsonInput {
  const values = Array.from({ length: count }, (_, i) => {
    const random = fraction(seed + index, i);
    return {
      type: "http",
      level: "info",
      category: "httplib",
      timestamp: `2026-01-01T00:00:${String(i % 60).padStart(2, "0")}Z`,
      message: `step ${i}`,
      data: { method: "GET", status_code: 200, duration: random, url: pick(urls, i) },
      event_id: null,
    };
  });
  return { type: "breadcrumbs", data: { values } };
}
