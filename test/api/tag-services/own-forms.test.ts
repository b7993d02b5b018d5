import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SdkClient } from './sdk-client.ts'

// Services whose calls have forms of their own (contract 12.5), as the SDK's client sends them.

let sdk: SdkClient
beforeAll(async () => {
  sdk = await SdkClient.start()
  const line = (resource_type: string, resource_id: string) => ({
    resource_type,
    resource_id,
    resource_name: '',
    tags: [],
  })
  await sdk.service.register(line('cdn', 'c1'), line('iam-user', 'u1'), line('iotda', 'd1'), line('iotda', 'd2'))
})
afterAll(() => sdk.service.stop())

const global = { base: '/v5' }
const regional = { base: '{project_id}' }

describe('CDN', () => {
  const path = '/v1.0/cdn/configuration/tags'

  it('takes the id of the domain name in query and body', async () => {
    const tags = [
      { key: 'a', value: '1' },
      { key: 'b', value: '' },
    ]
    const created = await sdk.send(global, 'POST', path, { resource_id: 'c1', tags })
    expect(created.status).toBe(204)
    expect((await sdk.send(global, 'GET', `${path}?resource_id=c1`)).body.tags).toEqual(tags)
    expect(
      (await sdk.send(global, 'POST', `${path}/batch-delete`, { resource_id: 'c1', tags: ['a', 'none'] })).status,
    ).toBe(204)
    expect((await sdk.send(global, 'GET', `${path}?resource_id=c1`)).body.tags).toEqual([tags[1]])
  })

  it('refuses an unknown domain name, and a call without one', async () => {
    expect((await sdk.send(global, 'GET', `${path}?resource_id=none`)).code).toBe('CDN.4042')
    expect((await sdk.send(global, 'GET', path)).code).toBe('CDN.4003')
    expect((await sdk.send(global, 'POST', path, { tags: [{ key: 'a', value: '1' }] })).code).toBe('CDN.4003')
    expect((await sdk.send(global, 'POST', `${path}/batch-delete`, { resource_id: 'none', tags: ['a'] })).code).toBe(
      'CDN.4042',
    )
  })
})

describe('IAM v5', () => {
  const path = (id: string) => `/v5/user/${id}/tags`

  it('has tag_key and tag_value, and an array of keys to delete', async () => {
    const tags = [
      { tag_key: 'a', tag_value: '1' },
      { tag_key: 'b', tag_value: '2' },
    ]
    const created = await sdk.send(global, 'POST', `${path('u1')}/create`, { tags })
    expect([created.status, created.body.tags]).toEqual([200, tags])
    expect((await sdk.send(global, 'GET', path('u1'))).body.tags).toEqual(tags)
    expect((await sdk.send(global, 'DELETE', `${path('u1')}/delete`, ['a', 'none'])).status).toBe(204)
    expect((await sdk.send(global, 'GET', path('u1'))).body.tags).toEqual([tags[1]])
  })

  it('names the member of the request in an error', async () => {
    const token = await sdk.service.tokenFor(undefined)
    const create = (tags: unknown) => sdk.service.call('POST', `${path('u1')}/create`, { token, body: { tags } })
    const long = await create([{ tag_key: 'k'.repeat(129), tag_value: '' }])
    expect([long.status, long.body.error_code]).toEqual([400, 'IAM.4008'])
    expect(long.body.error_msg).toContain('tags[0].tag_key: must have at most 128 characters')
    expect((await create([{ tag_key: 'k' }])).body.error_msg).toContain('tags[0].tag_value: is required')
    expect((await create([{ key: 'k', value: '' }])).body.error_code).toBe('IAM.4003')
    expect((await sdk.send(global, 'GET', path('none'))).code).toBe('IAM.4042')
    expect((await sdk.send(global, 'DELETE', `${path('none')}/delete`, ['a'])).code).toBe('IAM.4042')
    expect(
      (await sdk.send(global, 'POST', `${path('none')}/create`, { tags: [{ tag_key: 'k', tag_value: '' }] })).code,
    ).toBe('IAM.4042')
  })
})

describe('IoTDA', () => {
  const send = (call: string, body: object) =>
    sdk.send(regional, 'POST', `/v5/iot/${sdk.service.project}/tags/${call}`, body)
  const device = (resource_id: string) => ({ resource_type: 'device', resource_id })

  it('binds tags to a device, finds it, and unbinds them', async () => {
    for (const id of ['d1', 'd2']) {
      const tags = [
        { tag_key: 'all', tag_value: '1' },
        { tag_key: 'id', tag_value: id },
      ]
      expect((await send('bind-resource', { ...device(id), tags })).status).toBe(204)
    }
    const find = async (tags: object[], page = '') => {
      const { body } = await send(`query-resources${page}`, { resource_type: 'device', tags })
      return [body.resources.map((each: { resource_id: string }) => each.resource_id), body.page]
    }
    expect(await find([{ tag_key: 'all', tag_value: '1' }])).toEqual([['d1', 'd2'], { count: 2 }])
    expect(await find([{ tag_key: 'all' }], '?limit=1&offset=1')).toEqual([['d2'], { count: 2 }])
    expect(await find([{ tag_key: 'all' }, { tag_key: 'id', tag_value: 'd2' }])).toEqual([['d2'], { count: 1 }])
    expect((await send('unbind-resource', { ...device('d2'), tag_keys: ['all', 'none'] })).status).toBe(204)
    expect(await find([{ tag_key: 'all' }])).toEqual([['d1'], { count: 1 }])
  })

  it('refuses other types, unknown devices, and pages out of range', async () => {
    const tags = [{ tag_key: 'all', tag_value: '1' }]
    expect((await send('bind-resource', { resource_type: 'x', resource_id: 'd1', tags })).code).toBe('IOTDA.4003')
    expect((await send('bind-resource', { ...device('none'), tags })).code).toBe('IOTDA.4042')
    expect((await send('unbind-resource', { ...device('none'), tag_keys: ['a'] })).code).toBe('IOTDA.4042')
    const query = { resource_type: 'device', tags }
    for (const [page, code] of [
      ['limit=50', undefined],
      ['limit=51', 'IOTDA.4005'],
      ['limit=0', 'IOTDA.4005'],
      ['offset=-1', 'IOTDA.4006'],
      ['marker=x', 'IOTDA.4003'],
    ]) {
      expect([page, (await send(`query-resources?${page}`, query)).code]).toEqual([page, code])
    }
    expect((await send('query-resources', { ...query, tags: [...tags, ...tags] })).code).toBe('IOTDA.4003')
  })
})
