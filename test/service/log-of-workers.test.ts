import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServiceProcess } from '../support/process.ts'
import { ADMIN_PASSWORD, connectTestService } from '../support/service.ts'

// The lines of worker processes reach the streams of the primary process, or the file.

const CHEAP_SERVICE = join(import.meta.dirname, '../support/cheap-service.ts')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-worker-log-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** What a service of two workers writes to its streams when somebody logs in. */
async function outputsOf(name: string, securityLog: string) {
  const flags = ['--workers', '2', '--request-log', 'all', '--security-log', securityLog]
  const program = [process.execPath, CHEAP_SERVICE] as const
  const started = await startServiceProcess(join(folder, name), ADMIN_PASSWORD, flags, program)
  const text = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    started.child[stream]?.on('data', (chunk: Buffer) => (text[stream] += chunk))
  }
  await connectTestService(started.url, folder)
  const ended = once(started.child, 'close')
  expect(await started.stop()).toBe(0)
  await ended
  return { ...text, primary: started.child.pid }
}

const linesOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))

describe('the log of workers', () => {
  it('is on the standard error of the primary process, with the process id of each worker', async () => {
    const { stdout, stderr, primary } = await outputsOf('stderr', 'stderr')
    const lines = linesOf(stderr)
    expect(lines.filter(({ log, event }) => log === 'security' && event === 'login')).toHaveLength(1)
    const answered = lines.filter(({ msg }) => msg === 'answered')
    expect(answered.length).toBeGreaterThan(0)
    expect(answered.every(({ pid }) => pid !== primary)).toBe(true)
    expect(linesOf(stdout)).toEqual([])
  })

  it('has the security log on standard output or in a file where the setting says so', async () => {
    const { stdout, stderr } = await outputsOf('stdout', 'stdout')
    expect(linesOf(stdout)).toMatchObject([{ log: 'security', event: 'login', outcome: 'success', userName: 'admin' }])
    expect(stderr).not.toContain('"security"')
    const file = join(folder, 'security.log')
    const inFile = await outputsOf('file', file)
    expect(linesOf(await readFile(file, 'utf8'))).toMatchObject([{ event: 'login', outcome: 'success' }])
    expect(inFile.stdout + inFile.stderr).not.toContain('"security"')
  })
})
