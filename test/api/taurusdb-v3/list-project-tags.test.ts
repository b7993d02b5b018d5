import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { dbsError, dbsErrorInChinese, ROUTE_NOT_FOUND, TOKEN_MISSING, TOKEN_UNREADABLE } from '../expected.ts'
import { image, instance, newImageId, newInstanceId, projectNamed, targetOf, texts } from '../fixtures.ts'
import { runScenarios, type Scenario, type Target } from '../scenarios.ts'
import { BAD_LIMITS, BAD_OFFSETS, WHOLE_NUMBERS } from './page-cases.ts'

// G1: GET /v3/{project_id}/tags (S2; contract 3.1, 3.2, 3.4; D9, D14, D15, D19).

const PATH = '/v3/{project}/tags'

let service: TestService
let target: Target

beforeAll(async () => {
  service = await startTestService()
  await service.register(
    instance(newInstanceId(), 'key2=value4', 'key1=value2'),
    instance(newInstanceId(), 'key1=value1', 'key2=value3', 'empty='),
    instance(newInstanceId(), 'key1=value1'),
    // Tags of images must not be listed.
    image(newImageId(), 'key1=value9', 'image=1'),
  )
  target = await targetOf(service, {})
})
afterAll(() => service.stop())

const ALL = [
  { key: 'empty', values: [''] },
  { key: 'key1', values: ['value1', 'value2'] },
  { key: 'key2', values: ['value3', 'value4'] },
]

function asked(
  query: string,
  expected: Omit<Scenario, 'name' | 'request'>,
  name = `the query ${query} is answered`,
): Scenario {
  return { name, request: { method: 'GET', path: PATH + query }, ...expected }
}

describe('paging the keys', () => {
  const page = (start: number, end: number) => ({ status: 200, body: { total_count: 3, tags: ALL.slice(start, end) } })
  runScenarios(
    () => target,
    [
      asked('', page(0, 3), 'all keys are listed in ascending order, without limit and offset'),
      asked('?offset=0&limit=2', page(0, 2), 'the query of S2 lists a page'),
      asked('?limit=1', page(0, 1)),
      asked('?limit=100', page(0, 3)),
      asked('?offset=1', page(1, 3)),
      asked('?offset=2&limit=1', page(2, 3)),
      asked('?offset=3', page(3, 3), 'an offset at the end returns an empty page'),
      asked('?offset=1000000', page(3, 3), 'an offset past the end returns an empty page'),
      ...WHOLE_NUMBERS.map((offset) =>
        asked(`?offset=${offset}`, page(3, 3), `the offset ${offset.slice(0, 30)} returns an empty page`),
      ),
      asked('?engine_name=gaussdb-mysql', page(0, 3), 'unknown parameters are ignored (D19)'),
      asked('?Limit=0&__proto__=1&constructor=2&limit[]=3', page(0, 3), 'parameters with unusual names are ignored'),
      asked('?limit=%31', page(0, 1), 'a percent-encoded limit is accepted'),
    ],
  )
})

describe('invalid limits (D19)', () => {
  runScenarios(
    () => target,
    [
      ...BAD_LIMITS.map(([text, shown]) =>
        asked(
          `?limit=${text}`,
          dbsError(400, 'DBS.280439', 'limit', shown),
          `the limit ${text} is refused with 400 DBS.280439`,
        ),
      ),
      asked(
        '?limit=1&limit=2',
        dbsError(400, 'DBS.280439', 'limit'),
        'a repeated limit is refused with 400 DBS.280439',
      ),
      asked(
        '?limit=2&limit=2',
        dbsError(400, 'DBS.280439', 'limit'),
        'a limit repeated with the same value is refused with 400 DBS.280439',
      ),
      asked('?limit', dbsError(400, 'DBS.280439', 'limit'), 'a limit without a value is refused with 400 DBS.280439'),
    ],
  )
})

