import { expect, test } from "vitest";
import { linkHeader } from "./link-header.ts";

const url = new URL("https://sentry.example/api/0/issues/1/events/?full=true");

/** What follows a page with this header; `cursor` is what the page was asked for with. */
function after(link: string | undefined, options: { cursor?: string; parameter?: string } = {}) {
  const { parameter, ...asked } = options;
  const headers = new Headers(link === undefined ? {} : { link });
  const response = { status: 200, url: url.href, headers };
  const strategy = linkHeader(parameter === undefined ? {} : { parameter });
  return strategy.cursorAfter({ url, response, value: [], ...asked });
}

test("linkHeader() takes the cursor attribute, whatever the address says", () => {
  const link = '<http://internal:9000/?cursor=wrong>; rel="next"; results="true"; cursor="0:100:0"';
  expect(after(link)).toBe("0:100:0");
});

test("linkHeader() takes the cursor of the address where there is no attribute", () => {
  expect(after('</api/0/issues/1/events/?cursor=a%2Bb%3D>; rel="next"')).toBe("a+b=");
  expect(after(`<${url.origin}/other?page=2>; rel="last next"`, { parameter: "page" })).toBe("2");
  expect(after('<?cursor=7>; rel=NEXT; results="true"; cursor=""')).toBe("7");
});

test("linkHeader() ends where the next link says that there are no results", () => {
  const next = '<https://x.example>; rel="next"; results="false"; cursor="0:100:0"';
  expect(
    after(`<https://x.example>; rel="previous"; results="true"; cursor="0:0:1", ${next}`),
  ).toBe(undefined);
  expect(after(`{'<a>; rel="previous"; results="false", <b>; rel="next"; results="False"'}`)).toBe(
    undefined,
  );
});

test("linkHeader() does not mind what the previous link says", () => {
  const previous = '<https://x.example>; rel="previous"; results="false"; cursor="0:0:1"';
  const next = '<https://x.example>; rel="next"; results="true"; cursor="0:100:0"';
  expect(after(`${previous}, ${next}`)).toBe("0:100:0");
});

test("linkHeader() ends without a next link where servers do not speak of results", () => {
  expect(after('<https://x.example/?page=1>; rel="prev"', { cursor: "2" })).toBeUndefined();
});

test("linkHeader() ends at a first page without a header, not at a later one", () => {
  expect(after(undefined)).toBeUndefined();
  expect(() => after(undefined, { cursor: "0:100:0" })).toThrow(
    expect.objectContaining({ code: "PAGE_LINK_INVALID", retryable: true }),
  );
});

test("linkHeader() takes no header for an end that does not say so", () => {
  for (const link of [
    "nonsense",
    '<https://x.example>; rel="previous"; results="false"; cursor="0:0:1"',
    `<${url.origin}/?page=2>; rel="next"`,
    '<http://[>; rel="next"; results="true"',
  ]) {
    expect(() => after(link)).toThrow(expect.objectContaining({ code: "PAGE_LINK_INVALID" }));
  }
});

test("linkHeader() refuses the address of another origin", () => {
  for (const link of [
    '<https://evil.example/?cursor=1>; rel="next"',
    '<http://sentry.example/?cursor=1>; rel="next"; results="true"',
    '<//evil.example/?cursor=1>; rel="next"; results="true"',
  ]) {
    expect(() => after(link)).toThrow(expect.objectContaining({ code: "PAGE_CROSS_ORIGIN" }));
  }
});

test("linkHeader() puts the cursor into our own address, encoded", () => {
  const page = linkHeader().urlAt(url, "a+b/c=&d");
  expect(page.href).toBe(`${url.href}&cursor=a%2Bb%2Fc%3D%26d`);
  expect(linkHeader().urlAt(page, "2").search).toBe("?full=true&cursor=2");
  expect(url.search).toBe("?full=true");
});
