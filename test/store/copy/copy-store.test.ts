import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { NO_ATTRIBUTES } from '../../../src/store/account-records.ts'
import type { InitialAccounts } from '../../../src/store/account-store.ts'
import { checkProject } from '../../../src/store/check-log.ts'
import { type CopyReport, copyStore } from '../../../src/store/copy/copy-store.ts'
import type { CopyTarget } from '../../../src/store/copy/endpoints.ts'
import { COPY_TABLES } from '../../../src/store/copy/tables.ts'
import { openCopySource, openCopyTarget } from '../../../src/store/open.ts'
import type { Store } from '../../../src/store/store.ts'
import {
  ofProject,
  openLocation,
  postgresLocation,
  sqliteLocation,
  type TestLocation,
} from '../../conformance/locations.ts'
import { contentsOf, register, remove, setTags } from '../../conformance/requests.ts'

const INITIAL_ACCOUNTS: InitialAccounts = {
  domain: { id: 'd', name: 'default', description: 'first', enabled: true },
  project: {
    id: 'p',
    domainId: 'd',
    name: 'default',
    description: 'the \0 first',
    enabled: true,
    tokenGeneration: 3,
    tags: ['值', 'a'],
    limits: { resourcesMax: 7 },
  },
  user: {
    id: 'u',
    domainId: 'd',
    name: 'admin',
    passwordHash: 'scrypt$...',
    enabled: true,
    description: '值',
    email: '',
    tokenGeneration: 3,
    attributes: { ...NO_ATTRIBUTES, phone: '1', shouldChangePassword: true },
  },
  assignment: { userId: 'u', scope: 'domain', scopeId: 'd', role: 'te_admin' },
  signingKey: { id: 'k', privateKey: '{"kty":"OKP"}' },
}

/** Writes rows to every table. */
async function fill(store: Store): Promise<void> {
  await store.createInitialAccounts(INITIAL_ACCOUNTS)
  for (const id of ['q', 'r']) await store.createProject({ ...INITIAL_ACCOUNTS.project, id, name: id })
  const entry = {
    domainId: 'd',
    atMs: 5,
    actorId: 'u',
    actorName: 'n',
    address: 'a',
    requestId: 'r',
    event: 'e',
    detail: '{}',
  }
  const logged = store.logged({ ...entry, target: { kind: 'project', id: 'q' } })
  await logged.updateProject('q', { description: 'logged' })
  await store.createRole({
    id: 'role',
    domainId: 'd',
    displayName: 'some',
    description: '',
    descriptionCn: '',
    type: 'XA',
    policy: '{}',
    createdAtMs: 5,
    updatedAtMs: 6,
  })
  await store.createAccessKey(
    {
      accessKey: 'AK',
      secretKey: 'SK',
      userId: 'u',
      description: '',
      active: true,
      locked: false,
      createdAtMs: 1,
    },
    2,
  )
  await store.revokeToken('token', 2_000_000_000_000)
  await store.rotateSigningKey({ id: 'l', privateKey: '{}' }, 2_000_000_000_000, 0)
  await store.putPredefinedTags('d', [{ key: 'env', value: '' }], 1000, 10)
  const many = Array.from({ length: 1200 }, (_, i) => register(`i${i}`, `n=${i}`))
  await store.commit('p', [...many, setTags('i7', 'a=1', 'b=\uFFFF'), remove('i8'), register('i8', 'again=1')])
  await store.commit('q', [register('i1'), register('i2', 'a=1'), remove('i1')])
  const settings = { blocks: [{ fold: 'a', tag_value: { assign: ['\uFFFF'] } }] }
  const policy = { name: 'a', document: '{}', policy: settings, actor: 'u', updatedAtMs: 7 }
  await store.putTagPolicy({ level: 'project', id: 'q' }, policy, 10)
  await store.ignoreGroup('p', { id: 'g', actor: 'u', atMs: 1000 }, 10)
  const draft = { id: 'plan', head: '{}', undoOf: undefined, actor: 'u', createdAtMs: 1, expiresAtMs: 2 }
  await store.createPlan('p', draft, 1)
  const patch = { keys: [{ key: 'a', expect: undefined, value: '\uFFFF' }] }
  await store.addPlanItems('p', 'plan', [{ type: 'images', id: 'i7', patch, state: 'change', code: '' }])
  const counts = [{ type: 'ecs', key: '\uFFFF', rules: '', resources: 2, tagged: 1, valid: undefined }]
  await store.putCoverage('p', { day: 20_000, revision: 1 }, [...counts, { ...counts[0]!, rules: 'r', valid: 1 }])
  await store.takeLease('work', 'holder', 1, 2)
  const image = { ownerProject: 'p', imageId: 'i1', sequence: 2 }
  await store.addImageMember(
    { ...image, memberProject: 'q', status: 'pending', createdAtMs: 1, updatedAtMs: 2 },
    { membersPerImageMax: 9, pendingPerMemberMax: 9, pendingPerOwnerAndMemberMax: 9 },
  )
}

