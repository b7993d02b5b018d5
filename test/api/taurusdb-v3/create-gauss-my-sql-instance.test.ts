import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { dbsError, dbsErrorInChinese } from '../expected.ts'
import { logIn, startWithUsers, tagOf, targetOf, texts } from '../fixtures.ts'
import { runScenarios, type Scenario, type Target } from '../scenarios.ts'
import { LEAST, outsiders, SAMPLE, TIME } from './instance-cases.ts'

// "Creating a DB Instance": POST /v3/{project_id}/instances (contract 3.1 to 3.4; D6, D7, D14, D15, D25, D28).

let service: TestService
let target: Target

beforeAll(async () => {
  service = await startWithUsers()
  target = await targetOf(service, {})
})
afterAll(() => service.stop())

const PATH = '/v3/{project}/instances'
const ID = /^[0-9a-f]{32}in07$/

function create(body: unknown, on: TestService = service) {
  return on.call('POST', `/v3/${on.project}/instances`, { body })
}

async function show(id: string, on: TestService = service) {
  return (await on.call('GET', `/v3/${on.project}/instances/${id}`)).body.instance
}

describe('creating an instance', () => {
  it('the documented request is answered with 201, the instance and a job', async () => {
    const { status, body, headers } = await create(SAMPLE)
    const { password: _password, ...rest } = SAMPLE
    const id = body.instance.id
    expect({ status, body }).toStrictEqual({
      status: 201,
      body: {
        instance: { ...rest, id: expect.stringMatching(ID), status: 'ACTIVE', enterprise_project_id: '0' },
        job_id: `create-${id}`,
      },
    })
    expect(headers.get('x-tagwerk-revision')).toMatch(/^\d+$/)
    expect(await show(id)).toStrictEqual({
      id,
      name: SAMPLE.name,
      status: 'ACTIVE',
      type: 'Cluster',
      datastore: SAMPLE.datastore,
      created: TIME,
      updated: TIME,
      vpc_id: SAMPLE.vpc_id,
      subnet_id: SAMPLE.subnet_id,
      security_group_id: SAMPLE.security_group_id,
      enterprise_project_id: '0',
      backup_strategy: SAMPLE.backup_strategy,
      charge_info: SAMPLE.charge_info,
      tags: [],
      project_id: service.project,
      node_count: 2,
      configuration_id: SAMPLE.configuration_id,
      az_mode: 'single',
      nodes: ['master', 'slave'].map((type, i) => ({
        id: `${id.slice(0, 30)}0${i + 1}no07`,
        name: `${SAMPLE.name}_node0${i + 1}`,
        type,
        status: 'ACTIVE',
        flavor_ref: SAMPLE.flavor_ref,
        region_code: 'eu-de',
      })),
    })
  })

  it.each([
    ['DL6', 'POOL'],
    ['DL5', 'STANDARDPOOL'],
  ])('the volume type %s is shown as %s, and the size of a volume as a number in nodes', async (type, shown) => {
    const { body } = await create({ ...LEAST, slave_count: 0, volume: { size: '40', type } })
    const { nodes } = await show(body.instance.id)
    expect(nodes).toMatchObject([{ type: 'master', volume: { type: shown, size: 40 } }])
    const list = await service.call('GET', `/v3/${service.project}/instances?id=${body.instance.id}`)
    expect(list.body.instances).toMatchObject([{ volume: { type: shown, size: '40' } }])
  })

  it('nodes are in the primary zone of an instance in a single zone', async () => {
    const zones = { availability_zone_mode: 'single', master_availability_zone: 'eu-de-01', slave_count: 1 }
    const { body } = await create({ ...LEAST, ...zones })
    const { nodes } = await show(body.instance.id)
    expect(nodes).toMatchObject([{ az_code: 'eu-de-01' }, { az_code: 'eu-de-01' }])
  })

  it('only the primary node of an instance in several zones has a known zone', async () => {
    const zones = { availability_zone_mode: 'multi', master_availability_zone: 'eu-de-01', slave_count: 1 }
    const { body } = await create({ ...LEAST, ...zones })
    const [primary, replica] = (await show(body.instance.id)).nodes
    expect(primary).toMatchObject({ az_code: 'eu-de-01' })
    expect(replica).not.toHaveProperty('az_code')
  })

  it('the minimal request creates an instance in the region of the service', async () => {
    const { status, body } = await create(LEAST)
    expect({ status, body }).toStrictEqual({
      status: 201,
      body: {
        instance: { ...LEAST, id: expect.stringMatching(ID), status: 'ACTIVE', mode: 'Cluster', region: 'default' },
        job_id: expect.stringMatching(/^create-[0-9a-f]{32}in07$/),
      },
    })
  })

  it('the request of the Go SDK is accepted, which cannot omit unset members', async () => {
    const unset = {
      charge_info: { charge_mode: '' },
      backup_strategy: { start_time: '' },
      volume: { size: '' },
      availability_zone_mode: '',
      slave_count: 0,
    }
    const { status, body } = await create({ ...LEAST, ...unset })
    expect(status).toBe(201)
    expect(body.instance).toStrictEqual({
      ...LEAST,
      id: body.instance.id,
      status: 'ACTIVE',
      mode: 'Cluster',
      region: 'default',
      slave_count: 0,
    })
  })

  it('an instance is created with up to ten tags in order, and more can be added later', async () => {
    const tags = texts('k', 10).reverse()
    const { status, body } = await create({ ...LEAST, tags: tags.map(tagOf) })
    expect(status).toBe(201)
    expect((await show(body.instance.id)).tags).toEqual(tags.map(tagOf))
    const path = `/v3/${service.project}/instances/${body.instance.id}/tags/action`
    const more = { action: 'create', tags: texts('more', 10).map(tagOf) }
    expect((await service.call('POST', path, { body: more })).status).toBe(200)
    expect((await show(body.instance.id)).tags).toHaveLength(20)
  })

  it('two requests with the same name create two instances', async () => {
    const [one, two] = [await create(LEAST), await create(LEAST)]
    expect(one.body.instance.id).not.toBe(two.body.instance.id)
  })

  it.each(['abcd', `a${'b'.repeat(63)}`, 'A-_9'])('the name %s is accepted', async (name) => {
    const { status, body } = await create({ ...LEAST, name })
    expect(status).toBe(201)
    expect(await show(body.instance.id)).toMatchObject({ name })
  })

  it.each([
    ['a lower-case mode', { mode: 'cluster' }, { mode: 'Cluster' }],
    ['no tags', { tags: [] }, {}],
    ['nine replicas', { slave_count: 9 }, { slave_count: 9 }],
    ['an enterprise project as a string', { enterprise_project_id: '0' }, { enterprise_project_id: '0' }],
    ['a number of days', { backup_strategy: { keep_days: 7 } }, { backup_strategy: { keep_days: '7' } }],
    ['unknown members (D28)', { sys_tags: 1, dry_run: {} }, {}],
  ])('an instance can be created with %s', async (_name, members, shown) => {
    const { status, body } = await create({ ...LEAST, ...members })
    expect({ status, instance: body.instance }).toMatchObject({ status: 201, instance: shown })
  })
})

