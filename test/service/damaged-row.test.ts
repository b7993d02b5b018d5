import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startTestService } from '../support/service.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-damaged-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

it('a damaged row costs that resource: the rest of its project is served, and an export does not end in silence', async () => {
  const first = await startTestService({ folder })
  for (const id of ['i1', 'i2', 'i3']) {
    await first.register({
      resource_type: 'images',
      resource_id: id,
      resource_name: id,
      tags: [{ key: 'a', value: '1' }],
    })
  }
  await first.stop()
  const db = new DatabaseSync(join(folder, 'tagwerk.sqlite'))
  db.exec(`UPDATE resource SET tags = 'x' WHERE resource_id = 'i2'`)
  db.close()
  const service = await startTestService({ folder })
  try {
    const images = `/v2/${service.project}/images`
    const filter = () => service.call('POST', `${images}/resource_instances/action`, { body: { action: 'filter' } })
    expect((await filter()).body).toMatchObject({
      total_count: 2,
      resources: [{ resource_id: 'i1' }, { resource_id: 'i3' }],
    })
    const tag = (id: string) =>
      service.call('POST', `${images}/${id}/tags`, { body: { tag: { key: 'b', value: '2' } } })
    const created = await service.call('POST', '/v2/images', { body: { name: 'new' } })
    expect([(await tag('i1')).status, (await tag('i2')).status, created.status]).toEqual([204, 500, 201])
    expect((await tag('i2')).text).toContain('The stored row of images i2 is damaged')
    await expect(service.call('GET', '/tagwerk/v1/export')).rejects.toThrow()
    await service.register({ resource_type: 'images', resource_id: 'i2', resource_name: 'again', tags: [] })
    expect((await filter()).body).toMatchObject({ total_count: 4 })
    expect((await service.call('GET', '/tagwerk/v1/export')).text.trim().split('\n')).toHaveLength(4)
  } finally {
    await service.stop()
  }
})
