import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { dbsError, dbsErrorInChinese } from '../expected.ts'
import {
  image,
  instance,
  logIn,
  newImageId,
  newInstanceId,
  startWithUsers,
  tagOf,
  targetOf,
  texts,
} from '../fixtures.ts'
import { runScenarios, type Scenario, type Target } from '../scenarios.ts'
import { LEAST, outsiders, TIME } from './instance-cases.ts'
import { BAD_LIMITS, BAD_OFFSETS, WHOLE_NUMBERS } from './page-cases.ts'

// G4: GET /v3/{project_id}/instances (contract 3.1 to 3.4; D9, D14, D15, D19, D23).

const PATH = '/v3/{project}/instances'

/** As the vendor's page has it, numbers where its sample has them. */
const KNOWN = {
  ...{ status: 'ACTIVE', port: 3306, type: 'Cluster', private_ips: ['192.168.0.142'], db_user_name: 'root' },
  ...{ region: 'eu-de', datastore: { type: 'gaussdb-mysql', version: '8.0', kernel_version: '2.0.28.7' } },
  ...{ created_at: '2018-08-20T02:33:49Z', volume: { type: 'POOL', size: 100 } },
  ...{ vpc_id: 'vpc-1', subnet_id: 'subnet-1', security_group_id: 'group' },
  ...{ flavor_ref: 'gaussdb.mysql.xlarge.x86.8', flavor_info: { vcpus: 4, ram: 32 } },
  ...{ backup_strategy: { start_time: '19:00-20:00', keep_days: 7 }, charge_info: { charge_mode: 'postPaid' } },
  ...{ enterprise_project_id: 0, time_zone: 'UTC', readonly_private_ips: ['10.0.0.1'], proxy_ips: ['10.0.0.2'] },
}

let service: TestService
let target: Target
const ids = {
  shop: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaa0001in07',
  stock: 'bbbbbbbbbbbbbbbbbbbbbbbbbbbb0002in07',
  sales: 'cccccccccccccccccccccccccccc0003in07',
  odd: 'db-1.of_mine',
}
const named = (id: string, resource_name: string, detail: object, ...tags: string[]) => ({
  ...{ ...instance(id, ...tags), resource_name, resource_detail: detail },
})

beforeAll(async () => {
  service = await startWithUsers()
  await service.register(
    named(ids.shop, 'Shop-main', KNOWN, 'env=prod', 'team=a', 'note='),
    named(
      ids.stock,
      'shop-copy',
      {
        ...{ vpc_id: 'vpc-1', subnet_id: 'subnet-2', nodes: [{ private_read_ips: ['10.0.0.3'] }] },
        proxies: [{ address: '10.0.0.4' }],
      },
      'env=test',
      'team=a',
    ),
    named(
      ids.sales,
      'sales*50%',
      { vpc_id: 7, datastore: { type: 'other' }, private_write_ips: ['10.0.0.5'] },
      'env=prod',
    ),
    // Older than those before it; its place is where it came in.
    named(ids.odd, '', { type: 'Single', created_at: '2001-01-01T00:00:00Z', vpc_id: 'VPC-1' }),
    image(newImageId(), 'env=prod'),
    { ...instance(newInstanceId(), 'env=prod'), project: 'other' },
  )
  target = await targetOf(service, ids)
})
afterAll(() => service.stop())

const ALL = [ids.shop, ids.stock, ids.sales, ids.odd]

function asked(query: string, expected: Omit<Scenario, 'name' | 'request'>, name = query): Scenario {
  return { name, request: { method: 'GET', path: PATH + query }, ...expected }
}

/** Expects some instances, and how many there are on all pages. */
function found(query: string, wanted: readonly string[], total = wanted.length, name = query): Scenario {
  const instances = wanted.map((id) => expect.objectContaining({ id }))
  return asked(query, { status: 200, body: { total_count: total, instances } }, name)
}