describe('copying a store', () => {
  const locations: TestLocation[] = []
  let sqlite: TestLocation
  beforeEach(async () => {
    sqlite = await location(sqliteLocation)
  })
  afterEach(async () => {
    for (const one of locations.splice(0)) await one.dispose()
  })

  async function location(make: () => Promise<TestLocation>): Promise<TestLocation> {
    const made = await make()
    locations.push(made)
    return made
  }

  async function within<T>(at: TestLocation, work: (store: Store) => Promise<T>): Promise<T> {
    const store = await openLocation(at)
    try {
      return await work(store)
    } finally {
      await store.close()
    }
  }

  /** Copies; `meddle` may wrap the target. */
  async function copy(
    from: TestLocation,
    to: TestLocation,
    meddle: (target: CopyTarget) => CopyTarget = (target) => target,
    onCopied: (done: number, total: number) => void = () => undefined,
  ): Promise<CopyReport> {
    const source = await openCopySource(from.at)
    try {
      const target = await openCopyTarget(to.at)
      try {
        return await copyStore(source, meddle(target), onCopied)
      } finally {
        await target.close()
      }
    } finally {
      await source.close()
    }
  }

  /** Wraps a target such that one call of `write` fails. */
  const failingAt =
    (write: number) =>
    (target: CopyTarget): CopyTarget => {
      let writes = 0
      return {
        ...target,
        write: (...args) => (++writes === write ? Promise.reject(new Error('cut off')) : target.write(...args)),
      }
    }

  it('a history that was forgotten in part is copied as it is left', async () => {
    const postgres = await location(postgresLocation)
    const historyOf = async (store: Store) => ({
      state: await store.getHistoryState('h'),
      log: await store.changesSince('h', 0, 99),
      life: await store.changesOf('h', 'images', 'a', undefined, 99),
    })
    const before = await within(sqlite, async (store) => {
      await fill(store)
      await store.commit('h', [register('a', 'k=1'), register('b'), remove('b'), setTags('a', 'k=2'), remove('a')])
      await store.commit('h', [register('c'), register('a'), setTags('c', 'k=1'), setTags('a', 'k=1')])
      expect(await store.forgetHistory('h', 1e15, 7)).toMatchObject({ changes: 7 })
      return historyOf(store)
    })
    await copy(sqlite, postgres)
    await within(postgres, async (store) => {
      expect(await historyOf(store)).toEqual(before)
      expect((await checkProject(store, 'h')).differences).toEqual([])
      expect(await store.forgetHistory('h', 1e15, 7)).toEqual({ changes: 1, rows: 1 })
    })
  })

  it('everything is copied from SQLite to PostgreSQL and back', async () => {
    await within(sqlite, fill)
    const postgres = await location(postgresLocation)
    const back = await location(sqliteLocation)
    const progress: number[] = []
    const there = await copy(
      sqlite,
      postgres,
      (target) => target,
      (done, total) => progress.push(done / total),
    )
    expect(progress).toEqual(progress.toSorted((a, b) => a - b))
    expect(progress.at(-1)).toBe(1)
    expect(there.tables.map(({ name }) => name)).toEqual(COPY_TABLES.map(({ name }) => name))
    for (const { name, rows, added, removed } of there.tables) {
      expect({ name, rows, removed }).toEqual({ name, rows: added, removed: 0 })
      expect(rows, name).toBeGreaterThan(0)
    }
    const returned = await copy(postgres, back)
    expect(returned).toEqual(there)
    for (const one of [postgres, back]) {
      await within(one, async (store) => {
        expect(await store.listSigningKeys()).toEqual([
          { ...INITIAL_ACCOUNTS.signingKey, verifiesUntilMs: 2_000_000_000_000 },
          { id: 'l', privateKey: '{}', verifiesUntilMs: undefined },
        ])
        expect(await store.getUser('u')).toEqual(INITIAL_ACCOUNTS.user)
        expect(await store.getProject('p')).toEqual(INITIAL_ACCOUNTS.project)
        expect(await store.getAccessKey('AK')).toMatchObject({ secretKey: 'SK', active: true })
        expect(await store.isTokenRevoked('token')).toBe(true)
        expect(await store.getRevision('p')).toBe(1203)
        const { resources } = await contentsOf(store, 'p')
        expect(resources).toHaveLength(1200)
        expect(resources[7]).toEqual({ id: 'i7', sequence: 8, tags: ['n=7', 'a=1', 'b=\uFFFF'] })
        expect(resources.at(-1)).toEqual({ id: 'i8', sequence: 1201, tags: ['again=1'] })
        const log = await store.changesSince('p', 1200, 10)
        expect(log.map(({ revision, kind, id }) => `${revision} ${kind} ${id}`)).toEqual([
          '1201 set-tags i7',
          '1202 delete i8',
          '1203 register i8',
        ])
        // Revisions and sequences continue after the copied ones.
        const [verdict] = await store.commit('p', [register('new')])
        expect(verdict).toMatchObject({ revision: 1204, change: { sequence: 1202 } })
      })
    }
  })

  it('an interrupted copy is resumed and copies only missing rows', async () => {
    await within(sqlite, fill)
    const other = await location(sqliteLocation)
    await expect(copy(sqlite, other, failingAt(24))).rejects.toThrow('cut off')
    await expect(openLocation(other)).rejects.toThrow('unfinished copy')
    // Meanwhile the source changes such that old and new rows collide in unique keys.
    await within(sqlite, async (store) => {
      await store.updateProject('q', { name: 'for now' })
      await store.updateProject('r', { name: 'q' })
      await store.updateProject('q', { name: 'r' })
      await store.removePredefinedTags('d', [{ key: 'env', value: '' }])
      await store.commit('p', [remove('i3'), register('i3', 'once more=1')])
    })
    await expect(copy(sqlite, other, failingAt(3))).rejects.toThrow('cut off')
    const { digest, tables } = await copy(sqlite, other)
    const resources = tables.find(({ name }) => name === 'resource')
    expect(resources?.rows).toBe(1201)
    expect(resources?.added).toBeLessThan(1201)
    expect((await copy(other, await location(sqliteLocation))).digest).toBe(digest)
    expect((await copy(sqlite, await location(sqliteLocation))).digest).toBe(digest)
    await within(other, async (store) => {
      expect((await store.getProject('q'))?.name).toBe('r')
      expect(await store.listPredefinedTags('d')).toEqual([])
    })
  })

  it('a copy of a source that changes meanwhile stays unfinished, and running it again copies the rest', async () => {
    const postgres = await location(postgresLocation)
    await within(postgres, fill)
    const store = await openLocation(postgres)
    const meddled = (target: CopyTarget): CopyTarget => {
      let isFirst = true
      const write: CopyTarget['write'] = async (...args) => {
        if (isFirst) await store.commit('q', [register('late')])
        isFirst = false
        return target.write(...args)
      }
      return { ...target, write }
    }
    await expect(copy(postgres, sqlite, meddled)).rejects.toThrow(
      'the source has changed while it was copied (table project_state)',
    )
    await expect(openLocation(sqlite)).rejects.toThrow('unfinished copy')
    const { tables } = await copy(postgres, sqlite)
    await store.close()
    const changed = tables.filter(({ added, removed }) => added + removed > 0)
    expect(changed.map(({ name, added, removed }) => ({ name, added, removed }))).toEqual([
      { name: 'project_state', added: 1, removed: 1 },
      { name: 'resource', added: 1, removed: 0 },
      { name: 'change_log', added: 1, removed: 0 },
    ])
    expect(await within(sqlite, (copied) => copied.getRevision('q'))).toBe(4)
  })

  it('a change of tags alone during a copy is noticed', async () => {
    const postgres = await location(postgresLocation)
    await within(postgres, fill)
    const store = await openLocation(postgres)
    const meddled = (target: CopyTarget): CopyTarget => ({
      ...target,
      finish: target.finish,
      write: async (table, ...rows) => {
        if (table.name === 'account_log') await store.commit('q', [setTags('i2', 'late=1')])
        return target.write(table, ...rows)
      },
    })
    await expect(copy(postgres, sqlite, meddled)).rejects.toThrow(
      'the source has changed while it was copied (table change_log)',
    )
    await store.close()
    await copy(postgres, sqlite)
    expect(await within(sqlite, (copied) => copied.getRevision('q'))).toBe(4)
  })

  it('a copy that differs from its source stays unfinished', async () => {
    await within(sqlite, fill)
    const other = await location(sqliteLocation)
    const forgetful = (target: CopyTarget): CopyTarget => ({
      ...target,
      write: (table, removed, added) =>
        target.write(table, removed, table.name === 'resource' ? added.slice(1) : added),
    })
    await expect(copy(sqlite, other, forgetful)).rejects.toThrow(
      /the copy differs from its source: table resource has the digest 1199:\w{64} instead of 1201:\w{64}/,
    )
    await expect(openLocation(other)).rejects.toThrow('unfinished copy')
    expect((await copy(sqlite, other)).tables.find(({ name }) => name === 'resource')?.added).toBe(2)
  })

  it('every different value changes the digest', async () => {
    await within(sqlite, fill)
    const digests = new Set<string>()
    const statements = [
      'SELECT 1',
      `UPDATE resource SET revision = 2 WHERE resource_id = 'i0' AND ${ofProject('p')}`,
      `UPDATE change_log SET tags = '[["n","00"]]' WHERE resource_id = 'i0'`,
      `UPDATE change_log SET created_at_ms = NULL WHERE revision = 2`,
      `UPDATE app_user SET token_generation = 4`,
      'DELETE FROM revoked_token',
    ]
    for (const statement of statements) {
      await sqlite.sql(statement)
      digests.add((await copy(sqlite, await location(sqliteLocation))).digest)
    }
    expect(digests.size).toBe(statements.length)
  })
})
