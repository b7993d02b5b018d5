import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hashOf, sign } from '../../../src/iam/signature.ts'
import { makeAccessKey } from '../../support/signing.ts'
import { newInstanceId } from '../fixtures.ts'
import { getFrom } from './get-from.ts'
import { SdkClient } from './sdk-client.ts'

// Paths that several services have: the first label of the Host header names the service (contract 12.2). The SDK's client
// signs the header.

let sdk: SdkClient
const taurusdb = newInstanceId()
const types = { rds: 'r1', dds: 'd1', nosql: 'n1', gaussdbv5: 'g1', dcs: 'c1', swr: 's1', instances: taurusdb }

beforeAll(async () => {
  sdk = await SdkClient.start()
  const lines = Object.entries(types).map(([resource_type, resource_id]) => ({
    ...{ resource_type, resource_id, resource_name: resource_type },
    tags: [{ key: 'type', value: resource_type }],
  }))
  expect((await sdk.service.register(...lines)).body.created).toBe(7)
})
afterAll(() => sdk.service.stop())

const REGIONAL = '/v3/{project_id}'
const at = (host?: string) => ({ base: REGIONAL, ...(host !== undefined && { hosts: [host] }) })

/** The value of the tag `type` of a resource, or the error, for a client of a host. */
async function typeSeen(host: string | undefined, path: string): Promise<unknown> {
  const { status, body, code } = await sdk.send(at(host), 'GET', path)
  return body === undefined ? `${status} ${code}` : body.tags[0]?.value
}

const instance = (id: string) => `/v3/${sdk.service.project}/instances/${id}/tags`

describe('a database', () => {
  it.each([
    ['rds', 'rds', 'r1'],
    ['RDS', 'rds', 'r1'],
    ['dds', 'dds', 'd1'],
    ['gaussdb-nosql', 'nosql', 'n1'],
    ['gaussdbfornosql', 'nosql', 'n1'],
    ['gaussdb-opengauss', 'gaussdbv5', 'g1'],
  ])('is that of the host %s: the type %s', async (host, type, id) => {
    expect(await typeSeen(host, instance(id))).toBe(type)
    for (const other of ['r1', 'd1', 'n1', 'g1'].filter((each) => each !== id)) {
      expect(await typeSeen(host, instance(other))).toBe('404 DBS.4042')
    }
    const inUse = await sdk.send(at(host), 'GET', `/v3/${sdk.service.project}/tags`)
    expect(inUse.body.tags).toEqual([{ key: 'type', values: [type] }])
  })

  it('is one of TaurusDB by its id, whatever the host', async () => {
    for (const host of [undefined, 'rds', 'dds', 'other'])
      expect(await typeSeen(host, instance(taurusdb))).toBe('instances')
    const body = { action: 'create', tags: [{ key: 'by', value: 'rds' }] }
    expect((await sdk.send(at('rds'), 'POST', `${instance(taurusdb)}/action`, body)).status).toBe(200)
    const seen = await sdk.send(at(), 'GET', instance(taurusdb))
    expect(seen.body.tags).toContainEqual({ key: 'by', value: 'rds' })
  })

  it('is one of TaurusDB without a label that names another service', async () => {
    for (const host of [undefined, 'other', 'gaussdb', 'vpc']) {
      expect(await typeSeen(host, instance('r1'))).toBe('400 DBS.280404')
      const inUse = await sdk.send(at(host), 'GET', `/v3/${sdk.service.project}/tags`)
      expect(inUse.body).toMatchObject({ total_count: expect.any(Number) })
    }
  })

  it('is queried by GeminiDB alone, with both spellings', async () => {
    for (const segment of ['resource_instances', 'resource-instances']) {
      const path = `/v3/${sdk.service.project}/instances/${segment}/action`
      const found = await sdk.send(at('gaussdb-nosql'), 'POST', path, { action: 'filter', limit: '10', offset: '0' })
      expect(found.body.resources.map(({ resource_id }: { resource_id: string }) => resource_id)).toEqual(['n1'])
      expect((await sdk.send(at('rds'), 'POST', path, { action: 'count' })).code).toBe('APIGW.0101')
    }
  })
})

describe('an instance of /v2/{project_id}/instances', () => {
  it('is one of DCS, and at the host of SWR one of SWR', async () => {
    const path = (id: string) => `/v2/${sdk.service.project}/instances/${id}/tags`
    expect([await typeSeen(undefined, path('c1')), await typeSeen('swr-api', path('s1'))]).toEqual(['dcs', 'swr'])
    expect([await typeSeen(undefined, path('s1')), await typeSeen('swr', path('c1'))]).toEqual([
      '404 DCS.4042',
      '404 SWR.4042',
    ])
  })
})

it('another path is the same at every host', async () => {
  const image = `/v2/${sdk.service.project}/images/tags`
  for (const host of [undefined, 'rds', 'vpc', 'swr']) {
    expect((await sdk.send(at(host), 'GET', image)).body.tags).toEqual([])
  }
})

it('a signature for one service is refused at the host of another', async () => {
  const { service } = sdk
  const { body } = await service.call('GET', '/v3/auth/tokens', { headers: { 'x-subject-token': service.token } })
  const { access, secret } = await makeAccessKey(service.call, body.token.user.id)
  const date = new Date().toISOString().replace(/\.\d+|[-:]/g, '')
  const signedFor = (host: string) => {
    const headers = { host, 'x-sdk-date': date, 'x-project-id': service.project }
    const request = { method: 'GET', path: instance('r1'), query: '', headers, bodyHash: hashOf(Buffer.from('')) }
    const credentials = { accessKey: access, secretKey: secret }
    return { ...headers, 'x-auth-token': '', authorization: sign(request, credentials, 'access', Object.keys(headers)) }
  }
  const send = (host: string, headers: Record<string, string>) =>
    getFrom(service, host, instance('r1'), { headers: { ...headers, host } })
  expect((await send('rds.eu-de.example', signedFor('rds.eu-de.example'))).status).toBe(200)
  const moved = await send('dds.eu-de.example', signedFor('rds.eu-de.example'))
  expect([moved.status, moved.body.error_code]).toEqual([401, 'APIGW.0301'])
})

it('a method that only the path of another host has is unknown, and Allow names none of its own', async () => {
  const at = await getFrom(sdk.service, '127.0.0.1', instance('g1'), { method: 'DELETE', body: { keys: ['a'] } })
  expect([at.status, at.body.error_code]).toEqual([405, 'APIGW.0101'])
  const there = await getFrom(sdk.service, 'gaussdb-opengauss.x', instance('g1'), {
    method: 'DELETE',
    body: { keys: ['a'] },
  })
  expect(there.status).toBe(200)
})
