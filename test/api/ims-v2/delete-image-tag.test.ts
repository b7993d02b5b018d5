import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { startWorld, testImageAccess, type World } from './world.ts'

// I2: DELETE /v2/{project_id}/images/{image_id}/tags/{key} (contract 2.1, 2.2; D11, D29, D30).

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.service.stop())

const remove = (id: string, key: string) =>
  world.call('DELETE', `/v2/${world.service.project}/images/${id}/tags/${key}`)

describe('removal', () => {
  it.each([
    ['a', ['b=2', 'A=3']],
    ['b', ['a=1', 'A=3']],
    ['A', ['a=1', 'b=2']],
  ])('removing the key %s keeps the other tags', async (key, left) => {
    const id = await world.image({}, ['a=1', 'b=2', 'A=3'])
    const answer = await remove(id, key)
    expect([answer.status, answer.text, answer.headers.get('content-type')]).toEqual([204, '', null])
    expect(await world.tagsOf(id)).toEqual(left)
  })

  it('a Chinese key can be removed, encoded as UTF-8 in the path', async () => {
    const id = await world.image({}, ['键=值', 'b='])
    expect((await remove(id, encodeURIComponent('键'))).status).toBe(204)
    expect(await world.tagsOf(id)).toEqual(['b='])
  })

  it('a second removal of a key is answered with 404 (D11)', async () => {
    const id = await world.image({}, ['a=1'])
    const answers = [await remove(id, 'a'), await remove(id, 'a')]
    expect(answers.map(({ status }) => status)).toEqual([204, 404])
    expect(answers[1]?.body).toEqual(imsError(404, 'IMG.0031').body)
    expect(answers[1]?.headers.get('x-tagwerk-revision')).toBe(answers[0]?.headers.get('x-tagwerk-revision'))
  })

  it('exactly one of ten concurrent removals succeeds', async () => {
    const id = await world.image({}, ['a=1'])
    const answers = await Promise.all(Array.from({ length: 10 }, () => remove(id, 'a')))
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(9)
  })
})

describe('absent keys: 404 IMG.0031 (D29, D30)', () => {
  const path = '/v2/{project}/images/{image}/tags/'
  const odd = ['none', 'A', '%20a', 'a%2Fb', 'a%252Fb', '..%2F..', '%2A', '%00', '%F0%9F%98%80', 'k'.repeat(3000)]
  runScenarios(
    () => world.target,
    odd.map((key) => ({
      name: `removing the absent key ${key.slice(0, 20)} is answered with 404`,
      request: { method: 'DELETE', path: path + key },
      ...imsError(404, 'IMG.0031'),
    })),
  )
})

describe('invalid escapes: 400 IMG.0017 (D30)', () => {
  it.each(['%zz', '%', 'a%2', '%ff'])('a key with the invalid escape %s is answered with 400', async (key) => {
    const { status, body } = await remove(await world.image({}, ['a=1']), key)
    expect([status, body.error.code]).toEqual([400, 'IMG.0017'])
    expect(body.error.message).toMatch(/^The URL format is incorrect\./)
  })
})

testImageAccess(() => world, { method: 'DELETE', path: '/v2/{project}/images/{image}/tags/a' })
