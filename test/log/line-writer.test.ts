import { execFileSync } from 'node:child_process'
import { closeSync, constants, openSync, readFileSync, readSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LineWriter } from '../../src/log/line-writer.ts'
import { openLogFile } from '../../src/log/output.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-lines-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const ignoreDrops = () => undefined
const MIB_LINE = `${'x'.repeat(2 ** 20 - 1)}\n`

/** Opens a named pipe at both ends. */
function openPipe(name: string) {
  const path = join(folder, name)
  execFileSync('mkfifo', [path])
  return { reader: openSync(path, constants.O_RDWR | constants.O_NONBLOCK), path }
}

/** Reads until a line writer has written everything. */
async function drain(writer: LineWriter, reader: number): Promise<string> {
  const buffer = Buffer.alloc(2 ** 20)
  const chunks: Buffer[] = []
  let isDone = false
  void writer.flush(5000).then(() => (isDone = true))
  for (let rounds = 0; !isDone || rounds < 2; rounds = isDone ? rounds + 1 : 0) {
    try {
      chunks.push(Buffer.from(buffer.subarray(0, readSync(reader, buffer))))
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).toBe('EAGAIN')
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  return Buffer.concat(chunks).toString()
}

describe('a line writer', () => {
  it('appends lines to a file in order', async () => {
    const path = join(folder, 'file')
    const writer = new LineWriter(openLogFile(path), ignoreDrops)
    for (let i = 0; i < 5000; i++) writer.write(`line ${i}\n`)
    await writer.flush(5000)
    writer.write('later\n')
    await writer.flush(5000)
    const expected = [...Array.from({ length: 5000 }, (_, i) => `line ${i}`), 'later', '']
    expect(readFileSync(path, 'utf8')).toBe(expected.join('\n'))
    writer.close()
  })

  it('creates a file that only its owner can read', async () => {
    const path = join(folder, 'private')
    openLogFile(path).close()
    expect(execFileSync('stat', ['-c', '%a', path], { encoding: 'utf8' }).trim()).toBe('600')
  })

  it('keeps the lines of a slow reader whole and in order', async () => {
    const { reader, path } = openPipe('slow')
    const writer = new LineWriter(openLogFile(path), ignoreDrops)
    const lines = Array.from({ length: 300 }, (_, i) => `${i} ${'é'.repeat(2000)}\n`)
    for (const line of lines) writer.write(line)
    expect(await drain(writer, reader)).toBe(lines.join(''))
    writer.close()
    closeSync(reader)
  })

  it('drops lines beyond its limit, and reports their number once when there is room again', async () => {
    const { reader, path } = openPipe('full')
    const drops: number[] = []
    const writer = new LineWriter(openLogFile(path), (count) => drops.push(count))
    for (let i = 0; i < 10; i++) writer.write(MIB_LINE)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(drops).toEqual([])
    expect((await drain(writer, reader)).length).toBe(4 * MIB_LINE.length)
    expect(drops).toEqual([6])
    expect(writer.dropped).toBe(6)
    for (let i = 0; i < 5; i++) writer.write(MIB_LINE)
    expect(writer.dropped).toBe(7)
    writer.close()
    closeSync(reader)
  })

  it('has room for a reserved line where there is none for others', async () => {
    const { reader, path } = openPipe('reserve')
    const writer = new LineWriter(openLogFile(path), ignoreDrops)
    for (let i = 0; i < 10; i++) writer.write(MIB_LINE)
    writer.write('matters\n', true)
    expect(await drain(writer, reader)).toMatch(/matters\n$/)
    writer.close()
    closeSync(reader)
  })

  it('ends a flush at its deadline when nobody reads', async () => {
    const { reader, path } = openPipe('deadline')
    const writer = new LineWriter(openLogFile(path), ignoreDrops)
    writer.write(MIB_LINE)
    const start = performance.now()
    await writer.flush(100)
    expect(performance.now() - start).toBeLessThan(2000)
    writer.close()
    closeSync(reader)
  })

  it('writes what waits at once at the end of a process', () => {
    const path = join(folder, 'crash')
    const writer = new LineWriter(openLogFile(path), ignoreDrops)
    writer.write('first\n')
    writer.write('last\n')
    writer.flushNow()
    expect(readFileSync(path, 'utf8')).toBe('first\nlast\n')
    writer.close()
  })

  it('counts the lines that could not be written as dropped, and goes on', async () => {
    const drops: number[] = []
    const path = join(folder, 'broken')
    openLogFile(path).close()
    // A descriptor for reading, to which every write fails.
    const fd = openSync(path, 'r')
    const output = { fd, writes: 'thread' as const, close: () => closeSync(fd) }
    const writer = new LineWriter(output, (count) => drops.push(count))
    writer.write('lost\n')
    await writer.flush(1000)
    expect(drops).toEqual([])
    writer.close()
  })
})
