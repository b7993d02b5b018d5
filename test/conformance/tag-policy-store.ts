import { expect, it } from 'vitest'
import { parsePolicy } from '../../src/core/policy/parse-policy.ts'
import { ResourceTypes } from '../../src/core/resource-types.ts'
import type { Store, Verdict } from '../../src/store/store.ts'
import type { PolicyPlace, StoredTagPolicy } from '../../src/store/tag-policy-store.ts'
import { initialAccounts } from './account-store.ts'
import { register, request, setTags } from './requests.ts'

const DOMAIN: PolicyPlace = { level: 'domain', id: 'd1' }
const PROJECT: PolicyPlace = { level: 'project', id: 'p1' }
const MAX = 3

/** A policy that allows some values of `env` on images. */
function policy(name: string, ...values: readonly string[]): StoredTagPolicy {
  return policyWith(name, { env: { tag_value: { '@@assign': values }, enforced_for: { '@@assign': ['ims:image'] } } })
}

function policyWith(name: string, tags: Readonly<Record<string, unknown>>): StoredTagPolicy {
  const document = { tags }
  const parsed = parsePolicy(document, ResourceTypes.builtIn)
  return { name, document: JSON.stringify(document), policy: parsed.policy, actor: 'ann', updatedAtMs: 1000 }
}

const inShort = (verdicts: readonly Verdict[]) =>
  verdicts.map((verdict) => (verdict.outcome === 'refused' ? verdict.code : verdict.outcome))

