import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { PassThrough, Writable } from "node:stream";
import { expect, test } from "vitest";
import { createStreamOutput, type OutputStream } from "./create-stream-output.ts";

const plain = { color: false };

function asOutput(stream: Writable): OutputStream {
  return stream as unknown as OutputStream;
}

test("createStreamOutput() says what it writes to", () => {
  const tty = Object.assign(new PassThrough(), { isTTY: true, columns: 120 });
  expect(createStreamOutput(asOutput(tty), { color: true })).toMatchObject({
    terminal: true,
    columns: 120,
    color: true,
  });
  const output = createStreamOutput(asOutput(tty), plain);
  tty.columns = 60;
  expect(output.columns).toBe(60);
  expect(createStreamOutput(asOutput(new PassThrough()), plain)).toMatchObject({
    terminal: false,
    columns: 80,
  });
});

test("createStreamOutput() waits for a slow reader", async () => {
  let release = () => {};
  const slow = new Writable({
    write(_chunk, _encoding, done) {
      release = done;
    },
  });
  const output = createStreamOutput(asOutput(slow), plain);
  let done = false;
  const writing = output.write(new Uint8Array(10)).then(() => {
    done = true;
  });
  await new Promise(setImmediate);
  expect(done).toBe(false);
  release();
  await writing;
  expect(done).toBe(true);
});

test("createStreamOutput() tells that the reader went away", async () => {
  await using server = createServer((socket: Socket) => socket.resetAndDestroy()).listen(
    0,
    "127.0.0.1",
  );
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const socket = connect(port, "127.0.0.1").on("error", () => {});
  await new Promise((resolve) => socket.once("close", resolve));
  const output = createStreamOutput(asOutput(socket), plain);
  await expect(output.write(new Uint8Array(10))).rejects.toMatchObject({ code: "OUTPUT_CLOSED" });
});

test("createStreamOutput() tells any other failure", async () => {
  const full = new Writable({
    write: (_chunk, _encoding, done) =>
      done(Object.assign(new Error("no space"), { code: "ENOSPC" })),
  });
  full.on("error", () => {});
  await expect(
    createStreamOutput(asOutput(full), plain).write(new Uint8Array(1)),
  ).rejects.toMatchObject({
    code: "OUTPUT_FAILED",
    kind: "sink",
    message: expect.stringContaining("no space"),
  });
});
