/** Decodes safetensors bytes (https://github.com/huggingface/safetensors): arrays and JSON metadata, without copying where aligned. */

export type TensorData = Float32Array | Int32Array | Uint8Array;

export interface Tensor {
  readonly shape: readonly number[];
  readonly data: TensorData;
}

export interface Safetensors {
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Each value of `__metadata__`, parsed: the plugin stores JSON text in them. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

const LENGTH_BYTES = 8;

const VIEWS: Readonly<Record<string, (buffer: ArrayBuffer, offset: number, length: number) => TensorData>> = {
  F32: (buffer, offset, length) => new Float32Array(buffer, offset, length / 4),
  I32: (buffer, offset, length) => new Int32Array(buffer, offset, length / 4),
  U8: (buffer, offset, length) => new Uint8Array(buffer, offset, length),
};

/** Throws an Error with a sentence when the bytes are not what the format promises. */
export function decodeSafetensors(bytes: ArrayBuffer): Safetensors {
  if (bytes.byteLength < LENGTH_BYTES) throw new Error(`Not safetensors: only ${bytes.byteLength} bytes.`);
  const headerLength = Number(new DataView(bytes).getBigUint64(0, true));
  const start = LENGTH_BYTES + headerLength;
  if (start > bytes.byteLength) throw new Error(`Not safetensors: a header of ${headerLength} bytes does not fit.`);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, LENGTH_BYTES, headerLength))) as Record<
    string,
    HeaderEntry | Record<string, string>
  >;

  const metadata: Record<string, unknown> = {};
  const tensors = new Map<string, Tensor>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") {
      for (const [key, text] of Object.entries(entry as Record<string, string>)) metadata[key] = JSON.parse(text);
    } else {
      tensors.set(name, decodeTensor(name, entry as HeaderEntry, bytes, start));
    }
  }
  return { tensors, metadata };
}

function decodeTensor(name: string, entry: HeaderEntry, bytes: ArrayBuffer, start: number): Tensor {
  const view = VIEWS[entry.dtype];
  if (view === undefined) throw new Error(`Tensor ${name} has type ${entry.dtype}; the panel reads F32, I32 and U8.`);
  const [from, to] = entry.data_offsets;
  if (from > to || start + to > bytes.byteLength) throw new Error(`Tensor ${name} lies outside of the answer.`);
  const offset = start + from;
  // A typed array must start at a multiple of its item size; the format pads its header, but a server need not.
  const data = offset % 4 === 0 ? view(bytes, offset, to - from) : view(bytes.slice(offset, start + to), 0, to - from);
  return { shape: entry.shape, data };
}

export function float32(file: Safetensors, name: string): Float32Array | null {
  const data = file.tensors.get(name)?.data;
  return data instanceof Float32Array ? data : null;
}

export function uint8(file: Safetensors, name: string): Uint8Array | null {
  const data = file.tensors.get(name)?.data;
  return data instanceof Uint8Array ? data : null;
}

export function int32(file: Safetensors, name: string): Int32Array | null {
  const data = file.tensors.get(name)?.data;
  return data instanceof Int32Array ? data : null;
}
