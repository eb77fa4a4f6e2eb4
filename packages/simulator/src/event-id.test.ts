import fc from "fast-check";
import { expect, test } from "vitest";
import { eventId, eventSerial } from "./event-id.ts";

test("eventSerial() finds what eventId() made, with dashes and capitals too", () => {
  fc.assert(
    fc.property(fc.integer(), fc.nat(), (seed, serial) => {
      const id = eventId(seed, serial);
      expect(id).toMatch(/^[0-9a-f]{32}$/);
      expect(eventSerial(seed, id)).toBe(serial);
      const uuid = id.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-").toUpperCase();
      expect(eventSerial(seed, uuid)).toBe(serial);
    }),
  );
});

test("eventSerial() knows no id that nobody made", () => {
  expect(eventSerial(1, "0".repeat(32))).toBeUndefined();
  expect(eventSerial(1, "latest")).toBeUndefined();
  expect(eventSerial(2, eventId(1, 7))).toBeUndefined();
});
