import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { forwardLines } from '../../src/log/forward-lines.ts'

describe('forwarding lines', () => {
  it('passes on whole lines, however the stream is cut, and ends the last one', async () => {
    const stream = new PassThrough()
    const lines: string[] = []
    forwardLines(stream, (line) => lines.push(line))
    for (const byte of Buffer.from('a\nbé\n\nlast')) stream.write(Buffer.from([byte]))
    stream.end()
    await new Promise((resolve) => stream.once('close', resolve))
    expect(lines).toEqual(['a\n', 'bé\n', '\n', 'last\n'])
  })
})
