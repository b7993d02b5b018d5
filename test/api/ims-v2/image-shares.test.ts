import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toImageFilter } from '../../../src/api/ims-v2/image-filter.ts'
import { Images } from '../../../src/api/ims-v2/images.ts'
import { MEMBER_STATUSES } from '../../../src/api/ims-v2/visible-image.ts'
import type { Catalog } from '../../../src/catalog/catalog.ts'
import { DomainError } from '../../../src/core/errors.ts'
import type { ImageMemberStore } from '../../../src/store/image-member-store.ts'
import { imsError } from '../expected.ts'
import { newImageId, projectNamed, type TestProject } from '../fixtures.ts'
import { startWorld, type World } from './world.ts'

// Sharing protects the member from abuse by owners (contract 2.10, D27). The default project is the member.

let world: World
let nowMs = Date.UTC(2026, 0, 2, 3, 4, 5)
beforeAll(async () => {
  world = await startWorld(() => nowMs)
})
afterAll(() => world.service.stop())

type Status = 'pending' | 'accepted' | 'rejected'

const membersPath = (id: string) => `/v2/images/${id}/members`
const offer = (id: string, owner: { readonly token: string }, member = world.service.project) =>
  world.call('POST', membersPath(id), { body: { member }, token: owner.token })
const decide = (id: string, status: Status, query = '') =>
  world.call('PUT', `${membersPath(id)}/${world.service.project}${query}`, { body: { status } })
const leave = (id: string, query = '') => world.call('DELETE', `${membersPath(id)}/${world.service.project}${query}`)
const show = (id: string, query = '') => world.call('GET', `/v2/images/${id}${query}`)
const ownersListed = async (query: string) =>
  (await world.call('GET', `/v2/images?${query}`)).body.images.map(({ owner }: { owner: string }) => owner)
const statusFor = async (id: string, owner: TestProject) => {
  const { body } = await world.call('GET', membersPath(id), { token: owner.token })
  return body.members.map(({ status }: { status: Status }) => status)
}

/** Registers images in one project. */
async function imagesOf(project: string, ids: readonly string[]): Promise<TestProject> {
  const line = { resource_type: 'images', resource_name: 'x', project, tags: [{ key: 'of', value: project }] }
  const { body } = await world.service.register(...ids.map((resource_id) => ({ ...line, resource_id })))
  expect(body.refused).toBe(0)
  return projectNamed(world.service, project)
}

/** Two projects share images of one id; the squatter shares first. */
async function squatted(): Promise<{ id: string; squatter: TestProject; owner: TestProject }> {
  const id = newImageId()
  const [squatter, owner] = [await imagesOf('squatter', [id]), await imagesOf('owner', [id])]
  for (const project of [squatter, owner]) {
    nowMs += 1000
    expect((await offer(id, project)).status).toBe(200)
  }
  return { id, squatter, owner }
}