describe('shows', () => {
  const { created_at: _created, ...shown } = KNOWN
  const bare = { status: 'ACTIVE', type: 'Cluster', datastore: { type: 'gaussdb-mysql' }, created: TIME, updated: TIME }
  runScenarios(
    () => target,
    [
      asked(
        `?id=${ids.shop}`,
        {
          status: 200,
          body: {
            total_count: 1,
            instances: [
              {
                ...shown,
                ...{ id: ids.shop, name: 'Shop-main', created: '2018-08-20T02:33:49+0000', updated: TIME },
                ...{ port: '3306', enterprise_project_id: '0', volume: { type: 'POOL', size: '100' } },
                ...{
                  flavor_info: { vcpus: '4', ram: '32' },
                  backup_strategy: { start_time: '19:00-20:00', keep_days: '7' },
                },
                tags: ['env=prod', 'team=a', 'note='].map(tagOf),
              },
            ],
          },
        },
        'all that is known of an instance, numbers as texts (D23), tags as objects',
      ),
      asked(
        `?id=${ids.stock}`,
        {
          status: 200,
          body: {
            total_count: 1,
            instances: [
              {
                ...{ ...bare, id: ids.stock, name: 'shop-copy', vpc_id: 'vpc-1', subnet_id: 'subnet-2' },
                tags: ['env=test', 'team=a'].map(tagOf),
              },
            ],
          },
        },
        'an instance of which little is known as an active cluster',
      ),
    ],
  )
})

describe('pages', () => {
  runScenarios(
    () => target,
    [
      found('', ALL, 4, 'all of them in order of creation (D9)'),
      found('?limit=1', ALL.slice(0, 1), 4),
      found('?limit=100', ALL, 4),
      found('?offset=1&limit=2', ALL.slice(1, 3), 4),
      found('?offset=4', [], 4, 'an empty page at the end'),
      ...WHOLE_NUMBERS.map((offset) => found(`?offset=${offset}`, [], 4, `an empty page at ${offset.slice(0, 30)}`)),
      found('?subnet_id=subnet-2&offset=1', [], 1, 'an empty page of what was filtered'),
      found('?type=Cluster&offset=1&limit=1', [ids.stock], 3, 'what was filtered'),
      found('?id=*0&offset=1', [ids.stock, ids.sales], 3, 'what has a part of an id'),
      found('?engine_name=x&x=1&x=2&__proto__=1&Limit=0', ALL, 4, 'whatever other parameters say (D19)'),
    ],
  )
})

describe('filters by tags', () => {
  runScenarios(
    () => target,
    [
      found('?tags=env=prod', [ids.shop, ids.sales]),
      found('?tags=env%3Dprod', [ids.shop, ids.sales], 2, 'as SDKs send them'),
      found('?tags=env=prod,team=a', [ids.shop], 1, 'by all of them'),
      found('?tags=env%3Dprod%2Cteam%3Da', [ids.shop], 1, 'by all of them, encoded'),
      found('?tags=env=prod,%20team=a%20', [ids.shop], 1, 'with blanks around'),
      found('?tags=note=', [ids.shop], 1, 'by an empty value'),
      found('?tags=team=', [], 0, 'by an empty value, which is no other'),
      found('?tags=env=Prod', [], 0, 'exactly'),
      found('?tags=env=*', [], 0, 'with no wildcard'),
      found('?tags=env=prod=1', [], 0, 'by a value with = in it'),
      found('?tags=absent=1', [], 0),
      found('?tags=__proto__=1', [], 0),
      found('?tags=team=a&limit=1', [ids.shop], 2),
      found('?tags=team=a&vpc_id=vpc-1&name=*COPY', [ids.stock], 1, 'and by more'),
    ],
  )

  it('finds what other rules let be a tag, blanks inside included', async () => {
    const lenient = await startTestService({ flags: { profile: 'lenient' } })
    try {
      await lenient.register(instance(newInstanceId(), 'a b=c@ d'))
      const list = (tags: string) =>
        lenient.call('GET', `/v3/${lenient.project}/instances?tags=${encodeURIComponent(tags)}`)
      expect((await list('a b=c@ d')).body.total_count).toBe(1)
      expect((await list('a b=c@')).body.total_count).toBe(0)
    } finally {
      await lenient.stop()
    }
  })
})

