import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { image, instance, newImageId, tagOf } from '../fixtures.ts'

// POST /tagwerk/v1/import: lines of one body that have the same resource.

let service: TestService
let domainToken: string
beforeAll(async () => {
  service = await startTestService()
  domainToken = await service.tokenFor(undefined)
})
afterAll(() => service.stop())

const lines = (...values: unknown[]) => values.map((value) => JSON.stringify(value)).join('\n')

async function send(body: string, query = '', token = service.token) {
  const answer = await service.call('POST', `/tagwerk/v1/import${query}`, { body, token })
  expect(answer.status).toBe(200)
  return answer.body
}

async function tagsOf(id: string) {
  return (await service.call('GET', `/v2/${service.project}/images/${id}/tags`)).body.tags as unknown
}

describe('a resource that occurs twice in one import', () => {
  it('a line with other data is refused with the number of the earlier line, which stays', async () => {
    const id = newImageId()
    const report = await send(lines(image(newImageId()), image(id, 'a=1'), image(newImageId()), image(id, 'a=2')))
    expect(report).toEqual({
      ...{ dry_run: false, created: 3, updated: 0, unchanged: 0, refused: 1, repeated: 0, repeats: [] },
      ...{ dropped_tags: 0, dropped: [], emptied: { names: 0, details: 0, tags: 0 } },
      refusals: [
        {
          line: 4,
          field: 'resource_id',
          rule: 'unique',
          message: `resource_id: must not occur twice: line 2 has other data for it, and last_wins=true lets the last line count (got "${id}").`,
        },
      ],
      projects_created: [],
    })
    expect(await tagsOf(id)).toEqual([tagOf('a=1')])
  })

  it('a line with equal data is reported and changes nothing, however it is written', async () => {
    const { resource_type, resource_id, tags } = image(newImageId(), 'a=1')
    const first = { resource_type, resource_id, tags }
    const report = await send(lines(first, { tags, resource_id, resource_type, resource_name: '' }))
    expect(report).toMatchObject({ created: 1, unchanged: 1, refused: 0, repeated: 1 })
    expect(report.repeats).toEqual([{ line: 2, earlier_line: 1, equal: true }])
  })

  it('with last_wins each line replaces the earlier one and is reported', async () => {
    const id = newImageId()
    const body = lines(image(id, 'a=1'), image(id, 'a=2'), image(id, 'a=2'), image(id, 'a=1'))
    const report = await send(body, '?last_wins=true')
    expect(report).toMatchObject({ created: 1, updated: 2, unchanged: 1, refused: 0, repeated: 3 })
    expect(report.repeats).toEqual([
      { line: 2, earlier_line: 1, equal: false },
      { line: 3, earlier_line: 2, equal: true },
      { line: 4, earlier_line: 3, equal: false },
    ])
    expect(await tagsOf(id)).toEqual([tagOf('a=1')])
  })

  it('each refused line is compared with the line that was applied', async () => {
    const id = newImageId()
    const report = await send(lines(image(id, 'a=1'), image(id, 'a=2'), image(id, 'a=1'), image(id, 'a=2')))
    expect(report).toMatchObject({ created: 1, unchanged: 1, refused: 2, repeated: 1 })
    expect(report.repeats).toEqual([{ line: 3, earlier_line: 1, equal: true }])
  })

  it('an invalid line is no occurrence of its resource', async () => {
    const id = newImageId()
    const report = await send(lines(image(id, 'a@b=1'), image(id, 'a=2')))
    expect(report).toMatchObject({ created: 1, refused: 1, repeated: 0 })
  })

  it('one id of two types or in two projects names two resources', async () => {
    const id = newImageId().replaceAll('-', '')
    const body = lines(
      { ...image(id), project: 'default' },
      { ...instance(id), project: 'default' },
      { ...image(id, 'a=1'), project: 'repeats-other' },
    )
    expect(await send(body, '', domainToken)).toMatchObject({ created: 3, refused: 0, repeated: 0 })
  })

  it('a project by its name and by its id is one project', async () => {
    const id = newImageId()
    const body = lines({ ...image(id), project: 'default' }, { ...image(id, 'a=1'), project: service.project })
    expect(await send(body, '', domainToken)).toMatchObject({ created: 1, refused: 1 })
  })

  it('a dry run finds repeated resources also in a project that does not exist', async () => {
    const one = { ...image(newImageId()), project: 'only-tried' }
    const report = await send(lines(one, { ...one, resource_name: 'x' }), '?dry_run=true', domainToken)
    expect(report).toMatchObject({ created: 1, refused: 1 })
  })

  it('lines far apart are compared, and numbers count from first_line', async () => {
    const id = newImageId()
    const between = Array.from({ length: 1200 }, () => image(newImageId()))
    const report = await send(lines(image(id, 'a=1'), ...between, image(id, 'a=2')), '?first_line=101')
    expect(report).toMatchObject({ created: 1201, refused: 1 })
    expect(report.refusals[0]).toMatchObject({
      line: 1302,
      message: expect.stringContaining('line 101 has other data'),
    })
  })
})
