import { randomUUID } from 'node:crypto'
import { beforeAll, expect, it } from 'vitest'
import { type Cleaning, type Keys, settles, tagsOfRun, type Visitor } from './cloud-story.ts'

/** The cloud scenario for the tag service: predefined tags, and the tags of the image. */
export function tagServiceSteps(visit: () => Visitor, keys: Keys, cleanings: Cleaning[]): void {
  const [a, b] = keys
  const tags = [
    { key: a, value: 'v1' },
    { key: b, value: 'v1' },
  ]
  const predefined = [...tags, { key: b, value: 'v2' }]

  const call = (method: string, path: string, body?: unknown) =>
    visit().tms.call(visit().domain.token, method, path, body)
  const act = (action: string, some: readonly object[]) =>
    call('POST', '/v1.0/predefine_tags/action', { action, tags: some })
  const change = (verb: string, ids: readonly string[], some: readonly object[]) =>
    call('POST', `/v1.0/resource-tags/batch-${verb}`, {
      project_id: visit().home.projectId,
      resources: ids.map((resource_id) => ({ resource_id, resource_type: 'images' })),
      tags: some,
    })
  const image = () => visit().cloud.image
  const ownTags = async () => {
    const query = new URLSearchParams({ resource_type: 'images', project_id: visit().home.projectId })
    return tagsOfRun((await call('GET', `/v2.0/resources/${image()}/tags?${query}`)).body.tags, keys)
  }
  const removal = () => change('delete', [image()], [{ key: a }, { key: b }])

  beforeAll(() => {
    cleanings.push({ what: 'predefined tags', clean: () => act('delete', predefined) })
    cleanings.push({ what: `tags of image ${image()}`, clean: removal })
  })

  it('predefined tags are stored once per pair', async () => {
    for (let i = 0; i < 2; i++) expect((await act('create', predefined)).status).toBe(204)
    const listed = async (order: string) => {
      const { body } = await call('GET', `/v1.0/predefine_tags?key=${a}&limit=10&order_field=key&order_method=${order}`)
      return [body.total_count, body.tags.map(({ key, value }: { key: string; value: string }) => `${key}=${value}`)]
    }
    const ofB = [expect.stringContaining(`${b}=`), expect.stringContaining(`${b}=`)]
    await settles(() => listed('asc'), [3, [`${a}=v1`, ...ofB]])
    await settles(() => listed('desc'), [3, [...ofB, `${a}=v1`]])
  })

  it('a predefined tag is replaced with 200 or 204, and deletion is idempotent', async () => {
    const body = { old_tag: { key: b, value: 'v2' }, new_tag: { key: b, value: 'v3' } }
    cleanings.push({ what: 'the replaced tag', clean: () => act('delete', [body.new_tag]) })
    expect([200, 204]).toContain((await call('PUT', '/v1.0/predefine_tags', body)).status)
    expect((await call('PUT', '/v1.0/predefine_tags', body)).status).toBe(400)
    for (let i = 0; i < 2; i++) expect((await act('delete', [...predefined, body.new_tag])).status).toBe(204)
    await settles(async () => (await call('GET', `/v1.0/predefine_tags?key=${a}`)).body.total_count, 0)
  })

  it('a batch adds tags to resources and lists the resources that failed', async () => {
    const unknown = randomUUID()
    const added = await change('create', [image(), unknown], tags)
    expect(added.status).toBe(200)
    expect(added.body.failed_resources).toMatchObject([
      { resource_id: unknown, resource_type: 'images', error_code: expect.any(String), error_msg: expect.any(String) },
    ])
    await settles(ownTags, expect.arrayContaining(tags))
  })

  it('a filter finds resources that have every key with one of its values', async () => {
    for (const [values, count] of [
      [[], 1],
      [['v1', 'v2'], 1],
      [['v2'], 0],
    ] as const) {
      const found = async () => {
        const { body } = await call('POST', '/v1.0/resource-instances/filter', {
          project_id: visit().home.projectId,
          resource_types: ['images'],
          offset: 0,
          limit: 10,
          tags: [
            { key: a, values },
            { key: b, values: [] },
          ],
        })
        return [body.total_count, body.resources.map((each: { resource_id: string }) => each.resource_id)]
      }
      await settles(found, [count, count === 1 ? [image()] : []])
    }
  })

  it('the values of a key in use are listed', async () => {
    await settles(async () => (await call('GET', `/v1.0/tag-values?key=${a}`)).body.values, ['v1'])
  })

  it('a batch removes tags from resources', async () => {
    const removed = await removal()
    expect([removed.status, removed.body]).toEqual([200, { failed_resources: [] }])
    await settles(ownTags, [])
  })

  it('an unknown action is refused with 400 and a code', async () => {
    const refused = await act('Create', tags)
    expect([refused.status, refused.body]).toMatchObject([400, { error_code: expect.stringMatching(/^TMS\.\d{4}$/) }])
  })
}
