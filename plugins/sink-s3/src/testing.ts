/**
 * A real S3-compatible store on loopback, for tests of whatever ends in one and for trying it out:
 * SeaweedFS, which checks signatures, the order and the least size of parts, and conditions.
 *
 * @module
 */

export { type LocalStore, startStore } from "./testing/start-store.ts";
