import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { readMarker } from '../../src/store/sqlite/store-marker.ts'
import type { Store } from '../../src/store/store.ts'
import { contentsOf, register } from '../conformance/requests.ts'
import { startTestService } from '../support/service.ts'
import { run, start, until } from './run.ts'

let root: string
let data: string
let file: string
let restored: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tagwerk-backup-'))
  data = join(root, 'data')
  file = join(root, 'backup.sqlite')
  restored = join(root, 'restored')
})

afterEach(() => rm(root, { recursive: true, force: true }))

const open = (folder: string): Promise<Store> => openSqliteStore(folder, () => undefined)

async function fill(folder: string, ...ids: string[]): Promise<void> {
  const store = await open(folder)
  for (const id of ids) await store.commit('p', [register(id, 'a=1')])
  await store.close()
}

async function idsIn(folder: string): Promise<string[]> {
  const store = await open(folder)
  const { resources } = await contentsOf(store, 'p')
  await store.close()
  return resources.map(({ id }) => id)
}

describe('tagwerk backup and restore', () => {
  it('a backup that is written while a service runs is restored with the same digest, accounts and tags', async () => {
    const service = await startTestService({ folder: data })
    await service.register({ resource_type: 'images', resource_id: 'i1', resource_name: 'n', tags: [] })
    const written = await run(['backup', file, '--data', data, '--json'])
    expect([written.code, written.stderr]).toEqual([0, ''])
    const report = JSON.parse(written.stdout)
    expect(report).toMatchObject({ file, store: data, rows: expect.any(Number), commits: expect.any(Number) })
    // Registered after the backup.
    await service.register({ resource_type: 'images', resource_id: 'i2', resource_name: 'n', tags: [] })
    await service.stop()
    const back = await run(['restore', file, '--data', restored, '--json'])
    expect([back.code, back.stderr]).toEqual([0, ''])
    const { bytes: _bytes, seconds: _seconds, store: _store, ...same } = report
    expect(JSON.parse(back.stdout)).toMatchObject({ ...same, store: restored })
    const again = await startTestService({ folder: restored })
    const path = `/v2/${again.project}/images/resource_instances/action`
    const answer = await again.call('POST', path, { body: { action: 'filter', limit: '10' } })
    expect(answer.body).toMatchObject({ total_count: 1, resources: [{ resource_id: 'i1' }] })
    await again.stop()
    expect((await run(['check', '--data', restored])).code).toBe(0)
  })

  it('a backup during an import holds whole acknowledged lines, and its restore agrees with itself and the digest', {
    timeout: 120_000,
  }, async () => {
    const service = await startTestService({ folder: data })
    const lines = Array.from({ length: 12_000 }, (_, i) =>
      JSON.stringify({
        resource_type: 'images',
        resource_id: `i${i}`,
        resource_name: `name ${i}`,
        tags: [{ key: 'n', value: `${i}` }],
      }),
    )
    const importing = start(['import', '-', '--project', 'default'], {
      endpoint: service.url,
      stdin: lines.join('\n'),
    })
    const path = `/v2/${service.project}/images/resource_instances/action`
    const count = async () =>
      (await service.call('POST', path, { body: { action: 'count' } })).body.total_count as number
    const before = await until(async () => ((await count()) > 0 ? await count() : undefined))
    const written = await run(['backup', file, '--data', data, '--json'])
    expect([written.code, written.stderr]).toEqual([0, ''])
    expect(await importing.done).toMatchObject({ code: 0 })
    expect(await count()).toBe(lines.length)
    await service.stop()
    const { digest, rows } = JSON.parse(written.stdout)
    const back = await run(['restore', file, '--data', restored, '--json'])
    expect(JSON.parse(back.stdout)).toMatchObject({ digest, rows })
    const checked = await run(['check', '--data', restored, '--json'])
    const { resources, differences } = JSON.parse(checked.stdout)
    expect([checked.code, differences]).toEqual([0, 0])
    expect(resources).toBeGreaterThanOrEqual(before)
    expect(resources).toBeLessThanOrEqual(lines.length)
    // The same import into the restored store adds what the backup lacks.
    const again = await startTestService({ folder: restored })
    const rest = await run(['import', '-', '--project', 'default'], { endpoint: again.url, stdin: lines.join('\n') })
    expect(rest.stdout + rest.stderr).toContain((lines.length - resources).toLocaleString('en-GB'))
    await again.stop()
    expect((await run(['check', '--data', restored])).code).toBe(0)
  })

  it('a backup is a single file that only its owner can read', async () => {
    await fill(data, 'i1')
    const { code, stdout } = await run(['backup', file, '--data', data])
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^Wrote \S+data to \S+backup\.sqlite: [\d,]+ rows, [\d,]+ bytes, in \d+\.\d s\. It was verified\.\nDigest: sha256:[0-9a-f]{64}\n$/,
    )
    expect((await readdir(root)).sort()).toEqual(['backup.sqlite', 'data'])
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await run(['restore', file, '--data', restored])).code).toBe(0)
    expect((await stat(join(restored, 'tagwerk.sqlite'))).mode & 0o777).toBe(0o600)
    expect(await idsIn(restored)).toEqual(['i1'])
  })

  it('a backup holds one moment although writes go on', async () => {
    const store = await open(data)
    await store.commit(
      'p',
      Array.from({ length: 1000 }, (_, i) => register(`i${i}`)),
    )
    let isWriting = true
    const writing = (async () => {
      for (let i = 0; isWriting; i++) await store.commit('p', [register(`j${i}`)])
    })()
    expect((await run(['backup', file, '--data', data])).code).toBe(0)
    isWriting = false
    await writing
    await store.close()
    await run(['restore', file, '--data', restored])
    const copy = await open(restored)
    const { revision, resources } = await contentsOf(copy, 'p')
    expect(resources).toHaveLength(revision)
    await copy.close()
    expect((await run(['check', '--data', restored])).code).toBe(0)
  })

  it.each(['backup', 'restore'])(
    '%s that a signal stops leaves no file and exits with 128 and its number',
    async (command) => {
      await fill(data, 'i1')
      expect((await run(['backup', file, '--data', data])).code).toBe(0)
      const [to, args] =
        command === 'backup' ? [join(root, 'other.sqlite'), ['--data', data]] : [file, ['--data', restored]]
      const running = start([command, to, ...args])
      while (running.listeners() === 0) await new Promise((resolve) => setImmediate(resolve))
      running.signal('SIGTERM')
      expect(await running.done).toEqual({ code: 143, stdout: '', stderr: 'error: stopped by SIGTERM\n' })
      expect(running.listeners()).toBe(0)
      expect((await readdir(root)).filter((name) => name !== 'restored').sort()).toEqual(['backup.sqlite', 'data'])
      const left = command === 'restore' ? (await readdir(restored)).filter((name) => name.includes('sqlite')) : []
      expect(left).toEqual([])
      expect((await run([command, to, ...args])).code).toBe(0)
    },
  )

  it('a backup removes what killed backups have left in its folder, and leaves those that run', async () => {
    await fill(data, 'i1')
    const host = hostname().replace(/[^\w-]/g, '_')
    const killed = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' })
    await once(killed, 'exit')
    const nameOf = (where: string, pid: number) => `old.sqlite.${where}-${pid}-0123abcd.partial`
    const dead = nameOf(host, killed.pid as number)
    const running = nameOf(host, process.ppid)
    const [elsewhere, forgotten] = [nameOf('other-host', 1), nameOf('lost-host', 1)]
    const files = [dead, `${dead}-journal`, running, elsewhere, forgotten, 'notes.partial']
    for (const name of files) await writeFile(join(root, name), '')
    await utimes(join(root, forgotten), 0, 0)
    expect((await run(['backup', file, '--data', data])).code).toBe(0)
    expect((await readdir(root)).sort()).toEqual(['backup.sqlite', 'data', 'notes.partial', running, elsewhere].sort())
  })

  it('backup replaces a file only with --force', async () => {
    await fill(data, 'i1')
    await writeFile(file, 'precious')
    const refused = await run(['backup', file, '--data', data])
    expect(refused).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: ${file} exists: name another file, or replace it with --force\n`,
    })
    expect(await readFile(file, 'utf8')).toBe('precious')
    expect((await run(['backup', file, '--data', data, '--force'])).code).toBe(0)
    expect((await run(['restore', file, '--data', restored])).code).toBe(0)
  })

  it('backup refuses a folder without a store, a file in the data folder, and a missing folder of the file', async () => {
    expect(await run(['backup', file, '--data', data])).toMatchObject({
      code: 1,
      stderr: `error: there is no data of Tagwerk in ${data}\n`,
    })
    await fill(data, 'i1')
    for (const inside of ['x.sqlite', 'tagwerk.sqlite']) {
      const { code, stderr } = await run(['backup', join(data, inside), '--data', data, '--force'])
      expect([code, stderr]).toEqual([1, expect.stringContaining('is in the data folder: name a file elsewhere')])
    }
    const missing = await run(['backup', join(root, 'none', 'x'), '--data', data])
    expect(missing.stderr).toBe(`error: the folder ${root}/none does not exist: create it, or name another file\n`)
    expect(await idsIn(data)).toEqual(['i1'])
  })

  it('backup refuses a data folder that lacks acknowledged writes, and a damaged database, and leaves no file', async () => {
    await fill(data, 'i1')
    const db = new DatabaseSync(join(data, 'tagwerk.sqlite'))
    db.exec('UPDATE store_identity SET commits = 0')
    db.close()
    expect((await run(['backup', file, '--data', data])).stderr).toContain('acknowledged writes are missing')
    await rm(join(data, 'tagwerk.marker'))
    const bytes = await readFile(join(data, 'tagwerk.sqlite'))
    // The last page belongs to a table or an index.
    await writeFile(join(data, 'tagwerk.sqlite'), bytes.fill(0xff, bytes.length - 4096))
    const damaged = await run(['backup', file, '--data', data])
    expect([damaged.code, damaged.stdout]).toEqual([1, ''])
    expect(damaged.stderr).toMatch(/^error: \S+tagwerk\.sqlite is damaged: /)
    expect(await readdir(root)).toEqual(['data'])
  })

  it('restore refuses a folder that is not empty, and with --force keeps the former store in a subfolder', async () => {
    await fill(data, 'i1')
    await run(['backup', file, '--data', data])
    await fill(data, 'i2')
    const refused = await run(['restore', file, '--data', data])
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/is not empty \(it has \S+\): choose another/),
    })
    expect(await idsIn(data)).toEqual(['i1', 'i2'])
    const { code, stdout } = await run(['restore', file, '--data', data, '--force'])
    expect([code, stdout]).toEqual([0, expect.stringContaining(`\nThe former store is in ${data}/replaced-1.\n`)])
    expect(await idsIn(data)).toEqual(['i1'])
    expect(await idsIn(join(data, 'replaced-1'))).toEqual(['i1', 'i2'])
    await fill(data, 'i3')
    expect((await run(['restore', file, '--data', data, '--force', '--json'])).stdout).toContain('replaced-2')
  })

  it('restore puts a store in place of a lost one, and the restored store has its own id', async () => {
    await fill(data, 'i1')
    await run(['backup', file, '--data', data])
    const before = readMarker(data)
    await rm(join(data, 'tagwerk.sqlite'))
    await expect(open(data)).rejects.toThrow('is missing, but')
    expect((await run(['restore', file, '--data', data, '--force'])).code).toBe(0)
    expect(await idsIn(data)).toEqual(['i1'])
    const after = readMarker(data) as { storeId: string }
    expect(after.storeId).not.toBe((before as { storeId: string }).storeId)
  })

  it('restore refuses files that are no backups, and then leaves the folder as it is', async () => {
    await fill(data, 'i1')
    await run(['backup', file, '--data', data])
    const other = join(root, 'other')
    const cases: readonly (readonly [prepare: () => Promise<unknown>, message: RegExp])[] = [
      [() => rm(other, { force: true, recursive: true }), /^error: there is no backup file \S+other\n$/],
      [() => mkdir(other), /^error: there is no backup file/],
      [() => writeFile(other, ''), /is not a backup of Tagwerk: it has no tables/],
      [
        () => writeFile(other, 'x'.repeat(5000)),
        /is not a backup of Tagwerk, or it is damaged: file is not a database/,
      ],
      [
        async () => {
          await cp(file, other)
          await chmod(other, 0o600)
          await truncate(other, (await stat(file)).size - 4096)
        },
        /damaged|malformed/,
      ],
    ]
    for (const [prepare, message] of cases) {
      await rm(other, { force: true, recursive: true })
      await prepare()
      const { code, stderr } = await run(['restore', other, '--data', restored])
      expect([code, stderr]).toEqual([1, expect.stringMatching(message)])
      const left = await readdir(restored).catch(() => [])
      expect(left.filter((name) => !/\.(lock|pid)$/.test(name))).toEqual([])
    }
    expect((await run(['restore', file, '--data', restored])).code).toBe(0)
  })

  it('restore refuses a data folder that a service uses', async () => {
    await fill(data, 'i1')
    await run(['backup', file, '--data', data])
    const store = await open(data)
    const { code, stderr } = await run(['restore', file, '--data', data, '--force'])
    expect([code, stderr]).toEqual([1, expect.stringContaining('is in use by another Tagwerk process')])
    await store.close()
    expect(await idsIn(data)).toEqual(['i1'])
  })

  it('for PostgreSQL backup and restore name the program to use, without the password', async () => {
    const store = ['--store', 'postgres://u:secret@db.example/tagwerk']
    const { code, stderr } = await run(['backup', 'b.dump', ...store])
    expect(code).toBe(1)
    expect(stderr).toMatch(/pg_dump --format=custom --file=b\.dump postgres:\/\/u@db\.example/)
    expect(stderr).not.toContain('secret')
    expect((await run(['restore', 'b.dump', ...store])).stderr).toMatch(
      /pg_restore --no-owner --dbname=postgres:\/\/u@db\.example\S* b\.dump/,
    )
  })
})