describe('two shared images of one id', () => {
  it('calls on an id that two projects share are answered with 409 until owner is given', async () => {
    const { id, squatter, owner } = await squatted()
    const unclear = imsError(409, 'IMG.0105', 'owner', '2 projects', squatter.id, owner.id)
    expect(await show(id)).toMatchObject(unclear)
    expect(await world.call('GET', membersPath(id))).toMatchObject(unclear)
    expect(await world.call('GET', `${membersPath(id)}/${world.service.project}`)).toMatchObject(unclear)
    for (const status of ['accepted', 'rejected', 'pending'] as const) {
      expect(await decide(id, status)).toMatchObject(unclear)
    }
    expect(await leave(id)).toMatchObject(unclear)
    expect([await statusFor(id, squatter), await statusFor(id, owner)]).toEqual([['pending'], ['pending']])
  })

  it('the parameter owner selects one of two shared images of an id', async () => {
    const { id, squatter, owner } = await squatted()
    for (const project of [squatter, owner]) {
      expect((await show(id, `?owner=${project.id}`)).body).toMatchObject({ id, owner: project.id })
      expect((await world.call('GET', `${membersPath(id)}?owner=${project.id}`)).body.members).toHaveLength(1)
    }
    expect(await show(id, `?owner=${world.other}`)).toMatchObject(imsError(404, 'IMG.0027'))
    expect(await show(id, `?owner=${world.service.project}`)).toMatchObject(imsError(404, 'IMG.0027'))
    expect(await decide(id, 'accepted', `?owner=${world.other}`)).toMatchObject(imsError(404, 'IMG.0027'))
    expect((await decide(id, 'accepted', `?owner=${owner.id}`)).body.status).toBe('accepted')
    expect([await statusFor(id, squatter), await statusFor(id, owner)]).toEqual([['pending'], ['accepted']])
    const member = await world.call('GET', `${membersPath(id)}/${world.service.project}?owner=${squatter.id}`)
    expect(member.body.status).toBe('pending')
  })

  it('the accepted image of an id takes precedence over earlier and later offers', async () => {
    const { id, squatter, owner } = await squatted()
    await decide(id, 'accepted', `?owner=${owner.id}`)
    const third = await imagesOf('third', [id])
    expect((await offer(id, third)).status).toBe(200)
    expect((await show(id)).body.owner).toBe(owner.id)
    const tags = await world.call('GET', `/v2/${world.service.project}/images/${id}/tags`)
    expect(tags.body.tags).toEqual([{ key: 'of', value: 'owner' }])
    expect(await ownersListed(`id=${id}`)).toEqual([owner.id])
    expect(await ownersListed(`id=${id}&member_status=all`)).toEqual([owner.id])
    const second = await decide(id, 'accepted', `?owner=${squatter.id}`)
    expect(second).toMatchObject(imsError(409, 'IMG.0105', 'owner', 'accepted already', squatter.id))
    // Without owner the accepted image is rejected; the pending ones are then ambiguous.
    expect((await decide(id, 'rejected')).status).toBe(200)
    expect(await statusFor(id, owner)).toEqual(['rejected'])
    expect(await show(id)).toMatchObject(imsError(409, 'IMG.0105', 'owner', '2 projects', squatter.id, third.id))
    expect((await leave(id, `?owner=${third.id}`)).status).toBe(204)
    expect((await show(id)).body.owner).toBe(squatter.id)
    expect((await decide(id, 'accepted')).status).toBe(200)
    expect([await statusFor(id, squatter), await statusFor(id, owner)]).toEqual([['accepted'], ['rejected']])
  })

  it('a list shows one image per id, and that of the given owner', async () => {
    const { id, squatter, owner } = await squatted()
    expect(await ownersListed(`id=${id}`)).toEqual([])
    expect(await ownersListed(`id=${id}&member_status=pending`)).toEqual([squatter.id])
    for (const project of [squatter, owner]) {
      expect(await ownersListed(`id=${id}&member_status=pending&owner=${project.id}`)).toEqual([project.id])
      expect(await ownersListed(`member_status=pending&owner=${project.id}`)).toContain(project.id)
    }
    await decide(id, 'rejected', `?owner=${squatter.id}`)
    expect(await ownersListed(`id=${id}&member_status=all`)).toEqual([owner.id])
    expect(await ownersListed(`id=${id}&member_status=rejected`)).toEqual([squatter.id])
  })

  it.each(['', '&owner={squatter}', '&owner={owner}'])(
    'a marker with an ambiguous id continues the list%s',
    async (query) => {
      const { id, squatter, owner } = await squatted()
      for (const [name, project] of [['squatter', squatter] as const, ['owner', owner] as const]) {
        const more = [newImageId(), newImageId()]
        await imagesOf(name, more)
        for (const other of more) await offer(other, project)
      }
      const named = query.replace('{squatter}', squatter.id).replace('{owner}', owner.id)
      const all = `/v2/images?member_status=pending${named}`
      const ids = ({ body }: { body: { images: { id: string }[] } }) => body.images.map((image) => image.id)
      const whole = ids(await world.call('GET', `${all}&limit=1000`))
      expect(whole).toContain(id)
      const walk: string[] = []
      for (let next: string | undefined = `${all}&limit=1`; next !== undefined && walk.length <= whole.length; ) {
        const page = await world.call('GET', next)
        walk.push(...ids(page))
        next = page.body.next
      }
      expect(walk).toEqual(whole)
    },
  )

  it('an own image takes precedence over shared ones unless owner is given', async () => {
    const { id, owner } = await squatted()
    await world.image({}, ['of=self'], { resource_id: id })
    expect((await show(id)).body.owner).toBe(world.service.project)
    expect((await show(id, `?owner=${world.service.project}`)).body.owner).toBe(world.service.project)
    expect((await show(id, `?owner=${owner.id}`)).body.owner).toBe(owner.id)
    expect(await ownersListed(`id=${id}&member_status=all`)).toEqual([world.service.project])
    expect(await ownersListed(`id=${id}&member_status=all&owner=${owner.id}`)).toEqual([owner.id])
    // Member calls ignore the own image.
    expect(await decide(id, 'accepted')).toMatchObject(imsError(409, 'IMG.0105', 'owner'))
    expect(await leave(id)).toMatchObject(imsError(409, 'IMG.0105', 'owner'))
  })
})

