import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { processIo, writeLine } from '../../src/cli/io.ts'

it('processIo forwards signals until the listener is removed', () => {
  const before = process.listenerCount('SIGTERM')
  const signals: string[] = []
  const release = processIo().onSignal((signal) => signals.push(signal))
  process.emit('SIGTERM', 'SIGTERM')
  process.emit('SIGINT', 'SIGINT')
  release()
  expect(signals).toEqual(['SIGTERM', 'SIGINT'])
  expect(process.listenerCount('SIGTERM')).toBe(before)
})

it('writeLine rejects on a closed stream', async () => {
  const stream = new PassThrough()
  stream.on('error', () => undefined)
  stream.end()
  await expect(writeLine(stream, 'late')).rejects.toThrow('write after end')
})
