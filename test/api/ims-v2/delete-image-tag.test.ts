import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { startWorld, turnsAway, type World } from './world.ts'

// I2: DELETE /v2/{project_id}/images/{image_id}/tags/{key} (contract 2.1, 2.2; D11, D29, D30).

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.service.stop())

const remove = (id: string, key: string) =>
  world.call('DELETE', `/v2/${world.service.project}/images/${id}/tags/${key}`)

describe('removes the tag of a key, whatever its value, and no other', () => {
  it.each([
    ['a', ['b=2', 'A=3']],
    ['b', ['a=1', 'A=3']],
    ['A', ['a=1', 'b=2']],
  ])('%s', async (key, left) => {
    const id = await world.image({}, ['a=1', 'b=2', 'A=3'])
    const answer = await remove(id, key)
    expect([answer.status, answer.text, answer.headers.get('content-type')]).toEqual([204, '', null])
    expect(await world.tagsOf(id)).toEqual(left)
  })

  it('whose key is Chinese, in its path encoded as UTF-8', async () => {
    const id = await world.image({}, ['键=值', 'b='])
    expect((await remove(id, encodeURIComponent('键'))).status).toBe(204)
    expect(await world.tagsOf(id)).toEqual(['b='])
  })

  it('once: the second call finds none (D11)', async () => {
    const id = await world.image({}, ['a=1'])
    const answers = [await remove(id, 'a'), await remove(id, 'a')]
    expect(answers.map(({ status }) => status)).toEqual([204, 404])
    expect(answers[1]?.body).toEqual(imsError(404, 'IMG.0031').body)
    expect(answers[1]?.headers.get('x-tagwerk-revision')).toBe(answers[0]?.headers.get('x-tagwerk-revision'))
  })

  it('exactly once of many calls at once', async () => {
    const id = await world.image({}, ['a=1'])
    const answers = await Promise.all(Array.from({ length: 10 }, () => remove(id, 'a')))
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(9)
  })
})

describe('answers 404 IMG.0031 for a key that is not there, however odd or long (D29, D30)', () => {
  const path = '/v2/{project}/images/{image}/tags/'
  const odd = ['none', 'A', '%20a', 'a%2Fb', 'a%252Fb', '..%2F..', '%2A', '%00', '%F0%9F%98%80', 'k'.repeat(3000)]
  runScenarios(
    () => world.target,
    odd.map((key) => ({
      name: key.slice(0, 20),
      request: { method: 'DELETE', path: path + key },
      ...imsError(404, 'IMG.0031'),
    })),
  )
})

describe('answers 400 IMG.0017 to an invalid escape (D30)', () => {
  it.each(['%zz', '%', 'a%2', '%ff'])('%s', async (key) => {
    const { status, body } = await remove(await world.image({}, ['a=1']), key)
    expect([status, body.error.code]).toEqual([400, 'IMG.0017'])
    expect(body.error.message).toMatch(/^The URL format is incorrect\./)
  })
})

turnsAway(() => world, { method: 'DELETE', path: '/v2/{project}/images/{image}/tags/a' })
