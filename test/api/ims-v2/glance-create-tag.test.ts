import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService } from '../../support/service.ts'
import { imsError } from '../expected.ts'
import { image, newImageId, texts } from '../fixtures.ts'
import { runScenarios } from '../scenarios.ts'
import { startWorld, testImageAccess, type World } from './world.ts'

// I10: PUT /v2/images/{image_id}/tags/{tag} (contract 2.1, 2.2).

const PATH = '/v2/images/{image}/tags/'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.service.stop())

const put = (id: string, tag: string) => world.call('PUT', `/v2/images/${id}/tags/${encodeURIComponent(tag)}`)

describe('valid keys', () => {
  it.each([
    ['a new key', 'aaaa', ['a=1', 'aaaa=']],
    ['a key of 36 characters', 'k'.repeat(36), ['a=1', `${'k'.repeat(36)}=`]],
    ['a Chinese key', '键', ['a=1', '键=']],
    ['an existing key, whose value becomes empty', 'a', ['a=']],
  ])('a key is added with an empty value: %s', async (_name, tag, after) => {
    const id = await world.image({}, ['a=1'])
    const answer = await put(id, tag)
    expect([answer.status, answer.text]).toEqual([204, ''])
    expect(await world.tagsOf(id)).toEqual(after)
  })

  it('adding a key is idempotent', async () => {
    const id = await world.image()
    expect([(await put(id, 'k')).status, (await put(id, 'k')).status]).toEqual([204, 204])
    expect(await world.tagsOf(id)).toEqual(['k='])
  })

  it('adding an eleventh key is refused', async () => {
    const id = await world.image(
      {},
      texts('k', 10).map((key) => `${key}=`),
    )
    const { status, body } = await put(id, 'x')
    expect({ status, body }).toEqual(imsError(400, 'IMG.0116', 'tags', '10', '11'))
    expect((await put(id, 'k9')).status).toBe(204)
  })
})

describe('invalid requests', () => {
  runScenarios(
    () => world.target,
    ['a.b', 'a b', 'a/b', '*', 'k'.repeat(37), ' '].map((tag) => ({
      name: `adding a key is refused: ${JSON.stringify(tag.slice(0, 5))}`,
      request: { method: 'PUT', path: PATH + encodeURIComponent(tag) },
      ...imsError(400, 'IMG.0115', 'tag.key'),
    })),
  )
})

describe('a pair in the path', () => {
  runScenarios(
    () => world.target,
    [
      {
        name: 'adding key=value in the path is refused with the calls that set a value',
        request: { method: 'PUT', path: `${PATH}a=b` },
        ...imsError(400, 'IMG.0115', 'tag.key: must be a key; PATCH /v2/images/{image_id}', '"a=b"'),
      },
    ],
  )

  it('the profile lenient adds key=value in the path', async () => {
    const lenient = await startTestService({ flags: { profile: 'lenient' } })
    try {
      const id = newImageId()
      await lenient.register(image(id))
      const added = await lenient.call('PUT', `/v2/images/${id}/tags/${encodeURIComponent('a=b=c')}`)
      expect([added.status, added.text]).toEqual([400, expect.stringContaining('tag.value')])
      expect((await lenient.call('PUT', `/v2/images/${id}/tags/a=b`)).status).toBe(204)
      expect((await lenient.call('PUT', `/v2/images/${id}/tags/k`)).status).toBe(204)
      const { body } = await lenient.call('GET', `/v2/images/${id}`)
      expect(body.tags).toEqual(['a=b', 'k'])
    } finally {
      await lenient.stop()
    }
  })

  it('the profile lenient creates an image with tags that hold dots', async () => {
    const lenient = await startTestService({ flags: { profile: 'lenient' } })
    try {
      const tags = ['foo.bar', 'tag.value']
      const made = await lenient.call('POST', '/v2/images', { body: { name: 'x', tags } })
      expect([made.status, made.body.tags]).toEqual([201, tags])
    } finally {
      await lenient.stop()
    }
  })
})

testImageAccess(() => world, { method: 'PUT', path: `${PATH}k` })
