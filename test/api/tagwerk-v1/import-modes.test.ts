import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { image, newImageId, tagOf } from '../fixtures.ts'

// POST /tagwerk/v1/import: lines that change only tags, tags that are left out, and the changes of a dry run.

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.stop())

async function send(lines: readonly unknown[], query = '') {
  const body = lines.map((line) => JSON.stringify(line)).join('\n')
  const answer = await service.call('POST', `/tagwerk/v1/import${query}`, { body })
  expect(answer.status).toBe(200)
  return answer.body
}

async function stateOf(id: string) {
  const { text } = await service.call('GET', '/tagwerk/v1/export', {})
  const lines = text.split('\n').filter((line) => line !== '')
  const { resource_name, resource_detail, tags } = lines
    .map((line) => JSON.parse(line))
    .find(({ resource_id }) => resource_id === id)
  return { resource_name, resource_detail, tags }
}

/** Registers an image with a name, a detail and tags. */
async function whole(...tags: string[]) {
  const id = newImageId()
  await send([{ ...image(id, ...tags), resource_name: 'named', resource_detail: { status: 'active', min_disk: 4 } }])
  return { id, line: (value: unknown) => ({ resource_type: 'images', resource_id: id, tags: value }) }
}
const REST = { resource_name: 'named', resource_detail: { status: 'active', min_disk: 4 } }

describe('lines that change only tags', () => {
  it('merge sets the tags of the line and keeps all else', async () => {
    const { id, line } = await whole('a=1', 'b=2')
    expect(await send([line({ b: '3', c: '4' })], '?tags_only=merge')).toMatchObject({ updated: 1, refused: 0 })
    expect(await stateOf(id)).toEqual({ ...REST, tags: ['a=1', 'b=3', 'c=4'].map(tagOf) })
    expect(await send([line([])], '?tags_only=merge')).toMatchObject({ unchanged: 1 })
  })

  it('replace removes other tags and keeps name and detail', async () => {
    const { id, line } = await whole('a=1', 'b=2')
    const report = await send([line({ c: '4', b: '2' })], '?tags_only=replace')
    expect(report).toMatchObject({ updated: 1, emptied: { names: 0, details: 0, tags: 1 } })
    expect(await stateOf(id)).toEqual({ ...REST, tags: ['b=2', 'c=4'].map(tagOf) })
    expect(await send([line({ c: '4', b: '2' })], '?tags_only=replace')).toMatchObject({ unchanged: 1 })
    await send([line([])], '?tags_only=replace')
    expect(await stateOf(id)).toEqual({ ...REST, tags: [] })
  })

  it('name and detail of the line are not applied, so that an export can be edited and sent back', async () => {
    const { id, line } = await whole('a=1')
    await send([{ ...line({ a: '2' }), resource_name: 'other', resource_detail: {} }], '?tags_only=merge')
    expect(await stateOf(id)).toEqual({ ...REST, tags: [tagOf('a=2')] })
  })

  it.each(['merge', 'replace'])('%s refuses a resource that does not exist, and a line without tags', async (mode) => {
    const { line } = await whole('a=1')
    const report = await send([image('absent', 'a=1'), line(null)], `?tags_only=${mode}`)
    expect(report).toMatchObject({
      ...{ created: 0, updated: 0, refused: 2 },
      refusals: [
        { line: 1, field: 'resource_id', message: expect.stringContaining('a resource that exists') },
        { line: 2, field: 'tags', rule: 'required' },
      ],
    })
  })
})

describe('what a replaced resource loses', () => {
  it('the report counts names, details and tags that went away', async () => {
    const [first, second] = [await whole('a=1', 'b=2'), await whole('a=1')]
    const report = await send([first.line([tagOf('b=2')]), { ...second.line([]), resource_name: 'kept' }])
    expect(report).toMatchObject({ updated: 2, emptied: { names: 1, details: 2, tags: 2 } })
  })
})

