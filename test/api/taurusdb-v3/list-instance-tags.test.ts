import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { dbsError, dbsErrorInChinese, ROUTE_NOT_FOUND, TOKEN_MISSING, TOKEN_UNREADABLE } from '../expected.ts'
import { image, instance, newImageId, newInstanceId, projectNamed, tagOf, targetOf, texts } from '../fixtures.ts'
import { runScenarios, type Scenario, type Target } from '../scenarios.ts'
import { BAD_LIMITS, BAD_OFFSETS, WHOLE_NUMBERS } from './page-cases.ts'

// G2: GET /v3/{project_id}/instances/{instance_id}/tags (S3; contract 3.1, 3.2, 3.4; D9, D14, D15, D19, D22).

const PATH = '/v3/{project}/instances/{instance}/tags'
const TAGS = ['key2=value2', 'key1=value1', 'empty=']

let service: TestService
let target: Target
const fills = {
  instance: '61a4ea66210545909d74a05c27a7179ein07',
  bare: newInstanceId(),
  full: newInstanceId(),
  odd: 'db-1.of_mine',
  image: newImageId(),
  foreign: newInstanceId(),
}

beforeAll(async () => {
  service = await startTestService()
  await service.register(
    instance(fills.instance, ...TAGS),
    instance(fills.bare),
    instance(
      fills.full,
      ...texts('k', 20)
        .reverse()
        .map((key) => `${key}=v`),
    ),
    instance(fills.odd, 'a=1'),
    image(fills.image, 'a=1'),
    { ...instance(fills.foreign, 'a=1'), project: 'other' },
  )
  target = await targetOf(service, fills)
})
afterAll(() => service.stop())

function asked(
  query: string,
  expected: Omit<Scenario, 'name' | 'request'>,
  name = `the query ${query} is answered`,
): Scenario {
  return { name, request: { method: 'GET', path: PATH + query }, ...expected }
}

