import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Login } from './client.ts'
import { type AccessKey, signed } from './signer.ts'
import { type Person, type Place, Stage } from './stage.ts'

// Requests signed with an access key instead of a token; the suite computes the signatures itself. The steps depend on
// their order.

const JSON_TYPE = { 'Content-Type': 'application/json' }

let stage: Stage
let home: Place
let other: Place
let image: string
let person: Person
/** The user's token, for managing the key. */
let login: Login
let key: AccessKey

beforeAll(async () => {
  stage = await Stage.open()
  home = await stage.project('home')
  other = await stage.project('other')
  image = (await stage.client.call(home.token, 'POST', '/v2/images', { name: 'acceptance', tags: ['k=v'] })).body.id
  person = await stage.person('signer')
  const { body } = await stage.admin('GET', '/v3/roles')
  const { id } = body.roles.find(({ name }: { name: string }) => name === 'te_admin')
  await stage.admin('PUT', `/v3/projects/${home.projectId}/users/${person.id}/roles/${id}`)
  login = await stage.client.as(person.name, person.password).logIn(home.name)
})

afterAll(() => stage?.close())

const tagPath = () => `/v2/${home.projectId}/images/${image}/tags`
const asPerson = (method: string, path: string, body?: unknown) => stage.client.call(login.token, method, path, body)

describe('an access key', () => {
  const send = (method: string, path: string, body?: unknown, by: AccessKey = key, headers = {}, now = new Date()) => {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const all = { ...JSON_TYPE, ...headers }
    const url = new URL(stage.target.url + path)
    return stage.client.call(undefined, method, path, text, signed(by, method, url, text, all, now))
  }
  const inHome = () => ({ 'X-Project-Id': home.projectId })
  const keyPath = () => `/v3.0/OS-CREDENTIAL/credentials/${key.access}`

  it('the signer reproduces the example signature of the vendor', () => {
    const published = { access: 'QTWAOYTTINDUT2QVKYUC', secret: 'MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc' }
    const url = new URL(
      'https://service.region.example.com/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs' +
        '?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0',
    )
    const { Authorization } = signed(published, 'GET', url, '', JSON_TYPE, new Date('2019-11-15T03:36:55Z'))
    expect(Authorization).toBe(
      'SDK-HMAC-SHA256 Access=QTWAOYTTINDUT2QVKYUC, SignedHeaders=content-type;host;x-sdk-date, ' +
        'Signature=7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe',
    )
  })

  it('a user creates an access key, and the secret is shown only once', async () => {
    const credential = { user_id: person.id, description: 'for one run' }
    const made = await asPerson('POST', '/v3.0/OS-CREDENTIAL/credentials', { credential })
    const { access, secret, ...rest } = made.body.credential
    expect([made.status, rest]).toEqual([
      201,
      { ...credential, status: 'active', create_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{6}Z$/) },
    ])
    key = { access, secret }
    expect((await asPerson('GET', keyPath())).body).toEqual({ credential: { access, ...rest } })
  })

  it('a signed request finds its project by name, like the first call of SDKs', async () => {
    const found = await send('GET', `/v3/projects?name=${home.name}`)
    expect(found.body.projects.map(({ id }: { id: string }) => id)).toEqual([home.projectId])
  })

  it('signed requests with bodies, queries and non-ASCII letters write and read tags', async () => {
    const added = await send('POST', tagPath(), { tag: { key: '签名', value: 'v.1' } }, key, inHome())
    expect([added.status, added.body]).toEqual([204, ''])
    expect((await send('GET', tagPath())).body.tags).toContainEqual({ key: '签名', value: 'v.1' })
    const listed = await send('GET', '/v2/images?tag=%E7%AD%BE%E5%90%8D%3Dv.1&limit=1', undefined, key, inHome())
    expect(listed.body.images).toMatchObject([{ id: image, tags: ['k=v', '签名=v.1'] }])
    const removed = await send('DELETE', `${tagPath()}/${encodeURIComponent('签名')}`, undefined, key, inHome())
    expect(removed.status).toBe(204)
    expect((await send('GET', `/v3/${home.projectId}/tags?offset=0&limit=2`)).body).toEqual({
      total_count: 0,
      tags: [],
    })
  })

  it('an access key gives no access to other projects', async () => {
    const refused = await send('GET', `/v3/${other.projectId}/tags`)
    expect([refused.status, refused.body.error_code]).toEqual([403, 'DBS.200044'])
  })

  it('an unknown access key is answered with 401 APIGW.0301', async () => {
    const refused = await send('GET', tagPath(), undefined, { access: 'NOSUCHKEY', secret: key.secret })
    expect([refused.status, refused.body]).toEqual([
      401,
      {
        error_msg: 'Incorrect IAM authentication information: ak NOSUCHKEY not exist',
        error_code: 'APIGW.0301',
        request_id: refused.headers.get('x-request-id'),
      },
    ])
  })

  it('a wrong secret, body or time in the signature is answered with 401 APIGW.0301', async () => {
    const forged = await send('GET', tagPath(), undefined, { ...key, secret: `${key.secret}x` })
    expect([forged.status, forged.body.error_code]).toEqual([401, 'APIGW.0301'])
    expect(forged.body.error_msg).toMatch(
      new RegExp(
        `verify aksk signature fail, ?canonicalRequest:GET\\|${tagPath()}/\\|\\|content-type:application/json\\|`,
      ),
    )
    const url = new URL(stage.target.url + tagPath())
    const over = signed(key, 'POST', url, '{"tag":{"key":"k","value":"a"}}', JSON_TYPE)
    const swapped = await stage.client.call(undefined, 'POST', tagPath(), { tag: { key: 'k', value: 'b' } }, over)
    expect([swapped.status, swapped.body.error_code]).toEqual([401, 'APIGW.0301'])
    expect((await send('GET', tagPath())).body).toEqual({ tags: [{ key: 'k', value: 'v' }] })
    const late = await send('GET', tagPath(), undefined, key, {}, new Date(Date.now() - 16 * 60_000))
    expect([late.status, late.body.error_msg]).toEqual([
      401,
      'Incorrect IAM authentication information: calc ak sk signature fail:signature expired',
    ])
  })

  it('an inactive or deleted access key is answered like an unknown one', async () => {
    for (const [status, expected] of [
      ['inactive', 401],
      ['active', 200],
    ] as const) {
      expect((await asPerson('PUT', keyPath(), { credential: { status } })).status).toBe(200)
      expect((await send('GET', tagPath())).status).toBe(expected)
    }
    expect((await asPerson('DELETE', keyPath())).status).toBe(204)
    const gone = await send('GET', tagPath())
    expect([gone.status, gone.body.error_msg]).toEqual([401, expect.stringContaining(`ak ${key.access} not exist`)])
  })
})