describe('tags that break a rule', () => {
  it('are left out with bad_tags=drop and listed, and the rest of the line is applied', async () => {
    const id = newImageId()
    const tags = [tagOf('a=1'), tagOf('b=not allowed!'), tagOf('a=2'), tagOf('k/x=1'), { key: 'none' }, tagOf('c=3')]
    const report = await send([image(newImageId()), { ...image(id), tags }], '?bad_tags=drop')
    expect(report).toMatchObject({
      ...{ created: 2, refused: 0, dropped_tags: 4 },
      dropped: [
        { line: 2, key: 'b', value: 'not allowed!', rule: 'characters' },
        { line: 2, key: 'a', value: '2', rule: 'unique' },
        { line: 2, key: 'k/x', rule: 'characters' },
        { line: 2, key: 'none', rule: 'required' },
      ],
    })
    expect((await stateOf(id)).tags).toEqual(['a=1', 'c=3'].map(tagOf))
    expect(await send([{ ...image(id), tags }])).toMatchObject({ refused: 1, dropped_tags: 0 })
  })

  it('those beyond the limit on tags are left out too', async () => {
    const id = newImageId()
    const tags = Array.from({ length: 12 }, (_, i) => tagOf(`k${i}=v`))
    const report = await send([{ ...image(id), tags }], '?bad_tags=drop')
    expect(report).toMatchObject({ created: 1, dropped_tags: 2, dropped: [{ key: 'k10' }, { key: 'k11' }] })
    expect((await stateOf(id)).tags).toHaveLength(10)
  })
})

describe('the changes of a dry run', () => {
  it('name each resource, its tags, its name and the members of its detail', async () => {
    const [changed, same, fresh] = [await whole('a=1', 'b=2'), await whole(), newImageId()]
    const report = await send(
      [
        { ...changed.line({ b: '3', c: '4' }), resource_name: 'new', resource_detail: { min_disk: 5 } },
        { ...same.line([]), ...REST },
        image(fresh, 'x=1'),
      ],
      '?dry_run=true&changes_limit=10',
    )
    expect(report).toMatchObject({ created: 1, updated: 1, unchanged: 1, changes_total: 2 })
    expect(report.changes).toEqual([
      {
        ...{ line: 1, effect: 'updated', resource_type: 'images', resource_id: changed.id },
        name: { before: 'named', after: 'new' },
        detail_members: ['min_disk'],
        tags_added: [tagOf('c=4')],
        tags_changed: [{ key: 'b', before: '2', after: '3' }],
        tags_removed: [tagOf('a=1')],
      },
      {
        ...{ line: 3, effect: 'created', resource_type: 'images', resource_id: fresh },
        name: { before: '', after: image(fresh).resource_name },
        ...{ tags_added: [tagOf('x=1')], tags_changed: [], tags_removed: [] },
      },
    ])
    expect((await stateOf(changed.id)).tags).toEqual(['a=1', 'b=2'].map(tagOf))
  })

  it('are listed page by page', async () => {
    const lines = Array.from({ length: 1200 }, (_, i) => image(`page-${i}`))
    const page = async (query: string) => {
      const { changes, changes_total } = await send(lines, `?dry_run=true&${query}`)
      return [changes_total, changes.map(({ line }: { line: number }) => line)]
    }
    expect(await page('changes_limit=2&changes_offset=1100')).toEqual([1200, [1101, 1102]])
    expect(await page('changes_limit=10&changes_offset=1199')).toEqual([1200, [1200]])
    expect(await page('')).toEqual([1200, []])
  })
})

it.each([
  ['tags_only=add', 'tags_only'],
  ['bad_tags=ignore', 'bad_tags'],
  ['changes_limit=5', 'changes_limit: must be 0 without dry_run'],
  ['dry_run=true&changes_limit=1001', 'changes_limit'],
])('the parameters %s are refused before a line is read', async (query, words) => {
  const id = newImageId()
  const answer = await service.call('POST', `/tagwerk/v1/import?${query}`, { body: JSON.stringify(image(id)) })
  expect({ status: answer.status, body: answer.body }).toEqual(tagwerkError(400, 'request-invalid', words))
  expect((await service.call('GET', `/v2/${service.project}/images/${id}/tags`)).status).toBe(404)
})
