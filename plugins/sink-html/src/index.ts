/**
 * The sink `html`: a report of an export as one HTML page that needs nothing but a browser.
 *
 * @module
 */

export { default, htmlSink } from "./html.ts";