describe('filters by', () => {
  runScenarios(
    () => target,
    [
      found(`?id=${ids.odd}`, [ids.odd], 1, 'an id'),
      found(`?id=${ids.shop.toUpperCase()}`, [], 0, 'an id exactly'),
      found('?id=0002', [], 0, 'an id as a whole'),
      found('?id=*0002', [ids.stock], 1, 'a part of an id'),
      found('?id=*BBBB', [ids.stock], 1, 'a part of an id, letter case aside'),
      found('?id=*.of_', [ids.odd], 1, 'a part of an id, to the letter'),
      found('?id=*0002&name=Shop-main', [], 0, 'a part of an id and another name'),
      found('?name=Shop-main', [ids.shop], 1, 'a name'),
      found('?name=shop-main', [], 0, 'a name exactly'),
      found('?name=shop', [], 0, 'a name as a whole'),
      found('?name=*shop', [ids.shop, ids.stock], 2, 'a part of a name, letter case aside'),
      found('?name=*-', [ids.shop, ids.stock], 2, 'a short part of a name'),
      found('?name=**50', [ids.sales], 1, 'a part of a name with * in it'),
      found('?name=*%25', [ids.sales], 1, 'a part of a name with % in it'),
      found('?type=Cluster', [ids.shop, ids.stock, ids.sales], 3, 'the type, given or not'),
      found('?type=Single', [ids.odd], 1, 'another type'),
      found('?type=cluster', [], 0, 'the type exactly'),
      found('?datastore_type=gaussdb-mysql', [ids.shop, ids.stock, ids.odd], 3, 'the engine, given or not'),
      found('?datastore_type=other', [ids.sales], 1, 'another engine'),
      found('?vpc_id=vpc-1', [ids.shop, ids.stock], 2, 'the network'),
      found('?vpc_id=vpc', [], 0, 'the whole network'),
      found('?vpc_id=7', [ids.sales], 1, 'a network that was given as a number'),
      found('?vpc_id=%22', [], 0, 'a network with a quote'),
      found('?subnet_id=subnet-2', [ids.stock], 1, 'the subnet'),
      found('?private_ip=192.168.0.142', [ids.shop], 1, 'an address'),
      found('?private_ip=10.0.0.5', [ids.sales], 1, 'an address by its other name'),
      found('?private_ip=10.0.0.1', [], 0, 'an address that is none for writing'),
      found('?readonly_private_ip=10.0.0.1', [ids.shop], 1, 'an address for reading'),
      found('?readonly_private_ip=10.0.0.3', [ids.stock], 1, 'an address for reading of a node'),
      found('?proxy_ip=10.0.0.2', [ids.shop], 1, 'an address of a proxy'),
      found('?proxy_ip=10.0.0.4', [ids.stock], 1, 'an address of a proxy by its other name'),
      found(
        `?id=${ids.shop}&name=Shop-main&type=Cluster&datastore_type=gaussdb-mysql&vpc_id=vpc-1&subnet_id=subnet-1` +
          '&private_ip=192.168.0.142&offset=0&limit=10&tags=env=prod',
        [ids.shop],
        1,
        'everything at once, as the documents do',
      ),
    ],
  )
})

