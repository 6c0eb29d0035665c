/** For the tests: what the plugin answers when asked for frames. */

/** `frames` are the entries of the metadata, `arrays` the tensors by name. */
export function framesAnswer(frames: object[], arrays: Record<string, number[]>): Response {
  let end = 0;
  const places = Object.entries(arrays).map(([name, values]) => {
    const start = end;
    end += 4 * values.length;
    const data_offsets = [start, end];
    return [name, { dtype: "F32", shape: [values.length], data_offsets }] as const;
  });
  const header = { __metadata__: { frames: JSON.stringify(frames) }, ...Object.fromEntries(places) };
  const text = new TextEncoder().encode(JSON.stringify(header).padEnd(1024));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(text.length), true);
  return new Response(new Blob([length, text, new Float32Array(Object.values(arrays).flat())]));
}