describe('invalid requests', () => {
  const refused = (name: string, body: unknown, ...fragments: string[]): Scenario => ({
    name: `${name} is refused`,
    request: { method: 'POST', path: PATH, body },
    ...dbsError(400, 'DBS.200001', ...fragments),
  })
  const without = (member: keyof typeof LEAST) => {
    const { [member]: _left, ...rest } = LEAST
    return refused(`a request without ${member}`, rest, member, 'is required')
  }
  const withMember = (name: string, members: object, ...fragments: string[]) =>
    refused(name, { ...LEAST, ...members }, ...fragments)
  const withTags = (name: string, tags: unknown, ...fragments: string[]) => withMember(name, { tags }, ...fragments)
  runScenarios(
    () => target,
    [
      {
        name: 'an empty body is refused',
        request: { method: 'POST', path: PATH, body: '' },
        ...dbsError(400, 'DBS.200006'),
      },
      refused('invalid JSON', '{', 'body', 'JSON'),
      refused('an array as body', [], 'body', 'an object'),
      ...(['name', 'datastore', 'flavor_ref', 'vpc_id', 'subnet_id'] as const).map(without),
      ...(['flavor_ref', 'vpc_id', 'subnet_id', 'region'] as const).flatMap((member) => [
        withMember(`an empty ${member}`, { [member]: '' }, member, 'empty'),
        withMember(`null as ${member}`, { [member]: null }, member, 'a string'),
      ]),
      withMember('a name of 3 characters', { name: 'abc' }, 'name', '4'),
      withMember('a name of 65 characters', { name: 'a'.repeat(65) }, 'name', '64', '65'),
      ...['1abc', '-abc', 'ab c', 'abc.', 'abc库', '库abc', 'abcd\n'].map((name) =>
        withMember(`the name ${JSON.stringify(name)}`, { name }, 'name', 'letters'),
      ),
      withMember('a name that is a number', { name: 12345 }, 'name', 'a string'),
      withMember('a datastore that is a string', { datastore: 'gaussdb-mysql' }, 'datastore', 'an object'),
      withMember('a datastore without type', { datastore: { version: '8.0' } }, 'datastore.type', 'required'),
      withMember(
        'another datastore type',
        { datastore: { type: 'mysql', version: '8.0' } },
        'datastore.type',
        'gaussdb-mysql',
      ),
      withMember(
        'a datastore without version',
        { datastore: { type: 'gaussdb-mysql' } },
        'datastore.version',
        'required',
      ),
      withMember('another mode', { mode: 'Single' }, 'mode', 'Cluster'),
      withMember(
        'an unknown availability zone mode',
        { availability_zone_mode: 'both' },
        'availability_zone_mode',
        'single',
      ),
      withMember('ten replicas', { slave_count: 10 }, 'slave_count', '9'),
      withMember('a negative number of replicas', { slave_count: -1 }, 'slave_count', '0'),
      withMember('a fraction of a replica', { slave_count: 0.5 }, 'slave_count', 'an integer'),
      ...[true, null, 0.5, 2 ** 53].flatMap((value) => [
        withMember(
          `the enterprise project ${value}`,
          { enterprise_project_id: value },
          'enterprise_project_id',
          'an integer',
        ),
        withMember(`a size of ${value}`, { volume: { size: value } }, 'volume.size', 'an integer'),
      ]),
      withMember('an unknown type of volume', { volume: { type: 'POOL' } }, 'volume.type', '"DL6", "DL5"'),
      withMember('a volume that is a number', { volume: 40 }, 'volume', 'an object'),
      withMember('a security group that is an array', { security_group_id: [] }, 'security_group_id', 'a string'),
      withMember('a detail beyond the size limit', { time_zone: 'x'.repeat(8192) }, 'body', '8192'),
      withTags('tags that are not an array', { key: 'a', value: '1' }, 'tags', 'an array'),
      withTags('a tag without a value (D7)', [{ key: 'a' }], 'tags[0].value', 'required'),
      withTags('an empty key', [{ key: '', value: '' }], 'tags[0].key', 'empty'),
      withTags('a key of 37 characters', [{ key: 'k'.repeat(37), value: '' }], 'tags[0].key', '36'),
      withTags('a value of 44 characters', [{ key: 'k', value: 'v'.repeat(44) }], 'tags[0].value', '43'),
      withTags('a key with @ (D6)', [{ key: 'a@', value: '' }], 'tags[0].key'),
      {
        name: 'eleven tags are refused at creation, although twenty are allowed later',
        request: { method: 'POST', path: PATH, body: { ...LEAST, tags: texts('k', 11).map(tagOf) } },
        ...dbsError(400, 'DBS.200087', 'tags', '10'),
      },
      {
        name: 'a repeated key is refused',
        request: { method: 'POST', path: PATH, body: { ...LEAST, tags: ['a=1', ' a=2'].map(tagOf) } },
        ...dbsError(400, 'DBS.280272', 'tags[1].key'),
      },
      {
        name: 'the error for a repeated key is in Chinese with X-Language zh-cn (D14)',
        request: {
          method: 'POST',
          path: PATH,
          body: { ...LEAST, tags: ['a=1', 'a=2'].map(tagOf) },
          headers: { 'x-language': 'zh-cn' },
        },
        ...dbsErrorInChinese(400, 'DBS.280272', 'tags[1].key'),
      },
      {
        name: 'the error for eleven tags is in Chinese with X-Language zh-cn (D14)',
        request: {
          method: 'POST',
          path: PATH,
          body: { ...LEAST, tags: texts('k', 11).map(tagOf) },
          headers: { 'x-language': 'zh-cn' },
        },
        ...dbsErrorInChinese(400, 'DBS.200087', 'tags', '10'),
      },
      ...outsiders((project) => ({ method: 'POST', path: `/v3/${project}/instances`, body: LEAST })),
    ],
  )

  it('a user with a read-only role is answered with 403 DBS.200010', async () => {
    const { token } = await logIn(service, 'reader', 'default')
    const answer = await service.call('POST', `/v3/${service.project}/instances`, { body: LEAST, token })
    expect(answer).toMatchObject(dbsError(403, 'DBS.200010'))
  })

  it('a refused request creates nothing', async () => {
    const count = async () => (await service.call('GET', `/v3/${service.project}/instances`)).body.total_count
    const before = await count()
    await create({ ...LEAST, tags: [tagOf('a=1'), tagOf('b@=1')] })
    await create({ ...LEAST, tags: texts('k', 11).map(tagOf) })
    expect(await count()).toBe(before)
  })
})