/** Tests every sentence of `TagPolicyStore`, and that commits are held to the policies. */
export function tagPolicyStoreConformance(store: () => Store, reopened: () => Promise<Store>): void {
  const found = () => store().createInitialAccounts(initialAccounts())
  const put = (place: PolicyPlace, stored: StoredTagPolicy) => store().putTagPolicy(place, stored, MAX)
  const names = async (place: PolicyPlace) => (await store().listTagPolicies(place)).map(({ name }) => name)
  const createProject = (id: string, domainId = 'd1') =>
    store().createProject({ ...initialAccounts().project, id, name: id, domainId })
  /** The outcome of setting a value of `env`. */
  const setEnv = async (project: string, value: string, to = store()) =>
    inShort(await to.commit(project, [register('i', 'a=1'), setTags('i', `env=${value}`)]))[1]
  const valuesOf = async (project: string) => (await store().getEffectivePolicy(project)).rules[0]?.values

  it('policies are returned as they were put, in order of their names by code point', async () => {
    await found()
    const [first, second] = [policy('aa', 'prod'), policyWith('Z', {})]
    expect([await put(DOMAIN, first), await put(DOMAIN, second)]).toEqual(['done', 'done'])
    expect(await store().listTagPolicies(DOMAIN)).toEqual([second, first])
    expect(await store().getTagPolicy(DOMAIN, 'aa')).toEqual(first)
    expect(await store().getTagPolicy(DOMAIN, 'AA')).toBeUndefined()
    expect(await store().getTagPolicy(PROJECT, 'aa')).toBeUndefined()
    expect(await names(PROJECT)).toEqual([])
  })

  it('a policy takes the place of one of the same name', async () => {
    await found()
    await put(DOMAIN, policy('a', 'prod'))
    const next = { ...policy('a', 'test'), actor: 'bob', updatedAtMs: 2000 }
    await put(DOMAIN, next)
    expect(await store().listTagPolicies(DOMAIN)).toEqual([next])
    expect(await valuesOf('p1')).toEqual(['test'])
  })

  it('a place has at most the given number of policies, and one of them can still be replaced', async () => {
    await found()
    for (const name of ['a', 'b', 'c']) expect(await put(PROJECT, policy(name, 'prod'))).toBe('done')
    expect(await put(PROJECT, policy('d', 'prod'))).toBe('full')
    expect(await put(PROJECT, policy('a', 'test'))).toBe('done')
    expect(await put(DOMAIN, policy('d', 'prod'))).toBe('done')
    expect(await names(PROJECT)).toEqual(['a', 'b', 'c'])
  })

  it('there is no policy of a domain or a project that does not exist, and none of another name to delete', async () => {
    await found()
    expect(await put({ level: 'domain', id: 'p1' }, policy('a', 'prod'))).toBe('absent')
    expect(await put({ level: 'project', id: 'd1' }, policy('a', 'prod'))).toBe('absent')
    expect(await store().deleteTagPolicy(DOMAIN, 'a')).toBe('absent')
  })

  it('a project without policies has no rules, also if it was never written', async () => {
    await found()
    expect(await store().getEffectivePolicy('p1')).toEqual({ rules: [] })
    await store().commit('p1', [register('i')])
    expect(await store().getEffectivePolicy('p1')).toEqual({ rules: [] })
    expect(await store().getEffectivePolicy('unknown')).toEqual({ rules: [] })
  })

  it('commits are held to the policy of the domain from the next one on, in all its projects', async () => {
    await found()
    await createProject('p2')
    expect(await setEnv('p1', 'test')).toBe('changed')
    await put(DOMAIN, policy('a', 'prod'))
    expect(await setEnv('p1', 'stage')).toBe('tag-policy-violated')
    expect(await setEnv('p1', 'prod')).toBe('changed')
    expect(await setEnv('p2', 'stage')).toBe('tag-policy-violated')
    expect(await store().getRevision('p2')).toBe(1)
  })

  it('a project that is created later is held to the policy of its domain', async () => {
    await found()
    await put(DOMAIN, policy('a', 'prod'))
    await createProject('later')
    await store().ensureProject({ ...initialAccounts().project, id: 'ensured', name: 'ensured' })
    expect([await setEnv('later', 'x'), await setEnv('ensured', 'x')]).toEqual(Array(2).fill('tag-policy-violated'))
    expect(await setEnv('later', 'prod')).toBe('changed')
  })

  it('projects of other domains are not held to it', async () => {
    await found()
    const { domain, project: first } = initialAccounts('2')
    await store().createDomain({ domain: { ...domain, name: 'other' }, project: first })
    await put(DOMAIN, policy('a', 'prod'))
    expect(await setEnv('p2', 'test')).toBe('changed')
  })

  it('a policy of a project counts in that project alone, with those of its domain', async () => {
    await found()
    await createProject('p2')
    await put(DOMAIN, policy('a', 'prod'))
    await put(PROJECT, policyWith('b', { env: { tag_value: { '@@append': ['test'] } } }))
    expect([await valuesOf('p1'), await valuesOf('p2')]).toEqual([['prod', 'test'], ['prod']])
    expect([await setEnv('p1', 'test'), await setEnv('p2', 'test')]).toEqual(['changed', 'tag-policy-violated'])
    await put(DOMAIN, policy('a', 'live'))
    expect([await valuesOf('p1'), await valuesOf('p2')]).toEqual([['live', 'test'], ['live']])
    await store().deleteTagPolicy(PROJECT, 'b')
    expect(await valuesOf('p1')).toEqual(['live'])
  })

  it('no commit is held to a policy that was deleted', async () => {
    await found()
    await put(DOMAIN, policy('a', 'prod'))
    await store().commit('p1', [register('i')])
    expect(await store().deleteTagPolicy(DOMAIN, 'a')).toBe('done')
    expect(await names(DOMAIN)).toEqual([])
    expect(await setEnv('p1', 'test')).toBe('changed')
    expect(await store().getEffectivePolicy('p1')).toEqual({ rules: [] })
  })

  it('a refusal by a policy names the key, the rule and the value, and affects no other request', async () => {
    await found()
    await put(DOMAIN, policy('a', 'prod'))
    const verdicts = await store().commit('p1', [register('i', 'env=x'), register('j', 'env=prod')])
    expect(verdicts).toMatchObject([
      {
        outcome: 'refused',
        code: 'tag-policy-violated',
        facts: { field: 'tags.env', rule: { name: 'policy-allows', values: ['prod'] }, value: 'x' },
        revision: 0,
      },
      { outcome: 'changed', revision: 1 },
    ])
  })

  it('of the requests of a unit none is applied when a policy refuses one', async () => {
    await found()
    await put(DOMAIN, policy('a', 'prod'))
    await store().commit('p1', [register('i'), register('j')])
    const set = (id: string, value: string) =>
      request(id, { kind: 'set-tags', tags: [{ key: 'env', value }], unit: 'u' })
    const verdicts = await store().commit('p1', [set('i', 'prod'), set('j', 'x')])
    expect(inShort(verdicts)).toEqual(['not-applied', 'tag-policy-violated'])
  })

  it('policies end with their project or domain', async () => {
    await found()
    await put(DOMAIN, policy('a', 'prod'))
    await put(PROJECT, policy('b', 'test'))
    await store().deleteProject('p1')
    expect(await names(PROJECT)).toEqual([])
    await store().deleteDomain('d1')
    expect(await names(DOMAIN)).toEqual([])
  })

  it('a change of policies raises the revision of accounts, and the account log keeps it', async () => {
    await found()
    const before = await store().getAccountsRevision()
    const target = { kind: 'tag-policy', id: 'd1/a' } as const
    const entry = { domainId: 'd1', atMs: 1, actorId: 'u1', actorName: 'admin', address: '', requestId: 'r' }
    const logged = (event: string) => store().logged({ ...entry, event, target, detail: '{}' })
    await logged('tag-policy.updated').putTagPolicy(DOMAIN, policy('a', 'prod'), MAX)
    await logged('tag-policy.deleted').deleteTagPolicy(DOMAIN, 'a')
    await logged('tag-policy.deleted').deleteTagPolicy(DOMAIN, 'a')
    expect(await store().getAccountsRevision()).toBe(before + 2)
    const log = (await store().listAccountLog('d1', 10)).map(({ event, targetName }) => `${event} ${targetName}`)
    expect(log).toEqual(['tag-policy.deleted a', 'tag-policy.updated a'])
  })

  it('policies are stored after the store is closed and opened again', async () => {
    await found()
    await put(DOMAIN, policy('a', 'prod'))
    const again = await reopened()
    expect(await again.listTagPolicies(DOMAIN)).toEqual([policy('a', 'prod')])
    expect(await setEnv('p1', 'x', again)).toBe('tag-policy-violated')
  })
}