describe('invalid offsets (D19)', () => {
  runScenarios(
    () => target,
    [
      ...BAD_OFFSETS.map(([text, shown]) =>
        asked(
          `?offset=${text}`,
          dbsError(400, 'DBS.200001', 'offset', shown),
          `the offset ${text} is refused with 400 DBS.200001`,
        ),
      ),
      asked(
        '?offset=1&offset=2',
        dbsError(400, 'DBS.200001', 'offset'),
        'a repeated offset is refused with 400 DBS.200001',
      ),
    ],
  )
})

describe('answers to GET', () => {
  runScenarios(
    () => target,
    [
      {
        name: 'a request for another project is answered with 403 DBS.200044 (D15)',
        request: { method: 'GET', path: '/v3/{other}/tags' },
        ...dbsError(403, 'DBS.200044'),
      },
      {
        name: 'a domain token is answered with 403 DBS.200044',
        request: { method: 'GET', path: PATH, token: 'domain' },
        ...dbsError(403, 'DBS.200044'),
      },
      {
        name: 'an invalid limit for another project is answered with 403, because authorization comes first',
        request: { method: 'GET', path: '/v3/{other}/tags?limit=0' },
        ...dbsError(403, 'DBS.200044'),
      },
      {
        name: 'a request without a token is answered with 401',
        request: { method: 'GET', path: PATH, token: null },
        ...TOKEN_MISSING,
      },
      {
        name: 'a malformed token is answered with 401',
        request: { method: 'GET', path: PATH, headers: { 'x-auth-token': '%00' } },
        ...TOKEN_UNREADABLE,
      },
    ],
  )
  runScenarios(
    () => ({ ...target, hasRevisions: false }),
    [
      {
        name: 'a POST request is answered with 405 APIGW.0101',
        request: { method: 'POST', path: PATH, body: {} },
        ...ROUTE_NOT_FOUND,
        status: 405,
      },
      {
        name: 'a path with one more segment is answered with 404 APIGW.0101',
        request: { method: 'GET', path: `${PATH}/key1` },
        ...ROUTE_NOT_FOUND,
      },
    ],
  )
})

describe('errors in Chinese (D14)', () => {
  const inChinese = (query: string, expected: Omit<Scenario, 'name' | 'request'>, name: string): Scenario => ({
    ...asked(query, expected, name),
    request: { method: 'GET', path: PATH + query, headers: { 'x-language': 'zh-cn' } },
  })
  const forbidden = { method: 'GET', path: '/v3/{other}/tags' }
  runScenarios(
    () => target,
    [
      inChinese(
        '?limit=0',
        dbsErrorInChinese(400, 'DBS.280439', 'limit', '1', '0'),
        'the error for an invalid limit is in Chinese',
      ),
      inChinese(
        '?offset=-1',
        dbsErrorInChinese(400, 'DBS.200001', 'offset', '0', '-1'),
        'the error for an invalid offset is in Chinese',
      ),
      {
        name: 'the error for another project is exactly the Chinese text',
        request: { ...forbidden, headers: { 'x-language': 'zh-cn' } },
        status: 403,
        body: { error_code: 'DBS.200044', error_msg: '访问资源不存在，或者无访问权限。' },
      },
      {
        name: 'X-Language is case-insensitive',
        request: { ...forbidden, headers: { 'x-language': 'ZH-CN' } },
        ...dbsErrorInChinese(403, 'DBS.200044'),
      },
      ...['en-us', 'zh', 'zh-tw', 'zh-cn,en-us', ''].map((language) => ({
        name: `the error is in English for X-Language ${JSON.stringify(language)}`,
        request: { ...forbidden, headers: { 'x-language': language } },
        ...dbsError(403, 'DBS.200044'),
      })),
      {
        name: 'errors of the gateway are always in English',
        request: { method: 'GET', path: PATH, token: null, headers: { 'x-language': 'zh-cn' } },
        ...TOKEN_MISSING,
      },
      inChinese('', { status: 200, body: { total_count: 3, tags: ALL } }, 'X-Language does not affect the tags'),
    ],
  )
  runScenarios(
    // A URL that cannot be decoded has no project, so the answer has no revision.
    () => ({ ...target, hasRevisions: false }),
    [
      {
        name: 'the error for a URL that cannot be decoded is in Chinese',
        request: { method: 'GET', path: '/v3/%zz/tags', headers: { 'x-language': 'zh-cn' } },
        status: 400,
        partial: { error_code: 'DBS.200001', error_msg: expect.stringMatching(/^参数错误。/) },
      },
    ],
  )
})

