import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { processIo, write, writeJson, writeLine } from '../../src/cli/io.ts'
import { collector, run } from './run.ts'

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

it('everything written shows invisible characters by their code, and JSON keeps its meaning', async () => {
  const stream = collector(false)
  await write(stream, 'a\u202e')
  await writeLine(stream, '\u001b[31m\tb')
  expect(stream.text).toBe('a\\u202e\\u001b[31m\tb\n')
  const json = collector(false)
  await writeJson(json, { name: 'a\u200b\u{e0041}' })
  expect(json.text).toBe('{\n  "name": "a\\u200b\\udb40\\udc41"\n}\n')
  expect(JSON.parse(json.text)).toEqual({ name: 'a\u200b\u{e0041}' })
})

it('messages about the command line show invisible characters by their code', async () => {
  const { code, stderr } = await run(['query', '--na\u200bme', 'x'])
  expect(code).toBe(2)
  expect(stderr).toContain('--na\\u200bme')
})
