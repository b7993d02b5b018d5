import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectionsThatFit, readFileLimit } from '../../src/service/file-limit.ts'
import { scanFile } from '../../src/store/sqlite/read-only-store.ts'
import { StoreUnavailable } from '../../src/store/store.ts'
import { until } from '../cli/run.ts'
import { startServiceProcess } from '../support/process.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-files-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('the limit on open files', () => {
  it('the limit and the number of open files are read where Linux shows them', async () => {
    await mkdir(join(folder, 'fd'))
    for (const name of ['0', '1', '2']) await writeFile(join(folder, 'fd', name), '')
    const line = (max: string) => `Limit  Soft Limit  Hard Limit\nMax open files            ${max}   4096  files\n`
    await writeFile(join(folder, 'limits'), line('1024'))
    expect(readFileLimit(folder)).toEqual({ max: 1024, open: 3 })
    await writeFile(join(folder, 'limits'), line('unlimited'))
    expect(readFileLimit(folder)).toBeUndefined()
    expect(readFileLimit(join(folder, 'none'))).toBeUndefined()
  })

  it('connections are lowered to what the limit leaves, and a part of a low limit stays free', () => {
    expect(connectionsThatFit(10_000, undefined, 0)).toBe(10_000)
    expect(connectionsThatFit(10_000, { max: 1_048_576, open: 30 }, 16)).toBe(10_000)
    expect(connectionsThatFit(10_000, { max: 1024, open: 30 }, 16)).toBe(1024 - 30 - 16 - 64)
    expect(connectionsThatFit(100, { max: 1024, open: 30 }, 16)).toBe(100)
    expect(connectionsThatFit(10_000, { max: 64, open: 30 }, 0)).toBe(17)
    expect(connectionsThatFit(10_000, { max: 30, open: 30 }, 0)).toBe(1)
  })

  it('a database that cannot be opened for a scan is a failure of the store, as with too many open files', async () => {
    await mkdir(join(folder, 'tagwerk.sqlite'))
    await expect(scanFile(join(folder, 'tagwerk.sqlite'), 'p', ['images'])).rejects.toThrow(StoreUnavailable)
    await expect(scanFile(join(folder, 'none'), 'p', ['images'])).rejects.toThrow(StoreUnavailable)
  })
})

const isLinux = process.platform === 'linux'

it.runIf(isLinux)(
  'with few open files a service says so, refuses connections above its limit and answers on the others',
  async () => {
    const main = join(import.meta.dirname, '../../src/main.ts')
    const service = await startServiceProcess(
      join(folder, 'data'),
      'kept with few files',
      [],
      ['/bin/sh', '-c', 'ulimit -n 80 && exec "$0" "$@"', process.execPath, main],
    )
    const port = Number(new URL(service.url).port)
    const sockets: Socket[] = []
    try {
      for (let i = 0; i < 150; i++) {
        const socket = await answered(port)
        if (socket !== undefined) sockets.push(socket)
      }
      expect(sockets.length).toBeGreaterThan(5)
      expect(sockets.length).toBeLessThan(80)
      for (const socket of sockets.splice(0, 5)) socket.destroy()
      const user = { name: 'admin', password: 'kept with few files', domain: { name: 'default' } }
      const auth = { identity: { methods: ['password'], password: { user } }, scope: { domain: { name: 'default' } } }
      const logIn = () =>
        fetch(`${service.url}/v3/auth/tokens`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ auth }),
        }).catch(() => undefined)
      // The service closes a connection above its limit, until it has noticed that others are gone.
      const login = await until(logIn)
      expect(login.status).toBe(201)
      const headers = { 'x-auth-token': login.headers.get('x-subject-token') as string }
      // An export opens the database once more.
      expect((await fetch(`${service.url}/tagwerk/v1/export`, { headers })).status).toBe(200)
    } finally {
      for (const socket of sockets) socket.destroy()
      await service.stop()
    }
    expect(service.output()).toMatch(
      /this process accepts \d+ connections instead of 10000 \(--connections-max\), because it may open 80 files/,
    )
  },
)

/** Gives a connection on which the service has answered; undefined if the service closed it instead. */
function answered(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'))
    socket.once('data', () => resolve(socket))
    // A reset connection has an error first.
    socket.on('error', () => undefined)
    socket.once('close', () => resolve(undefined))
  })
}
