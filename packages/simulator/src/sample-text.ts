// What the made-up events say. The odd ones are all seen in real exports: they break terminals,
// spreadsheets, databases and parsers.

export const plainMessages: readonly (readonly [type: string, value: string])[] = [
  ["TypeError", "Cannot read properties of undefined (reading 'total')"],
  ["ValueError", "invalid literal for int() with base 10: '12,50'"],
  ["PaymentDeclined", "The card issuer refused the charge"],
  ["TimeoutError", "Upstream did not answer within 30000 ms"],
  ["KeyError", "'customer_id'"],
  ["IntegrityError", 'duplicate key value violates unique constraint "orders_pkey"'],
  ["ConnectionResetError", "[Errno 104] Connection reset by peer"],
  ["RangeError", "Maximum call stack size exceeded"],
];

export const oddMessages: readonly (readonly [type: string, value: string])[] = [
  ["Error", "=cmd|' /C calc'!A0"],
  ["ShellError", "\u001b[31mfatal\u001b[0m: disk full\u0007\r\u001b[2Kok"],
  ["ZahlungsFehler", "Zahlung abgelehnt: 支付失败 💥 café 👩‍👩‍👧"],
  ["SyntaxError", "Unexpected line\u2028break\u2029in script"],
  ["DecodeError", "unexpected \u0000 byte in header"],
  ["EncodingError", "truncated emoji \ud83d at the end"],
  ["Error", "-2+3+cmd|' /C calc'!A0"],
  ["RTLError", "file \u202egnp.exe could not be opened"],
  ["ParseError", 'quotes " and \\ backslash and / slash and \u007f del'],
  ["Error", "@SUM(1+1)*cmd|' /C calc'!A0\tand a tab"],
];

export const modules: readonly string[] = [
  "shop.orders.service",
  "shop.payments.gateway",
  "django.core.handlers.base",
  "celery.app.trace",
  "app/checkout/cart",
  "node:internal/process/task_queues",
];

export const functions: readonly string[] = [
  "place_order",
  "charge",
  "inner",
  "__protected_call__",
  "computeTotal",
  "processTicksAndRejections",
];

export const urls: readonly string[] = [
  "https://shop.example.com/checkout",
  "https://shop.example.com/orders?page=2&sort=new",
  "https://shop.example.com/cart/#pay",
];

export const environments: readonly string[] = ["production", "staging"];

/** Those of events, and one that users have hidden. */
export const environmentNames: readonly string[] = [...environments, "retired"];

export const levels: readonly string[] = ["error", "error", "error", "warning", "fatal", "info"];
