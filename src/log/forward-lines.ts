import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'

/** Passes on the lines of a stream, each with its line break, as they arrive. */
export function forwardLines(stream: Readable, write: (line: string) => void): void {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split('\n')
    rest = lines.pop() as string
    for (const line of lines) write(`${line}\n`)
  })
  stream.on('end', () => {
    if (rest !== '') write(`${rest}\n`)
  })
}
