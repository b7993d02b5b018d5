import { expect, it } from 'vitest'
import type { ResourceType } from '../../src/core/resource-types.ts'
import type { TagPatch } from '../../src/core/tag-patch.ts'
import type { NewPlanItem, PlanCommit, PlanDraft, PlanFinish } from '../../src/store/plan-store.ts'
import type { Store } from '../../src/store/store.ts'
import { contentsOf, register, remove, setTags } from './requests.ts'

const OPEN_MAX = 3
const IMAGES = 'images' as ResourceType

/** Tests every sentence of `PlanStore`. A patch is written `key:before>after`, where `-` is an absent key. */
export function planStoreConformance(store: () => Store, reopened: () => Promise<Store>): void {
  const draft = (id: string, more: Partial<PlanDraft> = {}): PlanDraft => ({
    id,
    head: '{"note":"a \0 note"}',
    undoOf: undefined,
    actor: 'ann',
    createdAtMs: 1000,
    expiresAtMs: 9000,
    ...more,
  })
  const create = (id: string, more: Partial<PlanDraft> = {}, project = 'p') =>
    store().createPlan(project, draft(id, more), OPEN_MAX)
  const patch = (text: string, order?: readonly string[]): TagPatch => ({
    keys: text.split(' ').map((part) => {
      const [key = '', change = ''] = part.split(':')
      const [before, after] = change.split('>').map((value) => (value === '-' ? undefined : value))
      return { key, expect: before, value: after }
    }),
    ...(order && { order }),
  })
  const item = (id: string, text: string, more: Partial<NewPlanItem> = {}): NewPlanItem => ({
    type: IMAGES,
    id,
    patch: patch(text),
    state: 'change',
    code: '',
    ...more,
  })
  const finish = (id: string, more: Partial<PlanFinish> = {}) =>
    store().finishPlan('p', id, { summary: '{"n":1}', revision: 7, expiresAtMs: 8000, request: undefined, ...more })
  const plan = async (id: string, items: readonly NewPlanItem[], more: Partial<PlanDraft> = {}) => {
    expect(await create(id, more)).toBe('done')
    expect(await store().addPlanItems('p', id, items)).toBe('done')
    expect(await finish(id)).toMatchObject({ verdict: 'done' })
  }
  const commit = (id: string, from: number, to: number, more: Partial<PlanCommit> = {}) =>
    store().commitPlan('p', id, from, to, {
      onConflict: 'fail',
      rules: { images: { tagsPerResourceMax: 10 } },
      actor: 'bob',
      requestId: 'apply',
      atMs: 2000,
      expiresAtMs: 20_000,
      ...more,
    })
  const ids = async (project = 'p', before?: string, limit = 10, atMs = 5000) =>
    (await store().listPlans(project, before, limit, atMs)).map(({ id }) => id)
  const tags = async (project = 'p') => (await contentsOf(store(), project)).resources.map((one) => one.tags.join(' '))

  it('a plan is a draft until it is finished, and nobody sees it before', async () => {
    expect(await create('1')).toBe('done')
    expect([await store().getPlan('p', '1', 0), await ids()]).toEqual([undefined, []])
    expect(await store().addPlanItems('p', '1', [item('a', 'k:1>2'), item('b', 'k:->2 j:3>-')])).toBe('done')
    const items = [item('c', 'k:1>2', { patch: patch('k:1>2', ['b', 'k']), state: 'refused', code: 'why' })]
    expect(await store().addPlanItems('p', '1', items)).toBe('done')
    const record = {
      id: '1',
      state: 'planned',
      head: '{"note":"a \0 note"}',
      summary: '{"n":1}',
      undoOf: undefined,
      revision: 7,
      items: 3,
      nextPlace: 0,
      applied: 0,
      conflicts: 0,
      appliedFrom: undefined,
      appliedTo: undefined,
      actor: 'ann',
      createdAtMs: 1000,
      appliedBy: undefined,
      appliedAtMs: undefined,
      expiresAtMs: 8000,
    }
    expect(await finish('1')).toEqual({ verdict: 'done', plan: record })
    const again = await reopened()
    expect(await again.getPlan('p', '1', 5000)).toEqual(record)
    expect(await again.getPlanItems('p', '1', 0, 9)).toEqual(
      [item('a', 'k:1>2'), item('b', 'k:->2 j:3>-'), ...items].map((one, place) => ({
        ...one,
        patch: { keys: one.patch.keys, order: one.patch.order },
        place,
        revision: 0,
      })),
    )
    expect((await again.getPlanItems('p', '1', 1, 2)).map(({ id }) => id)).toEqual(['b'])
  })

  it('items are added to a draft only, and a plan is finished once', async () => {
    expect(await store().addPlanItems('p', 'none', [])).toBe('absent')
    expect(await finish('none')).toEqual({ verdict: 'absent' })
    await plan('1', [])
    expect(await store().addPlanItems('p', '1', [item('a', 'k:1>2')])).toBe('absent')
    expect(await finish('1')).toEqual({ verdict: 'absent' })
  })

  it('a project has a limited number of drafts and plans that are not applied as a whole', async () => {
    await plan('1', [])
    await create('2')
    expect(await create('other', {}, 'q')).toBe('done')
    await create('3')
    expect(await create('4')).toBe('full')
    expect(await commit('1', 0, 0)).toMatchObject({ verdict: 'done', plan: { state: 'applied' } })
    expect(await create('4')).toBe('done')
    await store().deletePlan('p', '2')
    expect(await create('5')).toBe('done')
    // Those that have expired do not count.
    expect(await create('6')).toBe('full')
    expect(await create('6', { createdAtMs: 9000, expiresAtMs: 10_000 })).toBe('done')
  })

  it('concurrent calls together do not exceed the limit of plans', async () => {
    const calls = Array.from({ length: 8 }, (_, i) => create(`c${i}`))
    expect((await Promise.all(calls)).filter((verdict) => verdict === 'done')).toHaveLength(OPEN_MAX)
  })

  it('plans are listed page by page, the last created first, without those that have expired', async () => {
    for (const id of ['01A', '01a', '01b']) await plan(id, [])
    expect(await ids()).toEqual(['01b', '01a', '01A'])
    expect(await ids('p', undefined, 1)).toEqual(['01b'])
    expect(await ids('p', '01b', 1)).toEqual(['01a'])
    expect(await ids('p', '01A')).toEqual([])
    expect(await ids('q')).toEqual([])
    expect(await ids('p', undefined, 10, 8000)).toEqual([])
    expect(await store().getPlan('p', '01a', 8000)).toBeUndefined()
    expect(await commit('01a', 0, 0, { atMs: 8000 })).toEqual({ verdict: 'absent' })
  })

  it('a request with the key of an earlier one gives its plan, or is refused if it is another request', async () => {
    const request = { key: 'k', hash: 'h', sinceMs: 500 }
    await create('1')
    expect(await finish('1', { request })).toMatchObject({ verdict: 'done', plan: { id: '1' } })
    expect(await store().findPlanByKey('p', 'k', 500)).toMatchObject({ plan: { id: '1' }, hash: 'h' })
    expect(await store().findPlanByKey('p', 'k', 1001)).toBeUndefined()
    expect(await store().findPlanByKey('p', 'l', 500)).toBeUndefined()
    expect(await store().findPlanByKey('q', 'k', 500)).toBeUndefined()
    await create('2')
    expect(await finish('2', { request })).toMatchObject({ verdict: 'repeated', plan: { id: '1' } })
    await create('3')
    expect(await finish('3', { request: { ...request, hash: 'other' } })).toEqual({ verdict: 'key-reused' })
    expect(await ids()).toEqual(['1'])
    await create('4')
    expect(await finish('4', { request: { ...request, sinceMs: 1001 } })).toMatchObject({ verdict: 'done' })
  })

  it('of concurrent requests with one key one makes a plan', async () => {
    const request = { key: 'k', hash: 'h', sinceMs: 0 }
    for (const id of ['1', '2', '3']) await create(id)
    const verdicts = await Promise.all(['1', '2', '3'].map((id) => finish(id, { request })))
    expect(verdicts.map(({ verdict }) => verdict).toSorted()).toEqual(['done', 'repeated', 'repeated'])
    expect(await ids()).toHaveLength(1)
  })

  it('the changes are applied in one transaction in order of their places, and logged with the cause', async () => {
    await store().commit('p', [register('a', 'k=1', 'x=9'), register('b', 'k=1'), register('c', 'k=1')])
    await plan('1', [
      item('b', 'k:1>2'),
      item('c', 'k:1>5', { state: 'refused', code: 'no' }),
      item('a', 'k:1>- new:->1', { patch: patch('k:1>- new:->1', ['new', 'x']) }),
      item('c', 'k:1>1'),
    ])
    const done = await commit('1', 0, 4)
    expect(done).toMatchObject({
      verdict: 'done',
      plan: {
        state: 'applied',
        nextPlace: 4,
        applied: 2,
        conflicts: 0,
        appliedFrom: 3,
        appliedTo: 5,
        appliedBy: 'bob',
        appliedAtMs: 2000,
        expiresAtMs: 20_000,
      },
    })
    expect(await tags()).toEqual(['new=1 x=9', 'k=2', 'k=1'])
    const changes = await store().changesSince('p', 3, 10)
    expect(changes).toMatchObject([
      { revision: 4, id: 'b', kind: 'patch-tags', cause: 'plan:1', actor: 'bob', requestId: 'apply', priorRevision: 2 },
      { revision: 5, id: 'a', kind: 'patch-tags', cause: 'plan:1' },
    ])
    expect(changes).toHaveLength(2)
    const items = await store().getPlanItems('p', '1', 0, 9)
    expect(items.map(({ state, revision, code }) => [state, revision, code])).toEqual([
      ['applied', 4, ''],
      ['refused', 0, 'no'],
      ['applied', 5, ''],
      ['unchanged', 0, ''],
    ])
  })

  it('a plan that takes back another is logged as that', async () => {
    await store().commit('p', [register('a', 'k=1')])
    await plan('2', [item('a', 'k:1>2')], { undoOf: '1' })
    expect(await commit('2', 0, 1)).toMatchObject({ plan: { undoOf: '1' } })
    expect(await store().changesSince('p', 1, 10)).toMatchObject([{ cause: 'undo:2' }])
  })

  it('with a conflict nothing of the part is applied, and all conflicts are counted', async () => {
    await store().commit('p', [register('a', 'k=1'), register('b', 'k=9'), register('full', 'k=1'), register('d')])
    const rules = { images: { tagsPerResourceMax: 1 } }
    const items = [
      item('a', 'k:1>2'),
      item('b', 'k:1>2'),
      item('gone', 'k:1>2'),
      item('full', 'new:->1'),
      item('d', 'k:1>-'),
    ]
    await plan('1', items)
    const conflicts = [
      { type: 'images', id: 'b', code: 'tag-conflict', key: 'k', actual: '9' },
      { type: 'images', id: 'gone', code: 'resource-not-found', key: undefined, actual: undefined },
      { type: 'images', id: 'full', code: 'tag-quota-exceeded', key: undefined, actual: undefined },
      { type: 'images', id: 'd', code: 'tag-conflict', key: 'k', actual: undefined },
    ]
    // Another call may share the transaction, and has its effect.
    const [failed] = await Promise.all([commit('1', 0, 5, { rules }), store().commit('p', [setTags('d', 'y=1')])])
    expect(failed).toMatchObject({
      verdict: 'conflicts',
      count: 4,
      conflicts,
      plan: { state: 'planned', nextPlace: 0 },
    })
    expect(await tags()).toEqual(['k=1', 'k=9', 'k=1', 'y=1'])
    expect(await store().getRevision('p')).toBe(5)
    expect((await store().getPlanItems('p', '1', 0, 9)).map(({ state }) => state)).toEqual(Array(5).fill('change'))
    expect(await commit('1', 0, 5, { rules, onConflict: 'skip' })).toMatchObject({
      verdict: 'done',
      plan: { state: 'applied', applied: 1, conflicts: 4 },
    })
    expect(await tags()).toEqual(['k=2', 'k=9', 'k=1', 'y=1'])
    const codes = (await store().getPlanItems('p', '1', 0, 9)).map(({ state, code }) => `${state} ${code}`)
    expect(codes).toEqual([
      'applied ',
      'conflict tag-conflict',
      'conflict resource-not-found',
      'conflict tag-quota-exceeded',
      'conflict tag-conflict',
    ])
  })

  it('the first hundred conflicts are named', async () => {
    await plan(
      '1',
      Array.from({ length: 1200 }, (_, i) => item(`i${i}`, 'k:1>2')),
    )
    const verdict = await commit('1', 0, 1200)
    if (verdict.verdict !== 'conflicts') throw new Error(verdict.verdict)
    expect(verdict.count).toBe(1200)
    expect(verdict.conflicts.map(({ id }) => id)).toEqual(Array.from({ length: 100 }, (_, i) => `i${i}`))
  })

  it('parts are applied one after the other, each once', async () => {
    const names = Array.from({ length: 1200 }, (_, i) => `i${i}`)
    await store().commit(
      'p',
      names.map((id) => register(id, 'k=1')),
    )
    await plan(
      '1',
      names.map((id) => item(id, 'k:1>2')),
    )
    expect(await commit('1', 600, 1200)).toMatchObject({ verdict: 'done', plan: { state: 'planned', nextPlace: 0 } })
    const first = await commit('1', 0, 600)
    expect(first).toMatchObject({
      plan: { state: 'partly-applied', nextPlace: 600, applied: 600, appliedFrom: 1200, appliedTo: 1800 },
    })
    expect(await commit('1', 0, 600)).toEqual(first)
    await store().commit('p', [setTags('i0', 'other=1')])
    const second = await commit('1', 600, 5000)
    expect(second).toMatchObject({
      plan: { state: 'applied', nextPlace: 1200, applied: 1200, appliedFrom: 1200, appliedTo: 2401 },
    })
    expect(await commit('1', 600, 5000)).toEqual(second)
    expect(await commit('1', 1200, 5000)).toEqual(second)
    expect(await store().getRevision('p')).toBe(2401)
  })

  it('two concurrent calls apply a part once', async () => {
    await store().commit('p', [register('a', 'k=1'), register('b', 'k=1')])
    await plan('1', [item('a', 'k:1>2'), item('b', 'k:1>2')])
    const [one, two] = await Promise.all([commit('1', 0, 2), commit('1', 0, 2)])
    expect(one).toEqual(two)
    expect(await store().getRevision('p')).toBe(4)
  })

  it('a reader sees all of a part or nothing', async () => {
    const names = Array.from({ length: 1500 }, (_, i) => `i${i}`)
    await store().commit(
      'p',
      names.map((id) => register(id, 'k=1')),
    )
    await plan(
      '1',
      names.map((id) => item(id, 'k:1>2')),
    )
    let isDone = false
    const applying = commit('1', 0, 1500).finally(() => (isDone = true))
    const seen = new Set<number>()
    while (!isDone) {
      const { revision, resources } = await contentsOf(store(), 'p')
      const changed = resources.filter((one) => one.tags[0] === 'k=2').length
      expect(changed).toBe(revision === 1500 ? 0 : 1500)
      seen.add(revision)
      // A scan of a file does not wait for anything.
      await new Promise((resolve) => setImmediate(resolve))
    }
    await applying
    expect([...seen].every((revision) => revision === 1500 || revision === 3000)).toBe(true)
    expect(await store().getRevision('p')).toBe(3000)
  })

  it('a plan or a draft that is removed is gone, and what it has applied stays', async () => {
    await store().commit('p', [register('a', 'k=1')])
    await plan('1', [item('a', 'k:1>2')])
    await commit('1', 0, 1)
    await create('2')
    expect(await store().deletePlan('q', '1')).toBe('absent')
    expect(await store().deletePlan('p', '1')).toBe('done')
    expect(await store().deletePlan('p', '1')).toBe('absent')
    expect(await store().deletePlan('p', '2')).toBe('done')
    expect([await store().getPlan('p', '1', 0), await ids()]).toEqual([undefined, []])
    expect(await commit('1', 0, 1)).toEqual({ verdict: 'absent' })
    expect(await finish('2')).toEqual({ verdict: 'absent' })
    expect(await tags()).toEqual(['k=2'])
  })

  it('rows of plans that were removed, or have expired, are deleted some at a time', async () => {
    await plan('1', [item('a', 'k:1>2'), item('b', 'k:1>2'), item('c', 'k:1>2')])
    await plan('2', [item('a', 'k:1>2')])
    expect(await store().forgetPlans(5000, 2)).toBe(0)
    await store().deletePlan('p', '1')
    expect(await store().forgetPlans(5000, 2)).toBe(2)
    expect((await store().getPlanItems('p', '1', 0, 9)).map(({ id }) => id)).toEqual(['c'])
    expect(await store().forgetPlans(5000, 2)).toBe(1)
    expect(await store().forgetPlans(5000, 2)).toBe(1)
    expect(await store().forgetPlans(5000, 2)).toBe(0)
    expect(await store().getPlanItems('p', '1', 0, 9)).toEqual([])
    expect(await ids()).toEqual(['2'])
    expect(await store().forgetPlans(8000, 2)).toBe(1)
    expect(await store().getPlanItems('p', '2', 0, 9)).toEqual([])
  })

  it('the plans of a deleted project are deleted', async () => {
    const id = 'p'
    await store().createProject({
      ...{ id, domainId: 'd', name: 'n', description: '', enabled: true, tokenGeneration: 0, tags: [], limits: {} },
    })
    await plan('1', [item('a', 'k:1>2')])
    await store().deleteProject(id)
    expect(await ids()).toEqual([])
    expect(await store().forgetPlans(0, 10)).toBe(1)
    expect(await store().getPlanItems('p', '1', 0, 9)).toEqual([])
  })

  it('a resource that was deleted and made again is changed if its tags are as expected', async () => {
    await store().commit('p', [register('a', 'k=1')])
    await plan('1', [item('a', 'k:1>2')])
    await store().commit('p', [remove('a'), register('a', 'k=1')])
    expect(await commit('1', 0, 1)).toMatchObject({ plan: { applied: 1 } })
    expect(await tags()).toEqual(['k=2'])
  })
}