describe('paging the tags of an instance', () => {
  const page = (start: number, end: number) => ({
    status: 200,
    body: { total_count: 3, tags: TAGS.slice(start, end).map(tagOf) },
  })
  runScenarios(
    () => target,
    [
      asked('', page(0, 3), 'all tags are listed in the order in which they were added, without limit and offset (D9)'),
      asked('?offset=0&limit=2', page(0, 2), 'the query of S3 lists a page'),
      asked('?limit=1', page(0, 1)),
      asked('?limit=100', page(0, 3)),
      asked('?offset=1', page(1, 3)),
      asked('?offset=1&limit=1', page(1, 2)),
      asked('?offset=3', page(3, 3), 'an offset at the end returns an empty page'),
      asked('?offset=1000000', page(3, 3), 'an offset past the end returns an empty page'),
      ...WHOLE_NUMBERS.map((offset) =>
        asked(`?offset=${offset}`, page(3, 3), `the offset ${offset.slice(0, 30)} returns an empty page`),
      ),
      asked('?engine_name=gaussdb-mysql&x=1&x=2', page(0, 3), 'unknown parameters are ignored (D19)'),
      {
        name: 'an instance without tags has an empty list',
        request: { method: 'GET', path: '/v3/{project}/instances/{bare}/tags' },
        status: 200,
        body: { total_count: 0, tags: [] },
      },
      {
        name: "tags of an instance whose id has another form than the vendor's are listed (D22)",
        request: { method: 'GET', path: '/v3/{project}/instances/{odd}/tags' },
        status: 200,
        body: { total_count: 1, tags: [tagOf('a=1')] },
      },
    ],
  )

  it('all twenty tags are listed once at every page size', async () => {
    const wanted = texts('k', 20).reverse()
    for (const limit of [1, 3, 7, 19, 20, 21, 100]) {
      const seen: string[] = []
      for (let offset = 0; ; offset += limit) {
        const path = `/v3/${service.project}/instances/${fills.full}/tags?limit=${limit}&offset=${offset}`
        const { body } = await service.call('GET', path)
        expect(body.total_count).toBe(20)
        if (body.tags.length === 0) break
        seen.push(...body.tags.map(({ key }: { key: string }) => key))
      }
      expect(seen).toEqual(wanted)
    }
  })
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

const UNKNOWN = '00000000000000000000000000000000in07'
const MALFORMED = [
  '61a4ea66210545909d74a05c27a7179ein01',
  'in07',
  `${'a'.repeat(33)}in07`,
  'a'.repeat(36),
  '%20',
  '%00',
  '镜',
]

describe('answers to GET', () => {
  const of = (id: string) => ({ method: 'GET', path: `/v3/{project}/instances/${id}/tags` })
  runScenarios(
    () => target,
    [
      {
        name: 'an unknown instance is answered with 404 DBS.200045 (D22)',
        request: of(UNKNOWN),
        ...dbsError(404, 'DBS.200045'),
      },
      {
        name: "the instance of another project in the path of the caller's own project is answered with 404 DBS.200045",
        request: of('{foreign}'),
        ...dbsError(404, 'DBS.200045'),
      },
      ...MALFORMED.map((id) => ({
        name: `the id ${id} is answered with 400 DBS.280404 (D22)`,
        request: of(encodeURI(decodeURI(id))),
        ...dbsError(400, 'DBS.280404'),
      })),
      {
        name: 'the id of an image instead of an instance is answered with 400 DBS.280404',
        request: of('{image}'),
        ...dbsError(400, 'DBS.280404'),
      },
      {
        name: 'an invalid limit is answered with 400 even if the instance is unknown',
        request: { method: 'GET', path: `/v3/{project}/instances/${UNKNOWN}/tags?limit=0` },
        ...dbsError(400, 'DBS.280439', 'limit', '0'),
      },
      {
        name: 'a request for another project is answered with 403 DBS.200044 (D15)',
        request: { method: 'GET', path: '/v3/{other}/instances/{foreign}/tags' },
        ...dbsError(403, 'DBS.200044'),
      },
      {
        name: 'a domain token is answered with 403 DBS.200044',
        request: { method: 'GET', path: PATH, token: 'domain' },
        ...dbsError(403, 'DBS.200044'),
      },
      {
        name: 'a request without a token is answered with 401',
        request: { method: 'GET', path: PATH, token: null },
        ...TOKEN_MISSING,
      },
      {
        name: 'a malformed token is answered with 401',
        request: { method: 'GET', path: PATH, headers: { 'x-auth-token': 'x' } },
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
  const inChinese = (path: string, expected: Omit<Scenario, 'name' | 'request'>, name: string): Scenario => ({
    name,
    request: { method: 'GET', path, headers: { 'x-language': 'zh-cn' } },
    ...expected,
  })
  runScenarios(
    () => target,
    [
      inChinese(
        `/v3/{project}/instances/${UNKNOWN}/tags`,
        { status: 404, body: { error_code: 'DBS.200045', error_msg: expect.stringMatching(/^实例不存在或已删除。/) } },
        'the error for an unknown instance is exactly the Chinese text',
      ),
      inChinese(
        '/v3/{project}/instances/no/tags',
        { status: 400, partial: { error_code: 'DBS.280404', error_msg: expect.stringMatching(/^实例ID非法。/) } },
        'the error for a malformed id is in Chinese',
      ),
      inChinese(
        `${PATH}?limit=101`,
        dbsErrorInChinese(400, 'DBS.280439', 'limit', '100', '101'),
        'the error for an invalid limit is in Chinese',
      ),
      inChinese(
        `${PATH}?offset=x`,
        dbsErrorInChinese(400, 'DBS.200001', 'offset', '"x"'),
        'the error for an invalid offset is in Chinese',
      ),
      inChinese(
        '/v3/{other}/instances/x/tags',
        dbsErrorInChinese(403, 'DBS.200044'),
        'the error for another project is in Chinese',
      ),
    ],
  )
})

it('tags of an import are listed at once, at the revision of the import', async () => {
  const id = newInstanceId()
  for (const value of texts('v', 5)) {
    await service.register({ ...instance(id, `k=${value}`), project: 'fresh' })
    const project = await projectNamed(service, 'fresh')
    const answer = await service.call('GET', `/v3/${project.id}/instances/${id}/tags`, { token: project.token })
    expect(answer.body).toEqual({ total_count: 1, tags: [{ key: 'k', value }] })
    expect(answer.headers.get('x-tagwerk-revision')).toBe(String(Number(value.slice(1)) + 1))
  }
})
