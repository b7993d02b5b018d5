import { crc32, createInflateRaw, type InflateRaw } from 'node:zlib'

const MAGIC = [0x1f, 0x8b] as const
const METHOD_DEFLATE = 8
const HEADER_BYTES = 10
const TRAILER_BYTES = 8
/** Flags of a header. */
const FLAG = { headerCrc: 2, extra: 4, name: 8, comment: 16 } as const
const OUTPUT_CHUNK_BYTES = 256 * 1024

/** Tells whether content is gzip by its first two bytes. */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === MAGIC[0] && head[1] === MAGIC[1]
}

/**
 * Decompresses gzip of one or several members. As gzip does, ignores zeros after a member, and calls `onTrailingGarbage`
 * for anything else after it. Throws for content that is broken or ends early.
 *
 * NOTE: The decompressor of Node fails for trailing garbage and drops the content before it.
 */
export async function* gunzip(
  chunks: AsyncIterable<Uint8Array>,
  onTrailingGarbage: () => void,
): AsyncGenerator<Uint8Array> {
  const input = new Input(chunks)
  await skipHeader(input)
  for (;;) {
    yield* inflateMember(input)
    while ((await input.peek(0)) === 0) input.skip(1)
    if ((await input.peek(0)) === undefined) return
    if ((await input.peek(0)) !== MAGIC[0] || (await input.peek(1)) !== MAGIC[1]) {
      onTrailingGarbage()
      return
    }
    await skipHeader(input)
  }
}

/** The compressed bytes, with a look ahead. */
class Input {
  readonly #iterator: AsyncIterator<Uint8Array>
  #rest: Uint8Array = new Uint8Array(0)

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#iterator = chunks[Symbol.asyncIterator]()
  }

  /** The byte at an offset from here; undefined after the end. */
  async peek(offset: number): Promise<number | undefined> {
    while (this.#rest.length <= offset) {
      const { value, done } = await this.#iterator.next()
      if (done) return undefined
      this.#rest = this.#rest.length === 0 ? value : Buffer.concat([this.#rest, value])
    }
    return this.#rest[offset]
  }

  skip(count: number): void {
    this.#rest = this.#rest.subarray(count)
  }

  async take(count: number): Promise<Buffer> {
    if ((await this.peek(count - 1)) === undefined) throw new Error('the compressed content ends early')
    const bytes = Buffer.from(this.#rest.subarray(0, count))
    this.skip(count)
    return bytes
  }

  /** The next chunk, not empty; undefined at the end. */
  async chunk(): Promise<Uint8Array | undefined> {
    if ((await this.peek(0)) === undefined) return undefined
    const chunk = this.#rest
    this.#rest = new Uint8Array(0)
    return chunk
  }

  /** Gives back the unused end of the last chunk. */
  putBack(bytes: Uint8Array): void {
    this.#rest = bytes
  }
}

/** Reads past the header of a member (RFC 1952). */
async function skipHeader(input: Input): Promise<void> {
  const header = await input.take(HEADER_BYTES)
  const flags = header[3] as number
  if (header[2] !== METHOD_DEFLATE) throw new Error('the compressed content is damaged: unknown method of compression')
  if (flags & FLAG.extra) await input.take((await input.take(2)).readUInt16LE() || 1)
  for (const flag of [FLAG.name, FLAG.comment]) {
    if (flags & flag) while ((await input.take(1))[0] !== 0);
  }
  if (flags & FLAG.headerCrc) await input.take(2)
}

/** Decompresses one member and compares its checksum. */
async function* inflateMember(input: Input): AsyncGenerator<Uint8Array> {
  const inflate = createInflateRaw({ chunkSize: OUTPUT_CHUNK_BYTES })
  const fed = feed(inflate, input)
  let checksum = 0
  let bytes = 0
  try {
    for await (const chunk of inflate as AsyncIterable<Uint8Array>) {
      checksum = crc32(chunk, checksum)
      bytes += chunk.length
      yield chunk
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'Z_BUF_ERROR') throw new Error('the compressed content ends early')
    throw code?.startsWith('Z_') ? new Error(`the compressed content is damaged: ${message}`) : error
  } finally {
    inflate.destroy()
  }
  fed.putBackUnused()
  const trailer = await input.take(TRAILER_BYTES)
  if (trailer.readUInt32LE(0) !== checksum || trailer.readUInt32LE(4) !== bytes % 2 ** 32) {
    throw new Error('the compressed content is damaged: wrong checksum')
  }
}

/** Writes the input to the decompressor, one chunk at a time, so that at most one is partly used when the member ends. */
function feed(inflate: InflateRaw, input: Input): { putBackUnused(): void } {
  let last: Uint8Array = new Uint8Array(0)
  let bytesBefore = 0
  const unused = () => last.subarray(inflate.bytesWritten - bytesBefore)
  const writeNext = async (): Promise<void> => {
    const chunk = await input.chunk()
    bytesBefore += last.length
    last = chunk ?? new Uint8Array(0)
    if (chunk === undefined) inflate.end()
    else
      inflate.write(chunk, (error) => {
        // The member ended in a chunk that is not used up. An error reaches the reader of the decompressor.
        if (!error && unused().length === 0) next()
      })
  }
  const next = () => {
    writeNext().catch((error: Error) => inflate.destroy(error))
  }
  next()
  return { putBackUnused: () => input.putBack(unused()) }
}
