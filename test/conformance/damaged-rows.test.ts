import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TagChange } from '../../src/core/tag-change.ts'
import { checkProject } from '../../src/store/check-log.ts'
import { DamagedRow } from '../../src/store/damaged-row.ts'
import type { Store } from '../../src/store/store.ts'
import { initialAccounts } from './account-store.ts'
import { openLocation, TEST_LOCATIONS, type TestLocation } from './locations.ts'
import { contentsOf, inShort, register, remove, request, setTags } from './requests.ts'

// The sentences of `TagStore` about damaged rows. Such a row costs itself, and nothing else.

const TAGS = [
  ['tags that are no JSON', `tags = '[["a","1"'`],
  ['tags that are no list', `tags = '7'`],
  ['a tag that is no pair of texts', `tags = '[[1,2]]'`],
  ['a detail that is no JSON', `detail = '{"a":'`],
  ['a detail that is no object', `detail = '7'`],
] as const

describe.each(TEST_LOCATIONS)('damaged rows in %s', (_engine, makeLocation) => {
  let location: TestLocation
  let store: Store

  beforeEach(async () => {
    location = await makeLocation()
    store = await openLocation(location)
    await store.commit('p', [register('i1', 'a=1'), register('i2', 'b=2'), register('i3', 'c=3')])
  })

  afterEach(async () => {
    await store.close()
    await location.dispose()
  })

  const damage = (change: string) => location.sql(`UPDATE change_log SET ${change} WHERE resource_id = 'i2'`)

  it.each(TAGS)('a scan leaves out, and names, a row with %s and returns all others', async (_name, change) => {
    await damage(change)
    const { batches, damaged } = await store.scan('p', ['images', 'instances'])
    const ids: string[] = []
    for await (const batch of batches) ids.push(...batch.map(({ id }) => id))
    expect(ids).toEqual(['i1', 'i3'])
    expect(damaged.map(({ resource, revision }) => [resource, revision])).toEqual([['images i2', undefined]])
    expect(damaged[0]?.message).toMatch(/^the row of images i2 is damaged: ./)
  })

  it('many damaged rows that fill whole batches of a scan do not end it', async () => {
    await store.commit(
      'p',
      Array.from({ length: 600 }, (_, i) => register(`x${i}`)),
    )
    await location.sql(`UPDATE change_log SET tags = 'x' WHERE resource_id LIKE 'x%'`)
    await store.commit('p', [register('last')])
    expect((await contentsOf(store, 'p')).resources.map(({ id }) => id)).toEqual(['i1', 'i2', 'i3', 'last'])
  })

  it.each(TAGS)('changesSince rejects with the revision of a change with %s', async (_name, change) => {
    await damage(change)
    await expect(store.changesSince('p', 0, 10)).rejects.toThrow(DamagedRow)
    await expect(store.changesSince('p', 0, 10)).rejects.toMatchObject({ resource: 'images i2', revision: 2 })
    expect(await store.changesSince('p', 0, 1)).toHaveLength(1)
    expect(await store.changesSince('p', 2, 10)).toHaveLength(1)
  })

  it.each([
    ['that is missing in the log', 'DELETE FROM change_log WHERE revision = 2'],
    ['that is of another resource', `UPDATE resource SET revision = 3 WHERE resource_id = 'i2'`],
    ['that is of another type', `UPDATE change_log SET resource_type = 'x' WHERE revision = 2`],
    ['that is a deletion', `UPDATE change_log SET tags = NULL WHERE revision = 2`],
  ])('a row that names a change %s is damaged, and a registration replaces it', async (_name, statement) => {
    await location.sql(statement)
    const { batches, damaged } = await store.scan('p')
    for await (const batch of batches) expect(batch.map(({ id }) => id)).toEqual(['i1', 'i3'])
    expect(damaged.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^the row of images i2 is damaged: change \d of the log is not the last one of the resource/,
      ),
    ])
    const verdicts = await store.commit('p', [setTags('i2', 'n=1'), register('i2', 'new=1'), setTags('i2', 'n=1')])
    expect(inShort(verdicts)).toEqual(['refused@3', 'changed@4', 'changed@5'])
    expect((await contentsOf(store, 'p')).resources[1]).toEqual({ id: 'i2', sequence: 2, tags: ['new=1', 'n=1'] })
  })

  it('a commit refuses changes of a damaged row with its name, and makes all others', async () => {
    await damage(`tags = 'x'`)
    const edit: TagChange = { kind: 'edit', name: 'other' }
    const onlyIf: TagChange = { kind: 'delete', expect: [] }
    const verdicts = await store.commit('p', [
      setTags('i1', 'n=1'),
      setTags('i2', 'n=1'),
      request('i2', edit),
      request('i2', onlyIf),
      setTags('i3', 'n=1'),
    ])
    expect(inShort(verdicts)).toEqual(['changed@4', 'refused@4', 'refused@4', 'refused@4', 'changed@5'])
    expect(verdicts[1]).toMatchObject({
      code: 'internal',
      facts: { detail: expect.stringMatching(/^The stored row of images i2 is damaged: /) },
    })
  })

  it('a registration replaces a damaged row, and later requests of the same commit see it', async () => {
    await damage(`tags = 'x', detail = 'x'`)
    const verdicts = await store.commit('p', [register('i2', 'new=1'), setTags('i2', 'n=1')])
    expect(inShort(verdicts)).toEqual(['changed@4', 'changed@5'])
    expect((await contentsOf(store, 'p')).resources).toMatchObject([
      { id: 'i1' },
      { id: 'i2', sequence: 2, tags: ['new=1', 'n=1'] },
      { id: 'i3' },
    ])
  })

  it('a deletion removes a damaged row', async () => {
    await damage(`tags = 'x'`)
    expect(inShort(await store.commit('p', [remove('i2')]))).toEqual(['changed@4'])
    const { damaged, batches } = await store.scan('p', ['images'])
    for await (const batch of batches) expect(batch).toHaveLength(2)
    expect(damaged).toEqual([])
  })

  it('a check names damaged rows and damaged changes once and compares all others', async () => {
    await damage(`tags = 'x'`)
    const named = (what: string, words: string) => ({ project: 'p', what, words: expect.stringContaining(words) })
    const [change, row] = [
      named('log-damaged', 'change 2 in the log, of images i2,'),
      named('row-damaged', 'of images i2'),
    ]
    expect(await checkProject(store, 'p')).toEqual({ revision: 3, resources: 2, differences: [change, row] })
    await store.commit('p', [remove('i2')])
    expect((await checkProject(store, 'p')).differences).toEqual([change])
  })
})