describe('many keys', () => {
  type Page = { total_count: number; tags: { key: string; values: string[] }[] }

  async function inProject(name: string, ...tags: readonly string[][]) {
    const ids = tags.map(newInstanceId)
    await service.register(...tags.map((own, i) => ({ ...instance(ids[i] as string, ...own), project: name })))
    const { id, token } = await projectNamed(service, name)
    const list = async (query = '') => (await service.call('GET', `/v3/${id}/tags${query}`, { token })).body as Page
    return { list, ids, id, token }
  }

  it('a page has 100 keys by default, and each key is listed once at every page size', async () => {
    const own = Array.from({ length: 7 }, (_, i) => texts(`k${i}x`, 20).map((key) => `${key}=v`))
    const { list } = await inProject('many', ...own)
    const keys = own
      .flat()
      .map((text) => text.split('=')[0] as string)
      .sort()
    expect(await list()).toMatchObject({ total_count: 140 })
    expect((await list()).tags.map(({ key }) => key)).toEqual(keys.slice(0, 100))
    for (const limit of [1, 3, 7, 99, 100]) {
      const seen: string[] = []
      for (let offset = 0; ; offset += limit) {
        const { total_count, tags } = await list(`?limit=${limit}&offset=${offset}`)
        expect(total_count).toBe(140)
        if (tags.length === 0) break
        seen.push(...tags.map(({ key }) => key))
      }
      expect(seen).toEqual(keys)
    }
  })

  it('keys and values are ordered by code point: digits, capitals, _, lower case, Chinese (D9)', async () => {
    const { list } = await inProject(
      'order',
      ['b=1', '键=1', 'B=1', '_=1', '9=1', '-=1', 'a=b'],
      ['a=B'],
      ['a='],
      ['a=值'],
    )
    const { tags } = await list()
    expect(tags.map(({ key }) => key)).toEqual(['-', '9', 'B', '_', 'a', 'b', '键'])
    expect(tags[4]?.values).toEqual(['', 'B', 'b', '值'])
  })

  it('keys may be names of object members such as __proto__', async () => {
    const { list } = await inProject('odd', ['__proto__=1', 'constructor=2', 'toString=3'])
    expect((await list()).tags).toEqual([
      { key: '__proto__', values: ['1'] },
      { key: 'constructor', values: ['2'] },
      { key: 'toString', values: ['3'] },
    ])
  })

  it('a value or key is no longer listed after the last instance with it is gone', async () => {
    const { list, ids, id, token } = await inProject('gone', ['a=1', 'b=1'], ['a=2'])
    const forget = (which: string | undefined) =>
      service.call('DELETE', `/tagwerk/v1/${id}/resources/instances/${which}`, { token })
    await forget(ids[0])
    expect(await list()).toEqual({ total_count: 1, tags: [{ key: 'a', values: ['2'] }] })
    await forget(ids[1])
    expect(await list()).toEqual({ total_count: 0, tags: [] })
  })

  it('a project that is empty again has no tags', async () => {
    const { list, ids, id, token } = await inProject('emptied', [])
    await service.call('DELETE', `/tagwerk/v1/${id}/resources/instances/${ids[0]}`, { token })
    expect(await list()).toEqual({ total_count: 0, tags: [] })
  })

  it('a project without writes has no tags and revision 0', async () => {
    const empty = await startTestService()
    try {
      const answer = await empty.call('GET', `/v3/${empty.project}/tags`)
      expect(answer.body).toEqual({ total_count: 0, tags: [] })
      expect(answer.headers.get('x-tagwerk-revision')).toBe('0')
    } finally {
      await empty.stop()
    }
  })
})
