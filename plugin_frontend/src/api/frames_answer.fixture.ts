/** For the tests: what the plugin answers when asked for frames or neighbours. */

interface Given {
  readonly shape: readonly number[];
  readonly data: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;
}

/** `frames` are the entries of the metadata, `arrays` the tensors by name. */
export function framesAnswer(frames: object[], arrays: Record<string, number[]>): Response {
  const floats = Object.entries(arrays).map(
    ([name, values]) => [name, { shape: [values.length], data: new Float32Array(values) }] as const,
  );
  return tensorsAnswer(Object.fromEntries(floats), { frames: JSON.stringify(frames) });
}

const dtypeOf = (data: Given["data"]) =>
  data instanceof Float32Array ? "F32" : data instanceof Int32Array ? "I32" : "U8";

export function tensorsAnswer(arrays: Record<string, Given>, metadata: Record<string, string> = {}): Response {
  let end = 0;
  const places = Object.entries(arrays).map(([name, { shape, data }]) => {
    const start = end;
    end += data.byteLength;
    return [name, { dtype: dtypeOf(data), shape, data_offsets: [start, end] }] as const;
  });
  const header = { __metadata__: metadata, ...Object.fromEntries(places) };
  const text = new TextEncoder().encode(JSON.stringify(header).padEnd(1024));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(text.length), true);
  return new Response(new Blob([length, text, ...Object.values(arrays).map(({ data }) => data)]));
}