// The sentences of `AccountStore` about damaged rows.

const ACCOUNTS = [
  ['tags of a project that are no JSON', 'project', `tags = '["a"'`, 'project p2'],
  ['tags of a project that are no texts', 'project', `tags = '[1]'`, 'project p2'],
  ['limits of a project that are no object', 'project', `limits = '7'`, 'project p2'],
  ['attributes of a user that are no JSON', 'app_user', `attributes = '{'`, 'user u2'],
  ['attributes of a user that are null', 'app_user', `attributes = 'null'`, 'user u2'],
  ['a policy that is no JSON', 'custom_role', `policy = 'x'`, 'policy r2'],
] as const

describe.each(TEST_LOCATIONS)('damaged rows of accounts in %s', (_engine, makeLocation) => {
  let location: TestLocation
  let store: Store

  beforeEach(async () => {
    location = await makeLocation()
    store = await openLocation(location)
    const accounts = initialAccounts()
    await store.createInitialAccounts(accounts)
    const { project, user } = accounts
    for (const n of [2, 3]) {
      await store.createProject({ ...project, id: `p${n}`, name: `${n}` })
      await store.createUser({ ...user, id: `u${n}`, name: `${n}` })
      await store.createRole({ ...ROLE, id: `r${n}`, displayName: `${n}` })
    }
  })

  afterEach(async () => {
    await store.close()
    await location.dispose()
  })

  it.each([
    ['no JSON', 'x', 1],
    ['no key', '{"kty":"OKP"}', 1],
    ['an encrypted key', 'aes-256-gcm$0123456789ab$abc_-$def', 0],
  ])('a key for tokens that is %s is named if it is damaged', async (_name, text, expected) => {
    await location.sql(`UPDATE signing_key SET private_key = '${text}'`)
    const damaged = await store.findDamagedAccounts()
    expect(damaged.map(({ resource }) => resource)).toEqual(['signing key k1'].slice(0, expected))
  })

  it.each(ACCOUNTS)(
    '%s: lists leave the row out, it is named, and calls that need it reject',
    async (_name, table, change, named) => {
      const id = named.split(' ')[1] as string
      const key = { project: 'project_id', app_user: 'user_id', custom_role: 'role_id' }[table]
      expect(await store.findDamagedAccounts()).toEqual([])
      await location.sql(`UPDATE ${table} SET ${change} WHERE ${key} = '${id}'`)
      const damaged = await store.findDamagedAccounts()
      expect(damaged.map(({ resource }) => resource)).toEqual([named])
      const lists = {
        project: await store.listProjects('d1'),
        app_user: await store.listUsers('d1'),
        custom_role: await store.listRoles('d1'),
      }
      for (const [name, records] of Object.entries(lists)) {
        const ids: string[] = records.map((record) => record.id)
        const prefix = { project: 'p', app_user: 'u', custom_role: 'r' }[name]
        expect([name, ids.includes(`${prefix}2`), ids.includes(`${prefix}3`)]).toEqual([name, name !== table, true])
      }
      const reads = {
        project: [() => store.getProject('p2'), () => store.getProjectByName('d1', '2')],
        app_user: [() => store.getUser('u2'), () => store.getUserByName('d1', '2')],
        custom_role: [() => store.getRole('r2')],
      }[table]
      for (const read of reads) {
        await expect(read()).rejects.toMatchObject({
          code: 'internal',
          facts: { detail: expect.stringMatching(`^The stored row of ${named} is damaged: `) },
        })
      }
      expect((await store.getUser('u3'))?.name).toBe('3')
    },
  )

  it('a damaged entry of the account log is named, and the log is listed', async () => {
    const target = { kind: 'user', id: 'u2' } as const
    const actor = { actorId: 'u1', actorName: 'admin', address: '', requestId: '' }
    const entry = { domainId: 'd1', atMs: 1, ...actor, event: 'user.updated', target, detail: '{}' }
    await store.logged(entry).updateUser('u2', { description: 'x' })
    await location.sql(`UPDATE account_log SET detail = 'x'`)
    const revision = await store.getAccountsRevision()
    expect((await store.findDamagedAccounts()).map(({ resource }) => resource)).toEqual([
      `entry ${revision} of the account log`,
    ])
    expect(await store.listAccountLog('d1', 10)).toMatchObject([{ detail: 'x' }])
  })

  it('damaged rows are found among more rows than one page has', async () => {
    await location.sql(`INSERT INTO app_user (user_id, domain_id, name, password_hash, enabled, token_generation, attributes)
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
      SELECT 'x' || i, 'd1', 'x' || i, '', 1, 0, CASE WHEN i % 400 = 0 THEN 'x' ELSE '{}' END FROM n`)
    expect((await store.findDamagedAccounts()).map(({ resource }) => resource).sort()).toEqual([
      'user x1200',
      'user x400',
      'user x800',
    ])
  })
})

const ROLE = {
  domainId: 'd1',
  description: '',
  descriptionCn: '',
  type: 'XA',
  policy: '{}',
  createdAtMs: 1,
  updatedAtMs: 1,
} as const
