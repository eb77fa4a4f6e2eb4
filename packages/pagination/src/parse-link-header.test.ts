import fc from "fast-check";
import { expect, test } from "vitest";
import { parseLinkHeader } from "./parse-link-header.ts";

test("parseLinkHeader() reads what Sentry sends", () => {
  const links = parseLinkHeader(
    '<https://acme.sentry.io/api/0/organizations/acme/issues/1/events/?&cursor=0:0:1>; rel="previous"; results="false"; cursor="0:0:1", ' +
      '<https://acme.sentry.io/api/0/organizations/acme/issues/1/events/?&cursor=0:100:0>; rel="next"; results="true"; cursor="0:100:0"',
  );
  expect(links).toMatchObject([
    { rel: "previous", results: false, cursor: "0:0:1" },
    {
      url: "https://acme.sentry.io/api/0/organizations/acme/issues/1/events/?&cursor=0:100:0",
      rel: "next",
      results: true,
      cursor: "0:100:0",
    },
  ]);
});

test("parseLinkHeader() reads GlitchTip's text of a Python set", () => {
  const links = parseLinkHeader(
    `{'<http://localhost/api/0/issues/1/events/>; rel="previous"; results="false", <http://localhost/api/0/issues/1/events/?cursor=cj0x+/=>; rel="next"; results="true"; cursor="cj0x+/="'}`,
  );
  expect(links).toMatchObject([
    { rel: "previous", results: false },
    { rel: "next", results: true, cursor: "cj0x+/=" },
  ]);
  expect(links[0]).not.toHaveProperty("cursor");
});

test("parseLinkHeader() takes commas and semicolons inside of addresses and values", () => {
  const links = parseLinkHeader(
    '<https://a.example/?f=x,y;z>; title="a, b; <c>"; rel="next"; cursor="a, b; <c> \\"d\\""',
  );
  expect(links).toHaveLength(1);
  expect(links[0]).toEqual({
    url: "https://a.example/?f=x,y;z",
    rel: "next",
    cursor: 'a, b; <c> "d"',
  });
});

test.each([
  ["no quotes", "<u>; rel=next; results=false; cursor=a"],
  ["any case", '<u>; REL="next"; Results="False"; CURSOR="a"'],
  ["odd space", '  < u > ;rel = "next" ;\r\n results\t=\t"FALSE";cursor="a" ; '],
  ["a wrapper and no quotes", "{'<u>; rel=next; cursor=a; results=false'}"],
  [
    "repeated parameters",
    '<u>; rel="next"; rel="prev"; results="false"; results="true"; cursor="a"',
  ],
  ["an unfinished quote", '<u>; rel="next"; results="false"; cursor="a'],
])("parseLinkHeader() takes %s", (_, header) => {
  expect(parseLinkHeader(header)).toMatchObject([
    { url: "u", rel: "next", results: false, cursor: "a" },
  ]);
});

test("parseLinkHeader() takes a missing comma between links", () => {
  expect(parseLinkHeader('<a>; rel="prev" <b>; rel="next"')).toMatchObject([
    { url: "a", rel: "prev" },
    { url: "b", rel: "next" },
  ]);
});

test("parseLinkHeader() leaves out a `results` that is neither true nor false", () => {
  expect(parseLinkHeader('<a>; rel="next"; results="perhaps"')[0]).not.toHaveProperty("results");
});

test("parseLinkHeader() finds nothing where there is nothing", () => {
  for (const value of ["", " ", ",", "{'", "{''}", "nonsense", "<", "<cut off", 'rel="next"']) {
    expect(parseLinkHeader(value)).toEqual([]);
  }
});

const other = fc.stringMatching(/^[a-z][a-z0-9*-]{0,11}$/);
const name = fc.oneof(other, fc.constantFrom("rel", "results", "cursor"));
const url = fc.stringMatching(/^[!-;=?-~]{0,40}$/);
const value = fc.oneof(
  fc.string({ unit: "grapheme-ascii", maxLength: 30 }),
  fc.constantFrom("true", "False"),
);
const header = fc.array(fc.record({ url, parameters: fc.dictionary(name, value) }), {
  maxLength: 6,
});
const quote = (text: string) => `"${text.replace(/["\\]/g, "\\$&")}"`;

test("parseLinkHeader() reads back whatever can be written", () => {
  fc.assert(
    fc.property(header, fc.constantFrom(", ", ",", " ,\t"), (links, comma) => {
      const text = links
        .map((link) => [
          `<${link.url}>`,
          ...Object.entries(link.parameters).map(([key, text]) => `${key}=${quote(text)}`),
        ])
        .map((parts) => parts.join("; "))
        .join(comma);
      const parsed = parseLinkHeader(text);
      const written = links.map(({ url, parameters: { rel = "", results, cursor } }) => ({
        url,
        rel,
        ...(/^(true|false)$/i.test(results ?? "") && { results: /^true$/i.test(results ?? "") }),
        ...(cursor !== undefined && { cursor }),
      }));
      expect(parsed).toEqual(written);
      expect(parseLinkHeader(`{'${text}'}`)).toEqual(parsed);
    }),
  );
});

const piece = fc.constantFrom(
  "<",
  ">",
  ";",
  ",",
  "=",
  '"',
  "\\",
  "'",
  "{",
  "}",
  " ",
  "rel",
  "next",
);
const garbage = fc.array(fc.oneof(piece, fc.string()), { maxLength: 60 });

test("parseLinkHeader() never throws, and gives each link once", () => {
  fc.assert(
    fc.property(garbage, (pieces) => {
      const text = pieces.join("");
      expect(parseLinkHeader(text).length).toBeLessThanOrEqual(text.split("<").length - 1);
    }),
  );
});

test.each(['<a>; b="', "<a>; b=", "<a>;", "<", "<a> ", '<a>; b="\\', "<>", "<a>; b;"])(
  "parseLinkHeader() stays linear for much of %s",
  (part) => {
    const text = part + part.slice(-1).repeat(1_000_000);
    expect(parseLinkHeader(text).length).toBeLessThanOrEqual(1);
    expect(parseLinkHeader(part.repeat(50_000)).length).toBeLessThanOrEqual(50_000);
  },
);
