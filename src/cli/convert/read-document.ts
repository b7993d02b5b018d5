import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { gunzip, isGzip } from '../gunzip.ts'
import type { Io } from '../io.ts'
import { ConvertError } from './converter.ts'

/** A document is parsed as a whole, which takes several times its size in memory. */
export const DOCUMENT_MIB_MAX = 400

/** Reads and parses one JSON document, plain or gzip, of a file or of standard input. Throws a ConvertError. */
export async function readDocument(name: string, io: Io, mibMax = DOCUMENT_MIB_MAX): Promise<unknown> {
  const bytes = await readAll(name === '-' ? io.stdin : await openFile(name), mibMax)
  const plain = isGzip(bytes)
    ? await readAll(
        gunzip(asChunks(bytes), () => undefined),
        mibMax,
      )
    : bytes
  return parse(plain)
}

async function openFile(name: string): Promise<AsyncIterable<Uint8Array>> {
  try {
    if ((await stat(name)).isDirectory()) throw new ConvertError('is a folder: name the files in it')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new ConvertError('there is no such file')
    throw error
  }
  return createReadStream(name)
}

async function readAll(chunks: AsyncIterable<Uint8Array>, mibMax: number): Promise<Uint8Array> {
  const read: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.length
    if (bytes > mibMax * 2 ** 20) {
      throw new ConvertError(`has more than ${mibMax} MiB: print it in several parts, such as one region each`)
    }
    read.push(chunk)
  }
  return Buffer.concat(read)
}

async function* asChunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

function parse(bytes: Uint8Array): unknown {
  // PowerShell redirects in UTF-16. The decoder removes a byte order mark.
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8'
  const text = new TextDecoder(encoding).decode(bytes)
  if (text.trim() === '') throw new ConvertError('is empty')
  try {
    return JSON.parse(text)
  } catch (error) {
    const hint = /^\s*[[{]/.test(text)
      ? 'Several documents, such as the pages of an answer, are files of their own'
      : 'Let the program print JSON'
    throw new ConvertError(`is not one JSON document: ${(error as Error).message}. ${hint}`)
  }
}