describe('stored data', () => {
  it('a detail may have 8192 bytes, and its export can be imported', async () => {
    const own = await startTestService()
    try {
      const room = async (time_zone: string) => (await create({ ...LEAST, time_zone }, own)).status
      let length = 8192
      while ((await room('x'.repeat(length))) === 400) length--
      const exported = (
        await own.call('GET', `/tagwerk/v1/export?project=default`, { token: await own.tokenFor(undefined) })
      ).text
      const [line] = exported.trim().split('\n')
      expect(JSON.stringify(JSON.parse(line as string).resource_detail)).toHaveLength(8192)
      expect((await own.register(JSON.parse(line as string))).body).toMatchObject({ refused: 0 })
    } finally {
      await own.stop()
    }
  })

  it('a password is neither in an answer nor in an error nor in the store', async () => {
    const password = 'never-To-Be-Seen-1'
    const own = await startTestService()
    try {
      const secrets = { password, volume: { size: '40', password }, charge_info: { charge_mode: 'postPaid', password } }
      const { status, text, body } = await create({ ...LEAST, ...secrets, unknown: password }, own)
      expect({ status, text }).toMatchObject({ status: 201, text: expect.not.stringContaining(password) })
      const shown = await own.call('GET', `/v3/${own.project}/instances/${body.instance.id}`)
      expect(shown.text).not.toContain(password)
      for (const member of ['password', 'name', 'flavor_ref', 'mode']) {
        const bad = await create({ ...LEAST, [member]: member === 'flavor_ref' ? [password] : { password } }, own)
        expect({ status: bad.status, text: bad.text }).toMatchObject({
          status: 400,
          text: expect.not.stringContaining(password),
        })
      }
      for (const member of ['mode', 'name']) {
        expect((await create({ ...LEAST, [member]: `${password}!` }, own)).text).not.toContain(password)
      }
      const files = (await readdir(own.folder)).filter((name) => name.startsWith('tagwerk.sqlite'))
      expect(files).not.toEqual([])
      for (const file of files) expect((await readFile(join(own.folder, file))).includes(password)).toBe(false)
    } finally {
      await own.stop()
    }
  })

  it('a created instance survives a restart', async () => {
    const first = await startTestService()
    const { body } = await create({ ...LEAST, tags: [tagOf('a=1')] }, first)
    const before = await show(body.instance.id, first)
    await first.service.stop()
    const second = await startTestService({ folder: first.folder })
    try {
      expect(await show(body.instance.id, second)).toEqual(before)
    } finally {
      await second.stop()
      await first.stop()
    }
  })
})