describe('refuses', () => {
  const refused = (query: string, ...fragments: string[]) => asked(query, dbsError(400, 'DBS.200001', ...fragments))
  const members = [
    'id',
    'name',
    'type',
    'datastore_type',
    'vpc_id',
    'subnet_id',
    'private_ip',
    'readonly_private_ip',
    'proxy_ip',
    'tags',
  ]
  runScenarios(
    () => target,
    [
      ...BAD_LIMITS.map(([text, shown]) =>
        asked(`?limit=${text}`, dbsError(400, 'DBS.280439', 'limit', shown), `the limit ${text}`),
      ),
      asked('?limit=1&limit=2', dbsError(400, 'DBS.280439', 'limit'), 'a limit given twice'),
      ...BAD_OFFSETS.map(([text, shown]) =>
        asked(`?offset=${text}`, dbsError(400, 'DBS.200001', 'offset', shown), `the offset ${text}`),
      ),
      ...members.flatMap((name) => [refused(`?${name}=`, name), refused(`?${name}=a=1&${name}=a=1`, name)]),
      ...['id', 'name'].flatMap((name) => [refused(`?${name}=*`, name, '"*"'), refused(`?${name}=***`, name, '"***"')]),
      ...['env', '=prod', '%20=prod', 'env=prod,', ',env=prod', 'env=prod,,team=a', 'env=prod,team', ','].map((tags) =>
        refused(`?tags=${tags}`, 'tags', 'key=value'),
      ),
      refused('?tags=env=prod,env=test', 'tags', '"env"'),
      refused('?tags=env=prod,%20env=prod', 'tags', '"env"'),
      asked('?limit=0', dbsError(400, 'DBS.280439', 'limit', '1', '0'), 'a limit of 0'),
      asked('?limit=101', dbsError(400, 'DBS.280439', 'limit', '100', '101'), 'a limit of 101'),
      ...outsiders((project) => ({ method: 'GET', path: `/v3/${project}/instances` })),
      {
        name: 'in Chinese (D14)',
        request: { method: 'GET', path: `${PATH}?tags=env`, headers: { 'x-language': 'zh-cn' } },
        ...dbsErrorInChinese(400, 'DBS.200001', 'tags'),
      },
      {
        name: 'a bad limit in Chinese (D14)',
        request: { method: 'GET', path: `${PATH}?limit=101`, headers: { 'x-language': 'zh-cn' } },
        ...dbsErrorInChinese(400, 'DBS.280439', 'limit'),
      },
    ],
  )

  it('nobody who may only read', async () => {
    const { token } = await logIn(service, 'reader', 'default')
    expect((await service.call('GET', `/v3/${service.project}/instances`, { token })).status).toBe(200)
  })
})

describe('a walk', () => {
  type Page = { total_count: number; instances: { id: string }[] }

  it.each(['', '&type=Cluster', '&tags=env%3Dprod', '&name=*ord', '&id=*in07'])(
    'meets every instance once while others are created (%s)',
    async (filter) => {
      const own = await startTestService()
      try {
        const create = async () => {
          const body = { ...LEAST, tags: [tagOf('env=prod')] }
          const answer = await own.call('POST', `/v3/${own.project}/instances`, { body })
          return answer.body.instance.id as string
        }
        const before: string[] = []
        for (let i = 0; i < 25; i++) before.push(await create())
        const during: string[] = []
        const seen: string[] = []
        for (let offset = 0; ; offset += 4) {
          if (offset < 20) during.push(await create())
          const { body } = await own.call('GET', `/v3/${own.project}/instances?limit=4&offset=${offset}${filter}`)
          const page = body as Page
          expect(page.total_count).toBe(before.length + during.length)
          if (page.instances.length === 0) break
          seen.push(...page.instances.map(({ id }) => id))
        }
        expect(seen).toEqual([...before, ...during])
      } finally {
        await own.stop()
      }
    },
  )

  it('shows 100 unless asked for fewer', async () => {
    const own = await startTestService()
    try {
      await own.register(...texts('i', 101).map((name) => named(newInstanceId(), name, {})))
      const list = async (query: string) => (await own.call('GET', `/v3/${own.project}/instances${query}`)).body as Page
      const [all, hundred, rest] = [await list(''), await list('?limit=100'), await list('?offset=100')]
      expect([all, hundred, rest].map(({ total_count, instances }) => [total_count, instances.length])).toEqual([
        [101, 100],
        [101, 100],
        [101, 1],
      ])
    } finally {
      await own.stop()
    }
  })
})
