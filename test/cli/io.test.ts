import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { processIo, writeLine } from '../../src/cli/io.ts'

it('hears the signals of the process until it is told not to', () => {
  const before = process.listenerCount('SIGTERM')
  const heard: string[] = []
  const release = processIo().onSignal((signal) => heard.push(signal))
  process.emit('SIGTERM', 'SIGTERM')
  process.emit('SIGINT', 'SIGINT')
  release()
  expect(heard).toEqual(['SIGTERM', 'SIGINT'])
  expect(process.listenerCount('SIGTERM')).toBe(before)
})

it('tells when a stream takes no more', async () => {
  const stream = new PassThrough()
  stream.on('error', () => undefined)
  stream.end()
  await expect(writeLine(stream, 'late')).rejects.toThrow('write after end')
})
