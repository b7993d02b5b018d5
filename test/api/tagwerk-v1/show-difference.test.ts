import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { image, logIn, startWithUsers, targetOf } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'

// GET /tagwerk/v1/{project_id}/diff.

let service: TestService
let target: Target
let nowMs = Date.UTC(2026, 0, 31, 12)
const detail = { status: 'active' }

beforeAll(async () => {
  service = await startWithUsers({ internals: { clock: () => nowMs } })
  target = await targetOf(service, {})
  await service.register(image('one', 'env=dev', 'tmp=-1'), image('two'), image('same', 'env=a'))
  nowMs += 60_000
  await service.register(image('one', 'env=prod'), image('same', 'env=b'))
  await service.register(image('same', 'env=a'))
  await service.call('DELETE', `/tagwerk/v1/${service.project}/resources/images/two`)
  await service.register({ resource_type: 'ecs', resource_id: 'three', tags: [{ key: 'env', value: 'new' }] })
})
afterAll(() => service.stop())

const diff = (query: string, token = service.token) =>
  service.call('GET', `/tagwerk/v1/${service.project}/diff?${query}`, { token })
const linesOf = async (query: string) => {
  const { status, text, headers } = await diff(query)
  expect([status, headers.get('content-type')]).toEqual([200, 'application/x-ndjson'])
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}
const tag = (key: string, value: string) => ({ key, value })

describe('the difference of two moments', () => {
  it('has a line for each resource that differs, with its states, and a summary', async () => {
    const admin = { id: expect.stringMatching(/^[0-9a-f]{32}$/), name: 'admin' }
    const who = { changes: 1, actors: [admin] }
    const name = 'image one'
    expect(await linesOf('from=3')).toEqual([
      {
        ...{ resource_type: 'images', resource_id: 'one', resource_name: name, movement: 'changed', ...who },
        from: { resource_name: name, resource_detail: detail, tags: [tag('env', 'dev'), tag('tmp', '-1')] },
        to: { resource_name: name, resource_detail: detail, tags: [tag('env', 'prod')] },
      },
      {
        ...{ resource_type: 'images', resource_id: 'two', resource_name: 'image two', movement: 'left', ...who },
        from: { resource_name: 'image two', resource_detail: detail, tags: [] },
        to: null,
      },
      {
        ...{ resource_type: 'ecs', resource_id: 'three', resource_name: '', movement: 'entered', ...who, from: null },
        to: { resource_name: '', resource_detail: {}, tags: [tag('env', 'new')] },
      },
      {
        summary: {
          ...{ from: 3, to: 8, resources: 3, entered: 1, left: 1, changed: 1, changes: 5, actors: [admin] },
          keys: [
            { key: 'env', added: 1, changed: 1, removed: 0 },
            { key: 'tmp', added: 0, changed: 0, removed: 1 },
          ],
        },
      },
    ])
  })

  it('takes times, and moments in reverse', async () => {
    const movements = async (query: string) =>
      (await linesOf(query)).slice(0, -1).map((line) => `${line.resource_id} ${line.movement}`)
    const forwards = ['one changed', 'two left', 'three entered']
    expect(await movements('from=2026-01-31T12:00:30Z&to=2026-01-31T12:01:00Z')).toEqual(forwards)
    expect(await movements('from=2026-01-31T12:00:00Z')).toEqual(forwards)
    expect(await movements('from=8&to=3')).toEqual(['one changed', 'two entered', 'three left'])
    expect(await movements('from=2026-01-31T11:59:59Z&to=3')).toEqual(['one entered', 'two entered', 'same entered'])
    expect(await movements('from=8&to=8')).toEqual([])
    expect(await movements('from=3&resource_type=ecs')).toEqual(['three entered'])
    expect(await movements('from=3&key=tmp')).toEqual(['one changed'])
    const filter = encodeURIComponent('tags.env in ["new", "dev"]')
    expect(await movements(`from=3&filter=${filter}`)).toEqual(['one left', 'three entered'])
  })

  it('is written as CSV, no cell of which is a formula', async () => {
    const { text, headers } = await diff('from=3&format=csv')
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
    // Reading a text drops its byte order mark.
    expect(text).toBe(
      [
        'resource_type,resource_id,resource_name,movement,what,key,before,after,changes,actors',
        'images,one,image one,changed,tag changed,env,dev,prod,1,admin',
        "images,one,image one,changed,tag removed,tmp,'-1,,1,admin",
        'images,two,image two,left,name,,image two,,1,admin',
        'ecs,three,,entered,tag added,env,,new,1,admin',
        '',
      ].join('\r\n'),
    )
  })

  it('has a summary alone', async () => {
    const { body, headers } = await diff('from=3&format=summary')
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(body).toEqual((await linesOf('from=3')).at(-1))
    expect(headers.get('x-tagwerk-revision')).toBe('8')
  })

  it('may be read by a user with the role readonly', async () => {
    const { token } = await logIn(service, 'reader', 'default')
    expect((await diff('from=0', token)).status).toBe(200)
  })

  runScenarios(
    () => target,
    [
      {
        name: 'a token of another project is answered with 403',
        request: { method: 'GET', path: '/tagwerk/v1/{project}/diff?from=0', token: 'other' },
        ...tagwerkError(403, 'scope-forbidden'),
      },
      {
        name: 'a request without from is answered with 400',
        request: { method: 'GET', path: '/tagwerk/v1/{project}/diff' },
        ...tagwerkError(400, 'request-invalid', 'from: is required'),
      },
      {
        name: 'a revision above the present is answered with 400',
        request: { method: 'GET', path: '/tagwerk/v1/{project}/diff?from=0&to=9' },
        ...tagwerkError(400, 'revision-unknown', 'to: must not be above 8 (got 9)'),
      },
      {
        name: 'a moment that is neither a revision nor a time is answered with 400',
        request: { method: 'GET', path: '/tagwerk/v1/{project}/diff?from=yesterday' },
        ...tagwerkError(400, 'request-invalid', 'from: must be a revision, or a time such as'),
      },
      {
        name: 'an unknown format is answered with 400',
        request: { method: 'GET', path: '/tagwerk/v1/{project}/diff?from=0&format=xml' },
        ...tagwerkError(400, 'request-invalid', 'format'),
      },
    ],
  )
})
