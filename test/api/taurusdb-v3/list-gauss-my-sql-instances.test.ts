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

/** The vendor's documented sample, with its numbers. */
const KNOWN = {
  status: 'ACTIVE',
  port: 3306,
  type: 'Cluster',
  private_ips: ['192.168.0.142'],
  db_user_name: 'root',
  region: 'eu-de',
  datastore: { type: 'gaussdb-mysql', version: '8.0', kernel_version: '2.0.28.7' },
  created_at: '2018-08-20T02:33:49Z',
  volume: { type: 'POOL', size: 100 },
  vpc_id: 'vpc-1',
  subnet_id: 'subnet-1',
  security_group_id: 'group',
  flavor_ref: 'gaussdb.mysql.xlarge.x86.8',
  flavor_info: { vcpus: 4, ram: 32 },
  backup_strategy: { start_time: '19:00-20:00', keep_days: 7 },
  charge_info: { charge_mode: 'postPaid' },
  enterprise_project_id: 0,
  time_zone: 'UTC',
  readonly_private_ips: ['10.0.0.1'],
  proxy_ips: ['10.0.0.2'],
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
  ...instance(id, ...tags),
  resource_name,
  resource_detail: detail,
})

beforeAll(async () => {
  service = await startWithUsers()
  await service.register(
    named(ids.shop, 'Shop-main', KNOWN, 'env=prod', 'team=a', 'note='),
    named(
      ids.stock,
      'shop-copy',
      {
        vpc_id: 'vpc-1',
        subnet_id: 'subnet-2',
        nodes: [{ private_read_ips: ['10.0.0.3'] }],
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
    // Created earlier than the others, but listed in the order of registration.
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

/** Expects some instances, and the number of instances on all pages. */
function found(
  query: string,
  wanted: readonly string[],
  total = wanted.length,
  name = 'the expected instances',
): Scenario {
  const instances = wanted.map((id) => expect.objectContaining({ id }))
  return asked(query, { status: 200, body: { total_count: total, instances } }, `the query ${query} finds ${name}`)
}

describe('items of the list', () => {
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
                id: ids.shop,
                name: 'Shop-main',
                created: '2018-08-20T02:33:49+0000',
                updated: TIME,
                port: '3306',
                enterprise_project_id: '0',
                volume: { type: 'POOL', size: '100' },
                ...{
                  flavor_info: { vcpus: '4', ram: '32' },
                  backup_strategy: { start_time: '19:00-20:00', keep_days: '7' },
                },
                tags: ['env=prod', 'team=a', 'note='].map(tagOf),
              },
            ],
          },
        },
        'an instance is listed with all known members, numbers as strings (D23) and tags as objects',
      ),
      asked(
        `?id=${ids.stock}`,
        {
          status: 200,
          body: {
            total_count: 1,
            instances: [
              {
                ...bare,
                id: ids.stock,
                name: 'shop-copy',
                vpc_id: 'vpc-1',
                subnet_id: 'subnet-2',
                tags: ['env=test', 'team=a'].map(tagOf),
              },
            ],
          },
        },
        'an instance with few known members is listed as an active cluster',
      ),
    ],
  )
})

describe('paging', () => {
  runScenarios(
    () => target,
    [
      found('', ALL, 4, 'all instances in order of creation (D9)'),
      found('?limit=1', ALL.slice(0, 1), 4),
      found('?limit=100', ALL, 4),
      found('?offset=1&limit=2', ALL.slice(1, 3), 4),
      found('?offset=4', [], 4, 'an empty page at the end'),
      ...WHOLE_NUMBERS.map((offset) => found(`?offset=${offset}`, [], 4, `an empty page at ${offset.slice(0, 30)}`)),
      found('?subnet_id=subnet-2&offset=1', [], 1, 'an empty page of a filtered list'),
      found('?type=Cluster&offset=1&limit=1', [ids.stock], 3, 'the second page of a filtered list'),
      found('?id=*0&offset=1', [ids.stock, ids.sales], 3, 'the rest of the instances with a part of an id'),
      found('?engine_name=x&x=1&x=2&__proto__=1&Limit=0', ALL, 4, 'all instances despite unknown parameters (D19)'),
    ],
  )
})

