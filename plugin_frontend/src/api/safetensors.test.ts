import { describe, expect, it } from "vitest";
import { decodeSafetensors, float32, int32 } from "./safetensors";

/** Bytes as the server's library writes them; without padding the data may start anywhere. */
function encode(header: object, data: Uint8Array, padded = true): ArrayBuffer {
  let text = JSON.stringify(header);
  if (padded) text = text.padEnd(Math.ceil(text.length / 8) * 8);
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(new TextEncoder().encode(text), 8);
  bytes.set(data, 8 + text.length);
  return bytes.buffer;
}

const floats = new Float32Array([1.5, -2, 3.25, 0]);
const ints = new Int32Array([7, -1]);
const data = new Uint8Array([...new Uint8Array(floats.buffer), ...new Uint8Array(ints.buffer)]);
const header = {
  __metadata__: { frames: JSON.stringify([{ status: "ready" }]) },
  "coordinates/0": { dtype: "F32", shape: [2, 2], data_offsets: [0, 16] },
  "prediction/0": { dtype: "I32", shape: [2], data_offsets: [16, 24] },
};

describe("decoding safetensors", () => {
  it.each([true, false])("gives back arrays, shapes and metadata (header padded: %s)", (padded) => {
    // A letter more makes the unpadded data start at an odd place.
    const file = decodeSafetensors(
      encode(padded ? header : { ...header, __metadata__: { frames: "[1]" } }, data, padded),
    );
    expect(float32(file, "coordinates/0")).toEqual(floats);
    expect(int32(file, "prediction/0")).toEqual(ints);
    expect(file.tensors.get("coordinates/0")?.shape).toEqual([2, 2]);
    expect(file.metadata.frames).toEqual(padded ? [{ status: "ready" }] : [1]);
  });

  it("says null for a tensor that is not there or of another type", () => {
    const file = decodeSafetensors(encode(header, data));
    expect(float32(file, "coordinates/1")).toBeNull();
    expect(float32(file, "prediction/0")).toBeNull();
  });

  it("refuses bytes that are cut off, anywhere", () => {
    const whole = encode(header, data);
    for (const length of [0, 7, 8, 40, whole.byteLength - 1]) {
      expect(() => decodeSafetensors(whole.slice(0, length))).toThrow();
    }
  });

  it("names the type that it cannot read", () => {
    const odd = { x: { dtype: "BF16", shape: [2], data_offsets: [0, 4] } };
    expect(() => decodeSafetensors(encode(odd, new Uint8Array(4)))).toThrow(/BF16/);
  });
});
