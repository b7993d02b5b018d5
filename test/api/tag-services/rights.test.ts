import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TAG_SERVICE_ROWS } from '../../../src/api/tag-services/index.ts'
import type { TagServiceRow } from '../../../src/api/tag-services/row.ts'
import type { TestService } from '../../support/service.ts'
import { image, logIn, makeUser, newImageId, startWithUsers } from '../fixtures.ts'
import { getFrom } from './get-from.ts'
import { type Unit, unitsOf } from './units.ts'

// Who may do what, and the errors of each row (contract 12.3, 12.4).

let service: TestService
let domainId: string
let tokens: Readonly<Record<'reader' | 'other' | 'domain', string>>
beforeAll(async () => {
  service = await startWithUsers()
  await service.register({ ...image(newImageId()), project: 'other' })
  const domain = await service.tokenFor(undefined)
  domainId = (await service.call('GET', `/v3/projects/${service.project}`)).body.project.domain_id
  tokens = {
    reader: (await logIn(service, 'reader', 'default')).token,
    other: await service.tokenFor('other'),
    domain,
  }
})
afterAll(() => service.stop())

const rows: readonly (readonly [name: string, row: TagServiceRow])[] = TAG_SERVICE_ROWS.filter(
  ({ form }) => form === undefined,
).map((row) => [`${row.service} ${row.base}/${Object.keys(row.types)[0]}`, row])

/** The first call of a row that reads, and the first that writes, for a resource that does not exist. */
function callsOf(unit: Unit) {
  const { row, path } = unit
  const read = row.hidesTags ? undefined : { method: 'GET', path: `${path}/none/${row.tagsSegment ?? 'tags'}` }
  const write = WRITES.find(([call]) => row.writes.includes(call))
  const [call = '', body] = write ?? []
  const [method = '', end = ''] = call.replace(' of many', '').split(' ')
  const tail = end.replace('tags', row.tagsSegment ?? 'tags')
  return { read, write: write && { method, path: `${path}/none/${tail}`, body } }
}

const tags = [{ key: 'k', value: 'v' }]
const WRITES = [
  ['POST tags/action', { action: 'create', tags }],
  ['POST tags/create', { tags }],
  ['POST tags/batch-create', { tags }],
  ['POST tags of many', { tags }],
] as const

type Call = { readonly method: string; readonly path: string; readonly body?: unknown }

/** Status, error code, and message of a call with a token; an empty one sends none. */
async function ask({ host }: Unit, call: Call | undefined, token: string) {
  if (call === undefined) return undefined
  const { method, path, body } = call
  const answer = await getFrom(service, host ?? '127.0.0.1', path, { method, body, headers: { 'x-auth-token': token } })
  const { error = {}, error_code: code, error_msg: message } = answer.body ?? {}
  return { status: answer.status, code: code ?? error.code, message: message ?? error.message, body: answer.body }
}

describe('a call', () => {
  it.each(rows)('without a token, of another project, of a reader, and for a missing resource: %s', async (_, row) => {
    const [unit] = unitsOf([row], service.project, domainId) as [Unit]
    const { read, write } = callsOf(unit)
    const gateway = { status: 401, code: 'APIGW.0301' }
    const missing = { status: 404, code: `${row.codePrefix}.4042` }
    for (const call of [read, write].filter((each) => each !== undefined)) {
      expect(await ask(unit, call, '')).toMatchObject(gateway)
      expect(await ask(unit, call, service.token)).toMatchObject(missing)
      if (!unit.isGlobal) {
        for (const token of [tokens.other, tokens.domain]) {
          expect(await ask(unit, call, token)).toMatchObject({ status: 403, code: `${row.codePrefix}.4030` })
        }
      } else {
        expect(await ask(unit, call, tokens.domain)).toMatchObject(missing)
      }
    }
    if (read !== undefined) expect(await ask(unit, read, tokens.reader)).toMatchObject(missing)
    const refused = write && (await ask(unit, write, tokens.reader))
    if (refused === undefined) return
    expect(refused).toMatchObject({ status: 403, code: `${row.codePrefix}.4031` })
    expect(refused.message).toContain(`The call needs the action ${row.service}:tags:update`)
    const { body } = refused
    const shape = row.envelope === 'flat' ? ['error_code', 'error_msg'] : ['error']
    expect(Object.keys(body)).toEqual(shape)
  })
})

it('a custom policy grants the calls of one service', async () => {
  const policy = { Version: '1.1', Statement: [{ Effect: 'Allow', Action: ['vpc:*:*', 'ecs:tags:list'] }] }
  const role = { display_name: 'network', type: 'AX', description: 'x', policy }
  const made = await service.call('POST', '/v3.0/OS-ROLE/roles', {
    token: tokens.domain,
    body: { role: { ...role, type: 'XA' } },
  })
  expect(made.status).toBe(201)
  const user = await makeUser(service, tokens.domain, 'networker')
  const path = `/v3/projects/${service.project}/users/${user}/roles/${made.body.role.id}`
  expect((await service.call('PUT', path, { token: tokens.domain })).status).toBe(204)
  const { token } = await logIn(service, 'networker', 'default')
  const unit = { host: undefined } as Unit
  const write = { method: 'POST', body: { action: 'create', tags } }
  const { project } = service
  const outcomes = await Promise.all(
    [
      { method: 'GET', path: `/v2.0/${project}/vpcs/none/tags` },
      { ...write, path: `/v2.0/${project}/vpcs/none/tags/action` },
      { method: 'GET', path: `/v1/${project}/cloudservers/none/tags` },
      { ...write, path: `/v1/${project}/cloudservers/none/tags/action` },
      { method: 'GET', path: `/v2/${project}/cloudvolumes/none/tags` },
    ].map((call) => ask(unit, call, token)),
  )
  expect(outcomes.map((outcome) => outcome?.status)).toEqual([404, 404, 404, 403, 403])
})
