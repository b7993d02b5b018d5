import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { gunzip } from '../../src/cli/gunzip.ts'

const TEXT = Array.from({ length: 15_000 }, (_, i) => `line ${i} ${(i * 7919) % 10_007}\n`).join('')
const PACKED = gzipSync(TEXT)

/** Decompresses bytes in chunks. `error` is the message of a failure. */
async function unpack(bytes: Uint8Array, chunkBytes: number) {
  const chunks = async function* () {
    for (let start = 0; start < bytes.length; start += chunkBytes) yield bytes.subarray(start, start + chunkBytes)
  }
  const unpacked: Uint8Array[] = []
  let garbage = 0
  let error: string | undefined
  try {
    for await (const chunk of gunzip(chunks(), () => garbage++)) unpacked.push(chunk)
  } catch (failure) {
    error = (failure as Error).message
  }
  return { text: Buffer.concat(unpacked).toString(), garbage, error }
}

/** A member whose header has every optional field. */
function withAllFields(packed: Uint8Array): Buffer {
  const header = Buffer.from(packed.subarray(0, 10))
  header[3] = 2 | 4 | 8 | 16
  const fields = Buffer.from([3, 0, 65, 66, 67, ...Buffer.from('name\0comment\0'), 1, 2])
  return Buffer.concat([header, fields, packed.subarray(10)])
}

describe('decompression of gzip', () => {
  it.each([1, 50, 1000, 65_536, 10_000_000])('chunks of %s bytes decompress to the same text', async (chunkBytes) => {
    const bytes = chunkBytes === 1 ? gzipSync('short') : PACKED
    const text = chunkBytes === 1 ? 'short' : TEXT
    expect(await unpack(bytes, chunkBytes)).toEqual({ text, garbage: 0, error: undefined })
    expect(await unpack(Buffer.concat([bytes, bytes]), chunkBytes)).toMatchObject({ text: text + text, garbage: 0 })
    expect(await unpack(withAllFields(bytes), chunkBytes)).toMatchObject({ text, error: undefined })
  })

  it('zeros after a member are ignored, also before another member', async () => {
    const zeros = Buffer.alloc(300)
    const bytes = Buffer.concat([gzipSync('a'), zeros, gzipSync('b'), zeros])
    for (const chunkBytes of [1, 50, 10_000]) {
      expect(await unpack(bytes, chunkBytes)).toEqual({ text: 'ab', garbage: 0, error: undefined })
    }
  })

  it.each([50, 1000, 10_000_000])(
    'garbage after a member keeps all content, in chunks of %s bytes',
    async (chunkBytes) => {
      const bytes = Buffer.concat([PACKED, Buffer.from('a line of text\n')])
      expect(await unpack(bytes, chunkBytes)).toEqual({ text: TEXT, garbage: 1, error: undefined })
    },
  )

  it.each([
    ['ends in its header', PACKED.subarray(0, 6), 'the compressed content ends early'],
    ['ends in its data', PACKED.subarray(0, 5000), 'the compressed content ends early'],
    ['ends in its checksum', PACKED.subarray(0, -3), 'the compressed content ends early'],
    [
      'has a wrong checksum',
      Buffer.concat([PACKED.subarray(0, -8), Buffer.alloc(8)]),
      'the compressed content is damaged: wrong checksum',
    ],
    ['has an unknown method', Buffer.from([0x1f, 0x8b, 7, 0, 0, 0, 0, 0, 0, 0, 0]), /unknown method of compression/],
    [
      'has invalid data',
      Buffer.concat([PACKED.subarray(0, 10), Buffer.alloc(100, 255)]),
      /^the compressed content is damaged: invalid/,
    ],
  ])('content that %s is reported', async (_what, bytes, message) => {
    for (const chunkBytes of [50, 10_000_000]) {
      const { error, garbage } = await unpack(bytes, chunkBytes)
      expect(garbage).toBe(0)
      expect(error).toMatch(message)
    }
  })
})
