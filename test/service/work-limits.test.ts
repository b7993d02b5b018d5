import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { WorkLimit } from '../../src/api/tagwerk-v1/work-limit.ts'
import { readServiceConfig } from '../../src/config/config.ts'
import { watchLogSize, workLimitsOf } from '../../src/service/work-limits.ts'

const MIB = 2 ** 20
const caller = (id: string) => {
  const named = { id, name: id }
  const scope = { kind: 'project', project: named, domain: named } as const
  return { user: { ...named, domain: named }, scope, roles: [], policies: [], policiesAnywhere: [] }
}

it('the oldest export is ended when the write-ahead log is too large, and the next one when it grows further', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tagwerk-log-'))
  const file = join(folder, 'tagwerk.sqlite-wal')
  const config = readServiceConfig({ flags: { data: folder, 'write-ahead-log-mib-max': '200' }, env: {} })
  const exports = new WorkLimit('exports', { total: 9, perProject: 9 })
  const [first, second] = [await exports.begin(caller('a')), await exports.begin(caller('b'))]
  const endWatch = watchLogSize(config, exports, 10)
  const states = async () => [first.signal.aborted, second.signal.aborted]
  const laterStates = async () => {
    await sleep(200)
    return states()
  }
  try {
    expect(await laterStates()).toEqual([false, false])
    await writeFile(file, '')
    await truncate(file, 199 * MIB)
    expect(await laterStates()).toEqual([false, false])
    await truncate(file, 210 * MIB)
    await expect.poll(states).toEqual([true, false])
    expect(await laterStates()).toEqual([true, false])
    expect(first.signal.reason.message).toContain('210 MiB, more than 200')
    await truncate(file, 300 * MIB)
    await expect.poll(states).toEqual([true, true])
  } finally {
    endWatch()
    await rm(folder, { recursive: true })
  }
})

it('exports over PostgreSQL leave a connection for index loading', async () => {
  const config = readServiceConfig({ flags: { store: 'postgres://u@127.0.0.1/d', 'exports-max': '9' }, env: {} })
  const { exports } = workLimitsOf(config)
  for (const id of ['a', 'b', 'c']) await exports.begin(caller(id))
  await expect(exports.begin(caller('d'))).rejects.toMatchObject({ code: 'total-work-limit-reached' })
})
