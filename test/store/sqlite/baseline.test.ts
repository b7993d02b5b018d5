import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AccountLogEntry } from '../../../src/store/account-records.ts'
import { checkProject } from '../../../src/store/check-log.ts'
import { openSqlitePrimary, type SqlitePrimary } from '../../../src/store/sqlite/sqlite-store.ts'
import { initialAccounts } from '../../conformance/account-store.ts'
import { contentsOf, logInShort, register, remove, setTags } from '../../conformance/requests.ts'

const ENTRY: AccountLogEntry = {
  domainId: 'd1',
  atMs: 5,
  actorId: 'u1',
  actorName: 'admin',
  address: '127.0.0.1',
  requestId: 'r1',
  event: 'service.reset',
  target: { kind: 'domain', id: 'd1' },
  detail: '{}',
}

let folder: string
let opened: SqlitePrimary
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-baseline-'))
  opened = await openSqlitePrimary(folder, () => undefined, { isEphemeral: true })
  await opened.store.createInitialAccounts(initialAccounts())
  await opened.store.commit('p1', [register('kept')])
})
afterEach(async () => {
  await opened.store.close()
  await rm(folder, { recursive: true, force: true })
})

async function idsIn(project: string): Promise<string[]> {
  return (await contentsOf(opened.store, project)).resources.map(({ id }) => id)
}

describe('a baseline', () => {
  it('the store goes back to the state that was kept, records and resources', async () => {
    const { store, baseline } = opened
    await baseline.keep()
    const usage = await store.getUsage('p1')
    await store.commit('p1', [register('later')])
    await store.commit('p2', [register('elsewhere')])
    await store.updateUser('u1', { passwordHash: 'other' }, undefined)
    await store.revokeToken('t1', 9)
    await store.putPredefinedTags('d1', [{ key: 'k', value: 'v' }], 3, 10)
    await baseline.restore(ENTRY)
    expect(await idsIn('p1')).toEqual(['kept'])
    expect(await idsIn('p2')).toEqual([])
    expect(await store.getUsage('p1')).toEqual(usage)
    expect(await store.getUser('u1')).toEqual(initialAccounts().user)
    expect(await store.isTokenRevoked('t1')).toBe(false)
    expect(await store.listPredefinedTags('d1')).toEqual([])
  })

  it('revisions rise with each restore, and the change log holds the state that was kept', async () => {
    const { store, baseline } = opened
    await baseline.keep()
    await store.commit('p1', [register('a'), register('b')])
    const [revision, accounts] = [await store.getRevision('p1'), await store.getAccountsRevision()]
    await baseline.restore(ENTRY)
    expect([await store.getRevision('p1'), await store.getAccountsRevision()]).toEqual([revision + 1, accounts + 1])
    await baseline.restore(ENTRY)
    expect([await store.getRevision('p1'), await store.getAccountsRevision()]).toEqual([revision + 2, accounts + 2])
    expect(logInShort(await store.changesSince('p1', 0, 10))).toEqual(['1 register kept'])
    expect(await store.changesBefore('p1', undefined, 10)).toEqual([])
    expect((await store.getHistoryState('p1')).horizon).toBe(revision + 2)
    const [verdict] = await store.commit('p1', [register('c')])
    expect(verdict).toMatchObject({ outcome: 'changed', revision: revision + 3, created: true })
    expect(await checkProject(store, 'p1')).toEqual({ revision: revision + 3, resources: 2, differences: [] })
  })

  it('times do not go back with a restore, and a life begins anew after it', async () => {
    const { store, baseline } = opened
    await store.commit('p1', [register('gone'), remove('gone')])
    await baseline.keep()
    await store.commit('p1', [{ ...register('later'), atMs: 9000 }])
    await baseline.restore(ENTRY)
    const [back, kept] = await store.commit('p1', [register('gone'), setTags('kept', 'a=1')])
    expect(back).toMatchObject({ change: { priorRevision: undefined, atMs: 9000 } })
    expect(kept).toMatchObject({ change: { priorRevision: 1, atMs: 9000 } })
    expect((await checkProject(store, 'p1')).differences).toEqual([])
  })

  it('the account log is that of the state that was kept, with an entry about the restore', async () => {
    const { store, baseline } = opened
    await baseline.keep()
    await store.logged({ ...ENTRY, event: 'user.updated' }).updateUser('u1', { description: 'x' }, undefined)
    await baseline.restore(ENTRY)
    expect(await store.listAccountLog('d1', 10)).toMatchObject([{ event: 'service.reset', targetName: 'default' }])
  })

  it('a later state takes the place of the one that was kept', async () => {
    const { store, baseline } = opened
    await baseline.keep()
    await store.commit('p1', [register('later')])
    await baseline.keep()
    await store.commit('p1', [register('last')])
    await baseline.restore(ENTRY)
    expect(await idsIn('p1')).toEqual(['kept', 'later'])
  })

  it('writes during a restore are wholly before or after it', async () => {
    const { store, baseline } = opened
    await baseline.keep()
    const before = Array.from({ length: 50 }, (_, i) => store.commit('p1', [register(`before-${i}`)]))
    const restored = baseline.restore(ENTRY)
    const after = Array.from({ length: 50 }, (_, i) => store.commit('p1', [register(`after-${i}`)]))
    await Promise.all([...before, restored, ...after])
    expect(await idsIn('p1')).toEqual(['kept', ...after.map((_, i) => `after-${i}`)])
  })
})