describe('leaving a shared image', () => {
  it.each(['pending', 'accepted', 'rejected'] as const)('a member with status %s can remove itself', async (status) => {
    const id = await world.sharedImage(status)
    const answer = await leave(id)
    expect([answer.status, answer.text]).toEqual([204, ''])
    expect(await show(id)).toMatchObject(imsError(404, 'IMG.0027'))
    expect(await ownersListed(`id=${id}&member_status=all`)).toEqual([])
    expect((await world.call('GET', membersPath(id), world.asOther)).body.members).toEqual([])
    expect((await world.call('GET', `/v2/images/${id}`, world.asOther)).status).toBe(200)
    expect(await leave(id)).toMatchObject(imsError(404, 'IMG.0027'))
  })

  it('a member cannot remove another member', async () => {
    const id = await world.sharedImage('accepted')
    await offer(id, world.asOther, 'third')
    expect(await world.call('DELETE', `${membersPath(id)}/third`)).toMatchObject(imsError(400, 'IMG.0047'))
  })

  it('deleted images do not count toward the quota of pending images', async () => {
    const ids = Array.from({ length: 100 }, newImageId)
    const owner = await imagesOf('fickle', ids)
    for (const round of [1, 2]) {
      const added = await Promise.all(ids.map((id) => offer(id, owner)))
      expect([round, new Set(added.map(({ status }) => status))]).toEqual([round, new Set([200])])
      await Promise.all(ids.map((id) => world.call('DELETE', `/v2/images/${id}`, { token: owner.token })))
      await imagesOf('fickle', ids)
    }
  })
})

describe('quotas', () => {
  it('one owner can have 100 pending images at a member', async () => {
    const ids = Array.from({ length: 101 }, newImageId)
    const [first, last] = [ids[0] as string, ids[100] as string]
    const owner = await imagesOf('eager', ids)
    const full = imsError(400, 'IMG.0105', 'member', '100', '1000')
    const added = await Promise.all(ids.slice(0, 100).map((id) => offer(id, owner)))
    expect(added.filter(({ status }) => status === 200)).toHaveLength(100)
    expect(await offer(last, owner)).toMatchObject(full)
    expect((await offer(last, owner, 'somebody-else')).status).toBe(200)
    expect((await decide(first, 'accepted')).status).toBe(200)
    expect((await offer(last, owner)).status).toBe(200)
    await Promise.all(ids.map((id) => leave(id)))
  })

  it('a member can have 1000 shared images of each status', async () => {
    const member = await imagesOf('flooded', [newImageId()])
    const owners = await Promise.all(
      Array.from({ length: 11 }, async (_, i) => {
        const ids = Array.from({ length: 100 }, newImageId)
        return { ids, owner: await imagesOf(`flooder-${i}`, ids) }
      }),
    )
    const statuses = async (answers: readonly Promise<{ readonly status: number }>[]) =>
      new Set((await Promise.all(answers)).map(({ status }) => status))
    const decideAs = (id: string, status: Status) =>
      world.call('PUT', `${membersPath(id)}/${member.id}`, { body: { status }, token: member.token })
    const late = owners[10] as (typeof owners)[number]
    const [first, second] = late.ids as [string, string]
    for (const { ids, owner } of owners.slice(0, 10)) {
      expect(await statuses(ids.map((id) => offer(id, owner, member.id)))).toEqual(new Set([200]))
    }
    expect(await offer(first, late.owner, member.id)).toMatchObject(imsError(400, 'IMG.0105', 'member', '1000'))
    for (const status of ['accepted', 'rejected'] as const) {
      for (const { ids } of owners.slice(0, 10)) {
        expect(await statuses(ids.map((id) => decideAs(id, status)))).toEqual(new Set([200]))
      }
      const one = status === 'accepted' ? first : second
      expect((await offer(one, late.owner, member.id)).status).toBe(200)
      expect(await decideAs(one, status)).toMatchObject(imsError(400, 'IMG.0105', 'status', '1000', status))
      const left = await world.call('DELETE', `${membersPath(one)}/${member.id}`, { token: member.token })
      expect(left.status).toBe(204)
    }
  })
})

describe('store reads', () => {
  /** Images without any resource or membership, and the membership reads that they make. */
  function recording(): { images: Images; reads: unknown[] } {
    const reads: unknown[] = []
    const read = async (...args: unknown[]) => {
      reads.push(args)
      return []
    }
    const members = { listSharedImages: read, findSharedImages: read } as unknown as ImageMemberStore
    const missing = async () => {
      throw new DomainError('resource-not-found', { revision: 1 })
    }
    const moments = { isPast: false }
    const catalog = { get: missing, revision: async () => 1, moments } as unknown as Catalog
    return { images: new Images(catalog, members), reads }
  }

  it.each<readonly [name: string, call: (images: Images) => Promise<unknown>, reads: readonly unknown[]]>([
    ['showing an image', (images) => images.get('p', 'i', MEMBER_STATUSES), [['p', 'i']]],
    ['showing an own image', (images) => images.own.get('p', 'i'), [['p', 'i']]],
    ['a list of images', (images) => images.shared.listMatching('p', toImageFilter({})), [['p', ['accepted']]]],
    ['a list of one id', (images) => images.shared.listMatching('p', toImageFilter({ id: 'i' })), [['p', 'i']]],
  ])('%s reads only the memberships it needs', async (_name, call, expected) => {
    const { images, reads } = recording()
    await call(images).catch((error) => expect(error).toMatchObject({ code: 'resource-not-found' }))
    expect(reads).toEqual(expected)
  })
})
