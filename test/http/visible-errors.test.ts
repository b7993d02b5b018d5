import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { image, newImageId, newInstanceId } from '../api/fixtures.ts'
import { startTestService, type TestService } from '../support/service.ts'

// Characters that nobody sees are shown in the messages of every family.

let service: TestService
let domainToken: string
beforeAll(async () => {
  service = await startTestService()
  domainToken = await service.tokenFor(undefined)
})
afterAll(() => service.stop())

const OVERRIDE = '\u202e'
const HIDDEN = `env${OVERRIDE}x`

/** A request of each family that is refused for a text with an invisible character. */
const REQUESTS: readonly (readonly [
  family: string,
  call: () => { method: string; path: string; body: unknown; token?: string },
])[] = [
  [
    'ims-v2',
    () => ({
      ...{ method: 'POST', path: `/v2/${service.project}/images/${newImageId()}/tags` },
      body: { tag: { key: HIDDEN, value: 'v' } },
    }),
  ],
  [
    'taurusdb-v3',
    () => ({
      ...{ method: 'POST', path: `/v3/${service.project}/instances/${newInstanceId()}/tags/action` },
      body: { action: 'create', tags: [{ key: HIDDEN, value: 'v' }] },
    }),
  ],
  [
    'tms-v1',
    () => ({
      ...{ method: 'POST', path: '/v1.0/predefine_tags/action', token: domainToken },
      body: { action: 'create', tags: [{ key: HIDDEN, value: 'v' }] },
    }),
  ],
  [
    'iam-v3',
    () => ({ method: 'POST', path: '/v3/projects', token: domainToken, body: { project: { name: 1, [HIDDEN]: 1 } } }),
  ],
  ['tagwerk-v1', () => ({ method: 'PUT', path: '/tagwerk/v1/faults', token: domainToken, body: { [HIDDEN]: 1 } })],
]

describe('a message about text that is not seen', () => {
  it.each(REQUESTS)('the family %s answers without any invisible character', async (_family, call) => {
    const { method, path, ...options } = call()
    const { status, text } = await service.call(method, path, options)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(text).not.toContain(OVERRIDE)
  })

  it.each(REQUESTS.slice(0, 3))('the family %s names the character and its place in a tag', async (_family, call) => {
    const { method, path, ...options } = call()
    const { text } = await service.call(method, path, options)
    const message = JSON.stringify('has "\\u202e" at character 4 (got "env\\u202ex")').slice(1, -1)
    expect(text).toContain(message)
  })

  it('an import names the character and its place, and a key of nothing else is blank', async () => {
    const lines = [
      image('a', `${HIDDEN}=v`),
      image('b', 'k=pr\u00a0od'),
      image('c', '\u200b\u200b=v'),
      image('d\u200b'),
    ]
    const body = lines.map((line) => JSON.stringify(line)).join('\n')
    const { refusals } = (await service.call('POST', '/tagwerk/v1/import', { body })).body
    expect(refusals.map(({ message }: { message: string }) => message)).toEqual([
      expect.stringMatching(/^tags\[0\]\.key: may only hold .*; has "\\u202e" at character 4 \(got "env\\u202ex"\)\.$/),
      expect.stringMatching(
        /^tags\[0\]\.value: may only hold .*; has "\\u00a0" at character 3 \(got "pr\\u00a0od"\)\.$/,
      ),
      'tags[0].key: must not be empty or blank (got "\\u200b\\u200b").',
      expect.stringMatching(/^resource_id: may only hold .*; has "\\u200b" at character 2 \(got "d\\u200b"\)\.$/),
    ])
  })

  it('under the profile lenient a key of invisible characters only is blank as well', async () => {
    const lenient = await startTestService({ flags: { profile: 'lenient' } })
    const body = JSON.stringify(image('a', '\u200b\u3164=v'))
    const { refusals } = (await lenient.call('POST', '/tagwerk/v1/import', { body })).body
    expect(refusals[0]?.message).toBe('tags[0].key: must not be empty or blank (got "\\u200b\\u3164").')
    await lenient.stop()
  })

  it('a call with a password names no character of a refused text', async () => {
    const user = { name: 'admin', domain: { name: 'default' }, password: 'secret\0' }
    const body = { auth: { identity: { methods: ['password'], password: { user } } } }
    const answer = await service.call('POST', '/v3/auth/tokens', { body, token: null })
    expect(answer.status).toBe(400)
    expect(answer.body.error.message).toMatch(
      /auth\.identity\.password\.user\.password: may only hold [^;]* NUL \(U\+0000\)\.$/,
    )
  })
})
