import { beforeAll, expect, it } from 'vitest'
import { type Cleaning, type Keys, settles, tagsOfRun, type Visitor } from './cloud-story.ts'

const PAGE = 100
const DBS_ERROR = { error_code: expect.stringMatching(/^DBS\.\d{6}$/), error_msg: expect.any(String) }

/** The cloud scenario for a database instance. */
export function databaseSteps(visit: () => Visitor, keys: Keys, cleanings: Cleaning[]): void {
  const [a, b, c] = keys
  let foreign: readonly object[]

  const call = (method: string, rest: string, body?: unknown) =>
    visit().gaussdb.call(visit().home.token, method, `/v3/${visit().home.projectId}${rest}`, body)
  const instance = () => visit().cloud.instance
  const tagPath = () => `/instances/${instance()}/tags`
  const batch = (action: string, tags: readonly object[]) => call('POST', `${tagPath()}/action`, { action, tags })
  const ownTags = async () => tagsOfRun((await call('GET', tagPath())).body.tags, keys)
  const removal = () =>
    batch(
      'delete',
      keys.map((key) => ({ key })),
    )

  beforeAll(async () => {
    const { status, body } = await call('GET', tagPath())
    expect(status, 'the instance can be read').toBe(200)
    foreign = body.tags
    cleanings.push({ what: `tags of instance ${instance()}`, clean: removal })
  })

  it('a batch adds tags to an instance and overwrites existing values', async () => {
    for (const value of ['v1', 'v2']) {
      const added = await batch('create', [
        { key: a, value },
        { key: b, value: '' },
      ])
      expect([200, 204]).toContain(added.status)
    }
    await settles(
      ownTags,
      expect.arrayContaining([
        { key: a, value: 'v2' },
        { key: b, value: '' },
      ]),
    )
  })

  it('the tags of an instance are counted and paged', async () => {
    const all = await call('GET', `${tagPath()}?offset=0&limit=${PAGE}`)
    expect(all.body).toMatchObject({ total_count: foreign.length + 2, tags: { length: foreign.length + 2 } })
    const page = await call('GET', `${tagPath()}?offset=1&limit=1`)
    expect(page.body).toEqual({ total_count: foreign.length + 2, tags: [all.body.tags[1]] })
  })

  it('the project tags of instances contain the keys, paged until an empty page', async () => {
    const walk = async () => {
      const seen: { key: string; values: string[] }[] = []
      for (let offset = 0; ; offset += PAGE) {
        const { body } = await call('GET', `/tags?offset=${offset}&limit=${PAGE}`)
        if (body.tags.length === 0) return [body.total_count - seen.length, tagsOfRun(seen, keys)]
        seen.push(...body.tags)
      }
    }
    await settles(walk, [
      0,
      expect.arrayContaining([
        { key: a, values: ['v2'] },
        { key: b, values: [''] },
      ]),
    ])
  })

  it('a query by several pairs finds the instance only if all match', async () => {
    for (const [tags, ids] of [
      [`${a}=v2`, [instance()]],
      [`${a}=v1`, []],
      [`${a}=v2,${c}=v1`, []],
    ] as const) {
      const found = async () => {
        const { body } = await call('GET', `/instances?tags=${encodeURIComponent(tags)}`)
        return [body.total_count, body.instances.map(({ id }: { id: string }) => id)]
      }
      await settles(found, [ids.length, ids], tags)
    }
  })

  it('a too large page, a repeated key and a missing value are refused with 400 and a code', async () => {
    const twice = [
      { key: c, value: '1' },
      { key: c, value: '2' },
    ]
    for (const { status, body } of [
      await call('GET', '/tags?limit=101'),
      await batch('create', twice),
      await batch('create', [{ key: c }]),
      await batch('add', [{ key: c, value: '1' }]),
    ]) {
      expect([status, body]).toMatchObject([400, DBS_ERROR])
    }
  })

  it('an instance call without a token is answered with 401 in the format of the gateway', async () => {
    const refused = await visit().gaussdb.call(undefined, 'GET', `/v3/${visit().home.projectId}/tags`)
    expect([refused.status, refused.body]).toMatchObject([401, { error_code: expect.stringMatching(/^APIGW?\.0301$/) }])
  })

  it('deletion by key and value requires both to match, deletion by key ignores the value', async () => {
    const other = await batch('delete', [{ key: a, value: 'other' }])
    expect([200, 204]).toContain(other.status)
    await settles(async () => (await ownTags()).length, 2)
    expect([200, 204]).toContain((await removal()).status)
    await settles(ownTags, [])
    const { tags } = (await call('GET', tagPath())).body
    expect(tags).toHaveLength(foreign.length)
    expect(tags).toEqual(expect.arrayContaining([...foreign]))
  })
}
