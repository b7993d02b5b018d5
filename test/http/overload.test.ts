import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { image, newImageId } from '../api/fixtures.ts'
import { type Answer, startTestService, type TestService } from '../support/service.ts'

// Writes beyond the size of the write queue are refused at once and have no effect.

let service: TestService
beforeAll(async () => {
  service = await startTestService({ flags: { 'write-queue-max': '1' } })
})
afterAll(() => service.stop())

async function withImages(count: number): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, newImageId)
  for (const id of ids) await service.register(image(id))
  return ids.map((id) => `/v2/${service.project}/images/${id}/tags`)
}

describe('concurrent writes with a queue of one', () => {
  it('are stored exactly when they answer 204, and a 503 has a Retry-After header', async () => {
    const paths = await withImages(60)
    const before = await revision()
    const answers = await Promise.all(
      paths.map((path) => service.call('POST', path, { body: { tag: { key: 'k', value: 'v' } } })),
    )
    const [done, refused] = [204, 503].map((status) => answers.filter((answer) => answer.status === status)) as [
      Answer[],
      Answer[],
    ]
    expect(done.length + refused.length).toBe(60)
    expect(done.length).toBeGreaterThan(0)
    expect(refused.length).toBeGreaterThan(0)
    for (const { body, headers } of refused) {
      expect(body).toEqual({
        error: {
          message: expect.stringMatching(/^The number of tasks exceeds the flow control limit\./),
          code: 'IMG.0060',
        },
      })
      expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
      expect(headers.get('x-tagwerk-revision')).toMatch(/^\d+$/)
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/)
    }
    for (const [i, path] of paths.entries()) {
      const { body } = await service.call('GET', path)
      expect(body.tags).toEqual(answers[i]?.status === 204 ? [{ key: 'k', value: 'v' }] : [])
    }
    expect(await revision()).toBe(before + done.length)
    expect(new Set(done.map(({ headers }) => headers.get('x-tagwerk-revision'))).size).toBe(done.length)
  })

  it('do not block reads', async () => {
    const [path = ''] = await withImages(1)
    const writes = Array.from({ length: 40 }, (_, i) =>
      service.call('POST', path, { body: { tag: { key: 'k', value: `v${i}` } } }),
    )
    const reads = await Promise.all(Array.from({ length: 40 }, () => service.call('GET', path)))
    expect(reads.map(({ status }) => status)).toEqual(Array(40).fill(200))
    await Promise.all(writes)
  })

  it('all succeed when each is retried', async () => {
    const paths = await withImages(20)
    const persist = async (path: string): Promise<number> => {
      for (let tries = 1; ; tries++) {
        const { status } = await service.call('POST', path, { body: { tag: { key: 'again', value: '' } } })
        if (status === 204) return tries
        expect(status).toBe(503)
        await new Promise((resolve) => setTimeout(resolve, tries * Math.random() * 10))
      }
    }
    await Promise.all(paths.map(persist))
    const body = { action: 'count', tags: [{ key: 'again', values: [] }] }
    const counted = await service.call('POST', `/v2/${service.project}/images/resource_instances/action`, { body })
    expect(counted.body).toEqual({ total_count: 20 })
  })
})

async function revision(): Promise<number> {
  return Number((await service.call('GET', `/v3/${service.project}/tags`)).headers.get('x-tagwerk-revision'))
}
