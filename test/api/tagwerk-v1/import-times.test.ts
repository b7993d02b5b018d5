import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseTime } from '../../../src/api/time-text.ts'
import { startTestService, type TestService } from '../../support/service.ts'
import { image, instance, newImageId, newInstanceId } from '../fixtures.ts'

// Times of creation in imports and exports (contract 10.2, 10.4).

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.stop())

async function exportOf(from: TestService): Promise<string> {
  return (await from.call('GET', '/tagwerk/v1/export')).text
}

async function imageCreated(id: string): Promise<string> {
  return (await service.call('GET', `/v2/images/${id}`)).body.created_at
}

async function instanceCreated(id: string): Promise<string> {
  return (await service.call('GET', `/v3/${service.project}/instances/${id}`)).body.instance.created
}

describe('parseTime', () => {
  const ms = Date.UTC(2018, 8, 6, 14, 3, 27)
  it.each([
    ['2018-09-06T14:03:27Z', ms],
    ['2018-09-06T14:03:27.5Z', ms + 500],
    ['2018-09-06T14:03:27.123456789Z', ms + 123],
    ['2018-09-06T14:03:27.000000Z', ms],
    ['2018-09-06T14:03:27+0000', ms],
    ['2018-09-06T22:03:27+08:00', ms],
    ['2018-09-06T08:33:27.250-0530', ms + 250],
    ['2018-09-06T14:03:27', ms],
    ['2018-09-06 14:03:27', ms],
    ['1969-12-31T23:59:59.750Z', -250],
  ])('reads %s', (text, expected) => {
    expect(parseTime(text)).toBe(expected)
  })

  it.each([
    ...['', 'yesterday', '2018-09-06', '1536242607', '2018-13-01T00:00:00Z', '2018-02-30T00:00:00Z'],
    ...['2018-09-06T24:00:00Z', '2018-09-06T14:60:00Z', '2018-09-06T14:03Z', '2018-09-06T14:03:27+24:00'],
    ...['2018-09-06T14:03:27.Z', '2018-09-06T14:03:27 UTC', ' 2018-09-06T14:03:27Z'],
  ])('does not read %j', (text) => {
    expect(parseTime(text)).toBeUndefined()
  })
})

describe('an import', () => {
  it('takes the time of creation of a line before that of its detail', async () => {
    const [own, ofDetail] = [newImageId(), newImageId()]
    await service.register(
      {
        ...image(own),
        created_at: '2018-09-06T14:03:27.250Z',
        resource_detail: { created_at: '2001-01-01T00:00:00Z' },
      },
      { ...image(ofDetail), resource_detail: { created_at: '2001-01-01T08:00:00+08:00' } },
    )
    expect(await imageCreated(own)).toBe('2018-09-06T14:03:27Z')
    expect(await imageCreated(ofDetail)).toBe('2001-01-01T00:00:00Z')
  })

  it('takes the times of a database instance in the form in which the database API prints them', async () => {
    const id = newInstanceId()
    await service.register({ ...instance(id), resource_detail: { created: '2022-07-14T08:26:58+0000' } })
    expect(await instanceCreated(id)).toBe('2022-07-14T08:26:58+0000')
  })

  it.each([
    ['created_at', { created_at: 'yesterday' }],
    ['created_at', { created_at: 1_536_242_607 }],
    ['updated_at', { updated_at: '2018-02-30T00:00:00Z' }],
    ['resource_detail.created_at', { resource_detail: { created_at: '06.09.2018' } }],
    ['resource_detail.updated_at', { resource_detail: { updated_at: 5 } }],
  ])('refuses a line whose %s cannot be read: %j', async (field, members) => {
    const id = newImageId()
    const { body } = await service.register({ ...image(id), ...members })
    expect(body).toMatchObject({ created: 0, refused: 1, refusals: [{ field, rule: 'well-formed' }] })
    expect(body.refusals[0].message).toContain('a time such as 2018-09-06T14:03:27Z')
    expect((await service.call('GET', `/v2/images/${id}`)).status).toBe(404)
  })

  it('refuses an instance whose times cannot be read', async () => {
    for (const name of ['created', 'updated', 'created_at', 'updated_at']) {
      const { body } = await service.register({ ...instance(newInstanceId()), resource_detail: { [name]: 'now' } })
      expect(body.refusals).toMatchObject([{ field: `resource_detail.${name}`, rule: 'well-formed' }])
    }
  })

  it('leaves the time of creation of a resource that exists', async () => {
    const id = newImageId()
    await service.register({ ...image(id), created_at: '2018-09-06T14:03:27Z' })
    const again = await service.register({ ...image(id), created_at: '2020-01-01T00:00:00Z', resource_name: 'other' })
    expect(again.body).toMatchObject({ updated: 1 })
    expect(await imageCreated(id)).toBe('2018-09-06T14:03:27Z')
  })
})

it('an export that is imported into another service keeps every time of creation and the order', async () => {
  let nowMs = Date.UTC(2019, 0, 1)
  const source = await startTestService({ internals: { clock: () => nowMs } })
  const copy = await startTestService()
  try {
    for (let i = 0; i < 5; i++) {
      nowMs += 1234
      await source.call('POST', '/v2/images', { body: { name: `image ${i}` } })
    }
    await source.register(instance(newInstanceId()))
    const lines = await exportOf(source)
    expect(lines).toContain('"created_at":"2019-01-01T00:00:01.234Z"')
    const imported = await copy.call('POST', '/tagwerk/v1/import', { body: lines })
    expect(imported.body).toMatchObject({ created: 6, refused: 0 })
    const withoutUpdate = (text: string) => text.replace(/"updated_at":"[^"]*",/g, '')
    expect(withoutUpdate(await exportOf(copy))).toBe(withoutUpdate(lines))
  } finally {
    await source.stop()
    await copy.stop()
  }
})

it('the time of the last change is that of the import, and a line that changes nothing leaves it', async () => {
  let nowMs = Date.UTC(2019, 0, 1)
  const dated = await startTestService({ internals: { clock: () => nowMs } })
  try {
    const line = { ...image(newImageId()), project: 'default', updated_at: '2018-09-06T14:03:27Z' }
    await dated.register(line)
    expect(await exportOf(dated)).toContain('"updated_at":"2019-01-01T00:00:00.000Z"')
    nowMs += 1000
    expect((await dated.register(line)).body).toMatchObject({ unchanged: 1 })
    expect(await exportOf(dated)).toContain('"updated_at":"2019-01-01T00:00:00.000Z"')
  } finally {
    await dated.stop()
  }
})