describe('filtering by tags', () => {
  runScenarios(
    () => target,
    [
      found('?tags=env=prod', [ids.shop, ids.sales]),
      found('?tags=env%3Dprod', [ids.shop, ids.sales], 2, 'instances by a tag encoded as SDKs do'),
      found('?tags=env=prod,team=a', [ids.shop], 1, 'the instance with all tags'),
      found('?tags=env%3Dprod%2Cteam%3Da', [ids.shop], 1, 'the instance with all tags, encoded'),
      found('?tags=env=prod,%20team=a%20', [ids.shop], 1, 'an instance by tags with outer blanks'),
      found('?tags=note=', [ids.shop], 1, 'an instance by an empty tag value'),
      found('?tags=team=', [], 0, 'no instance, because an empty value matches no other value'),
      found('?tags=env=Prod', [], 0, 'no instance, because tag values are case-sensitive'),
      found('?tags=env=*', [], 0, 'no instance, because tag values have no wildcards'),
      found('?tags=env=prod=1', [], 0, 'no instance, because a value may contain ='),
      found('?tags=absent=1', [], 0),
      found('?tags=__proto__=1', [], 0),
      found('?tags=team=a&limit=1', [ids.shop], 2),
      found('?tags=team=a&vpc_id=vpc-1&name=*COPY', [ids.stock], 1, 'an instance by tags and other members'),
    ],
  )

  it('tags of other rules can be found, with inner blanks', async () => {
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

describe('filtering by other members', () => {
  runScenarios(
    () => target,
    [
      found(`?id=${ids.odd}`, [ids.odd], 1, 'the instance with an id'),
      found(`?id=${ids.shop.toUpperCase()}`, [], 0, 'no instance, because ids are case-sensitive'),
      found('?id=0002', [], 0, 'no instance by a part of an id without *'),
      found('?id=*0002', [ids.stock], 1, 'an instance by a part of its id'),
      found('?id=*BBBB', [ids.stock], 1, 'an instance by a part of its id, case-insensitively'),
      found('?id=*.of_', [ids.odd], 1, 'an instance by a literal part of its id'),
      found('?id=*0002&name=Shop-main', [], 0, 'no instance by a part of an id and another name'),
      found('?name=Shop-main', [ids.shop], 1, 'an instance by name'),
      found('?name=shop-main', [], 0, 'no instance, because names are case-sensitive'),
      found('?name=shop', [], 0, 'no instance by a part of a name without *'),
      found('?name=*shop', [ids.shop, ids.stock], 2, 'instances by a part of a name, case-insensitively'),
      found('?name=*-', [ids.shop, ids.stock], 2, 'instances by a short part of a name'),
      found('?name=**50', [ids.sales], 1, 'an instance by a part of a name that contains *'),
      found('?name=*%25', [ids.sales], 1, 'an instance by a part of a name that contains %'),
      found('?type=Cluster', [ids.shop, ids.stock, ids.sales], 3, 'instances by type, registered or default'),
      found('?type=Single', [ids.odd], 1, 'an instance by another type'),
      found('?type=cluster', [], 0, 'no instance, because types are case-sensitive'),
      found(
        '?datastore_type=gaussdb-mysql',
        [ids.shop, ids.stock, ids.odd],
        3,
        'instances by engine, registered or default',
      ),
      found('?datastore_type=other', [ids.sales], 1, 'an instance by another engine'),
      found('?vpc_id=vpc-1', [ids.shop, ids.stock], 2, 'instances by network'),
      found('?vpc_id=vpc', [], 0, 'no instance by a part of a network'),
      found('?vpc_id=7', [ids.sales], 1, 'an instance by a network registered as a number'),
      found('?vpc_id=%22', [], 0, 'no instance by a network with a quote'),
      found('?subnet_id=subnet-2', [ids.stock], 1, 'an instance by subnet'),
      found('?private_ip=192.168.0.142', [ids.shop], 1, 'an instance by address'),
      found('?private_ip=10.0.0.5', [ids.sales], 1, 'an instance by the other name of the address'),
      found('?private_ip=10.0.0.1', [], 0, 'no instance by a read-only address as read/write address'),
      found('?readonly_private_ip=10.0.0.1', [ids.shop], 1, 'an instance by read-only address'),
      found('?readonly_private_ip=10.0.0.3', [ids.stock], 1, 'an instance by the read-only address of a node'),
      found('?proxy_ip=10.0.0.2', [ids.shop], 1, 'an instance by proxy address'),
      found('?proxy_ip=10.0.0.4', [ids.stock], 1, 'an instance by the other name of the proxy address'),
      found(
        `?id=${ids.shop}&name=Shop-main&type=Cluster&datastore_type=gaussdb-mysql&vpc_id=vpc-1&subnet_id=subnet-1` +
          '&private_ip=192.168.0.142&offset=0&limit=10&tags=env=prod',
        [ids.shop],
        1,
        'an instance by all parameters at once, as documented',
      ),
    ],
  )
})

describe('invalid requests', () => {
  const refused = (query: string, ...fragments: string[]) =>
    asked(query, dbsError(400, 'DBS.200001', ...fragments), `the query ${query} is refused`)
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
        asked(`?limit=${text}`, dbsError(400, 'DBS.280439', 'limit', shown), `the limit ${text} is refused`),
      ),
      asked('?limit=1&limit=2', dbsError(400, 'DBS.280439', 'limit'), 'a repeated limit is refused'),
      ...BAD_OFFSETS.map(([text, shown]) =>
        asked(`?offset=${text}`, dbsError(400, 'DBS.200001', 'offset', shown), `the offset ${text} is refused`),
      ),
      ...members.flatMap((name) => [refused(`?${name}=`, name), refused(`?${name}=a=1&${name}=a=1`, name)]),
      ...['id', 'name'].flatMap((name) => [refused(`?${name}=*`, name, '"*"'), refused(`?${name}=***`, name, '"***"')]),
      ...['env', '=prod', '%20=prod', 'env=prod,', ',env=prod', 'env=prod,,team=a', 'env=prod,team', ','].map((tags) =>
        refused(`?tags=${tags}`, 'tags', 'key=value'),
      ),
      refused('?tags=env=prod,env=test', 'tags', '"env"'),
      refused('?tags=env=prod,%20env=prod', 'tags', '"env"'),
      asked('?limit=0', dbsError(400, 'DBS.280439', 'limit', '1', '0'), 'a limit of 0 is refused'),
      asked('?limit=101', dbsError(400, 'DBS.280439', 'limit', '100', '101'), 'a limit of 101 is refused'),
      ...outsiders((project) => ({ method: 'GET', path: `/v3/${project}/instances` })),
      {
        name: 'the error for invalid tags is in Chinese with X-Language zh-cn (D14)',
        request: { method: 'GET', path: `${PATH}?tags=env`, headers: { 'x-language': 'zh-cn' } },
        ...dbsErrorInChinese(400, 'DBS.200001', 'tags'),
      },
      {
        name: 'the error for an invalid limit is in Chinese with X-Language zh-cn (D14)',
        request: { method: 'GET', path: `${PATH}?limit=101`, headers: { 'x-language': 'zh-cn' } },
        ...dbsErrorInChinese(400, 'DBS.280439', 'limit'),
      },
    ],
  )

  it('a user with a read-only role can list instances', async () => {
    const { token } = await logIn(service, 'reader', 'default')
    expect((await service.call('GET', `/v3/${service.project}/instances`, { token })).status).toBe(200)
  })
})

describe('paging through all instances', () => {
  type Page = { total_count: number; instances: { id: string }[] }

  it.each(['', '&type=Cluster', '&tags=env%3Dprod', '&name=*ord', '&id=*in07'])(
    'paging with the filter "%s" returns each instance once while others are created',
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

  it('a page has 100 instances by default', async () => {
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
