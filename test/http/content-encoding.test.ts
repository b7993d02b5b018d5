import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { image, newImageId } from '../api/fixtures.ts'
import { startTestService, type TestService } from '../support/service.ts'

// Packed request bodies (contract 1, 10.3), and members given twice (D36), in every family.

let service: TestService
let domainToken: string
beforeAll(async () => {
  service = await startTestService()
  domainToken = await service.tokenFor(undefined)
})
afterAll(() => service.stop())

async function send(method: string, path: string, body: Uint8Array | string, encoding?: string, token = service.token) {
  const headers: Record<string, string> = { 'content-type': 'application/json', 'x-auth-token': token }
  if (encoding !== undefined) headers['content-encoding'] = encoding
  const response = await fetch(service.url + path, { method, headers, body: new Uint8Array(Buffer.from(body)) })
  const text = await response.text()
  return { status: response.status, accepted: response.headers.get('accept-encoding'), text }
}

const FAMILIES = [
  ['images', 'POST', '/v2/{p}/images/resource_instances/action', 'IMG.0001'],
  ['databases', 'POST', '/v3/{p}/instances/x/tags/action', 'DBS.200001'],
  ['TMS', 'POST', '/v1.0/predefine_tags/action', 'TMS.0002'],
  ['IAM', 'POST', '/v3/users', '"code":400'],
  ['Tagwerk itself', 'PUT', '/tagwerk/v1/faults', 'body-malformed'],
] as const

describe('in every family', () => {
  it.each(FAMILIES)('a packed JSON body is 415 and names what is accepted: %s', async (_, method, path) => {
    const url = path.replace('{p}', service.project)
    const token = path.includes('{p}') ? service.token : domainToken
    for (const encoding of ['gzip', 'br', 'nonsense', 'gzip, gzip']) {
      const answer = await send(method, url, gzipSync('{}'), encoding, token)
      expect([answer.status, answer.accepted]).toEqual([415, 'identity'])
      expect(answer.text).toContain('Content-Encoding')
    }
    for (const encoding of ['identity', 'IDENTITY', '']) {
      expect((await send(method, url, '{', encoding, token)).status).toBe(400)
    }
  })

  it.each(FAMILIES)('JSON with a member twice in one object is 400: %s', async (_, method, path, code) => {
    const url = path.replace('{p}', service.project)
    const token = path.includes('{p}') ? service.token : domainToken
    const answer = await send(method, url, '{"action":"filter","x":{"a":1,"a":1}}', undefined, token)
    expect(answer.status).toBe(400)
    expect(answer.text).toContain(code)
    expect(answer.text).toContain('x.a: must not occur twice')
  })
})

describe('an import', () => {
  const PATH = '/tagwerk/v1/import'
  const line = () => JSON.stringify(image(newImageId()))

  it('takes a body that is packed with gzip, in one or several members', async () => {
    const body = Buffer.concat([gzipSync(`${line()}\n`), gzipSync(line())])
    for (const encoding of ['gzip', 'GZIP', 'x-gzip']) {
      const answer = await send('POST', PATH, body, encoding)
      expect([answer.status, JSON.parse(answer.text).refused]).toEqual([200, 0])
    }
    expect(JSON.parse((await send('POST', PATH, body, 'gzip')).text)).toMatchObject({ unchanged: 2 })
  })

  it('limits a line by its unpacked bytes, however small it is packed', async () => {
    const body = gzipSync(Buffer.concat([Buffer.alloc(50_000_000, 'x'), Buffer.from(`\n${line()}`)]))
    expect(body.length).toBeLessThan(100_000)
    const answer = JSON.parse((await send('POST', PATH, body, 'gzip')).text)
    expect(answer).toMatchObject({ created: 1, refused: 1, refusals: [{ line: 1, rule: 'bytes-max' }] })
  })

  it('refuses a body that is not gzip or ends early', async () => {
    const packed = gzipSync(`${line()}\n`)
    for (const body of [line(), packed.subarray(0, packed.length - 4), Buffer.concat([packed, Buffer.from('rest')])]) {
      const answer = await send('POST', PATH, body, 'gzip')
      expect(answer).toMatchObject({ status: 400, text: expect.stringContaining('gzip, as Content-Encoding says') })
    }
  })

  it('answers 415 to other encodings and names gzip', async () => {
    const answer = await send('POST', PATH, line(), 'deflate')
    expect([answer.status, answer.accepted]).toEqual([415, 'identity, gzip'])
  })

  it('refuses a line with a member twice', async () => {
    const answer = await send('POST', PATH, `${line().slice(0, -1)},"resource_name":"x"}`)
    expect(JSON.parse(answer.text).refusals).toMatchObject([{ line: 1, field: 'resource_name', rule: 'unique' }])
  })
})
