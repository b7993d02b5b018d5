import { beforeEach, expect, it } from 'vitest'
import type { ImageMember, MemberStatus, SharedImage, ShareLimits } from '../../src/core/image-member.ts'
import type { Store } from '../../src/store/store.ts'
import { register, remove, setTags } from './requests.ts'

const ALL: readonly MemberStatus[] = ['pending', 'accepted', 'rejected']

const limits = (more: Partial<ShareLimits> = {}): ShareLimits => ({
  membersPerImageMax: 10,
  pendingPerMemberMax: 10,
  pendingPerOwnerAndMemberMax: 10,
  ...more,
})

/** Tests every sentence of `ImageMemberStore`. */
export function imageMemberStoreConformance(store: () => Store, reopened: () => Promise<Store>): void {
  let image: SharedImage

  /** Registers an image. */
  async function made(ownerProject: string, imageId: string): Promise<SharedImage> {
    const [verdict] = await store().commit(ownerProject, [register(imageId)])
    if (verdict?.outcome !== 'changed') throw new Error(`no image ${imageId}: ${verdict?.outcome}`)
    return { ownerProject, imageId, sequence: verdict.change.sequence }
  }

  beforeEach(async () => {
    image = await made('owner', 'image')
  })

  const member = (memberProject: string, more: Partial<ImageMember> = {}): ImageMember => ({
    ...image,
    memberProject,
    status: 'pending',
    createdAtMs: 1000,
    updatedAtMs: 1000,
    ...more,
  })
  const add = (memberProject: string, more: Partial<ImageMember> = {}, within: Partial<ShareLimits> = {}) =>
    store().addImageMember(member(memberProject, more), limits(within))
  const update = (memberProject: string, status: MemberStatus, of = image, ofStatusMax = 10) =>
    store().updateImageMember(of, memberProject, status, 2000, ofStatusMax)
  const membersOf = async (of = image) => (await store().listImageMembers(of)).map(({ memberProject }) => memberProject)
  const inShort = (images: readonly SharedImage[]) =>
    images.map(({ ownerProject, imageId }) => `${ownerProject}/${imageId}`)
  const sharedWith = async (project: string, statuses = ALL) =>
    inShort(await store().listSharedImages(project, statuses))

  it('a member is added to an image unless the image has it already', async () => {
    expect(await store().listImageMembers(image)).toEqual([])
    expect(await add('a')).toBe('done')
    expect(await add('a', { status: 'accepted', createdAtMs: 2000 })).toBe('taken')
    expect(await store().listImageMembers(image)).toEqual([member('a')])
    expect(await store().listSharedImages('a', ALL)).toEqual([member('a')])
    expect(await store().findSharedImages('a', 'image')).toEqual([member('a')])
  })

  it('no member is added to an image that does not exist', async () => {
    for (const other of [{ ownerProject: 'owner 2' }, { imageId: 'image 2' }, { sequence: image.sequence + 1 }]) {
      expect(await add('a', other)).toBe('absent')
    }
    await store().commit('owner', [{ ...register('instance'), type: 'instances' }])
    expect(await add('a', { imageId: 'instance', sequence: image.sequence + 1 })).toBe('absent')
    expect(await sharedWith('a')).toEqual([])
  })

  it('no member is added to an image that has reached its limit of members', async () => {
    const within = { membersPerImageMax: 2 }
    expect(await add('a', {}, within)).toBe('done')
    expect(await add('b', {}, within)).toBe('done')
    expect(await add('c', {}, within)).toBe('full')
    expect(await add('b', {}, within)).toBe('taken')
    expect(await add('c', await made('owner', 'other'), within)).toBe('done')
    expect(await membersOf()).toEqual(['a', 'b'])
  })

  it('no member is added that has reached its limit of pending images, per owner or in total', async () => {
    const within = { pendingPerMemberMax: 3, pendingPerOwnerAndMemberMax: 2 }
    expect(await add('a', {}, within)).toBe('done')
    expect(await add('a', await made('owner', 'image 2'), within)).toBe('done')
    const third = await made('owner', 'image 3')
    expect(await add('a', third, within)).toBe('pending-full')
    expect(await add('b', third, within)).toBe('done')
    expect(await add('a', await made('owner 2', 'image'), within)).toBe('done')
    const other = await made('owner 3', 'image')
    expect(await add('a', other, within)).toBe('pending-full')
    // A decided or removed membership no longer counts as pending.
    await update('a', 'rejected')
    expect(await add('a', other, within)).toBe('done')
    expect(await add('a', third, within)).toBe('pending-full')
    await store().removeImageMember(other, 'a')
    expect(await add('a', third, within)).toBe('done')
  })

  it('of concurrent calls for one image and member exactly one is done, and concurrent calls do not exceed the limits', async () => {
    const same = await Promise.all([1, 2, 3].map(() => add('a')))
    expect(same.filter((verdict) => verdict === 'done')).toHaveLength(1)
    const many = await Promise.all(['b', 'c', 'd', 'e'].map((id) => add(id, {}, { membersPerImageMax: 3 })))
    expect(many.filter((verdict) => verdict === 'done')).toHaveLength(2)
    const owners = await Promise.all(['1', '2', '3', '4'].map((owner) => made(owner, 'image')))
    const offers = await Promise.all(owners.map((owner) => add('m', owner, { pendingPerMemberMax: 2 })))
    expect(offers.filter((verdict) => verdict === 'done')).toHaveLength(2)
  })

  it('images of other projects, ids and sequences are different images', async () => {
    const others = [{ ownerProject: 'owner 2' }, { imageId: 'image 2' }, { sequence: 8 }]
    await add('a')
    for (const other of others) {
      expect(await membersOf({ ...image, ...other })).toEqual([])
      expect(await update('a', 'accepted', { ...image, ...other })).toBe('absent')
      expect(await store().removeImageMember({ ...image, ...other }, 'a')).toBe('absent')
    }
    expect(await store().listImageMembers(image)).toEqual([member('a')])
  })

  it('the members of an image, and no others, are deleted in the commit that deletes it', async () => {
    const [elsewhere, beside] = [await made('owner 2', 'image'), await made('owner', 'image 2')]
    await store().commit('owner', [{ ...register('image'), type: 'instances' }])
    for (const of of [image, elsewhere, beside]) await add('a', of)
    await add('b')
    await store().commit('owner', [setTags('image', 'a=1'), { ...remove('image'), type: 'instances' }, remove('none')])
    expect(await membersOf()).toEqual(['a', 'b'])
    await store().commit('owner', [remove('image')])
    expect(await membersOf()).toEqual([])
    expect(await sharedWith('a')).toEqual(['owner/image 2', 'owner 2/image'])
    expect(await sharedWith('b')).toEqual([])
    expect(inShort(await store().findSharedImages('a', 'image'))).toEqual(['owner 2/image'])
    // A call with the sequence of the deleted image does not share the new one.
    expect(await add('a')).toBe('absent')
  })

  it('the members of an image are deleted also when an image of the same id is registered in the same commit', async () => {
    await add('a')
    const [, verdict] = await store().commit('owner', [remove('image'), register('image')])
    const sequence = verdict?.outcome === 'changed' ? verdict.change.sequence : 0
    const later = { ...image, sequence }
    expect(sequence).toBeGreaterThan(image.sequence)
    expect(await sharedWith('a')).toEqual([])
    expect(await add('b', later)).toBe('done')
    expect(await add('a')).toBe('absent')
    expect(await membersOf(later)).toEqual(['b'])
  })

  it('the status of a member and the time of its last change can be changed', async () => {
    await add('a')
    await add('b')
    expect(await update('a', 'rejected')).toBe('done')
    expect(await update('none', 'rejected')).toBe('absent')
    expect(await store().listImageMembers(image)).toEqual([
      member('a', { status: 'rejected', updatedAtMs: 2000 }),
      member('b'),
    ])
  })

  it('a member has no more images of one status than the limit, but setting the current status again is never refused', async () => {
    const [second, third] = [await made('owner', 'image 2'), await made('owner 2', 'image 3')]
    for (const of of [image, second, third]) await add('a', of)
    for (const status of ['accepted', 'rejected'] as const) {
      expect(await update('a', status, image, 2)).toBe('done')
      expect(await update('a', status, second, 2)).toBe('done')
      expect(await update('a', status, third, 2)).toBe('full')
      expect(await update('a', status, second, 1)).toBe('done')
    }
    expect(await update('a', 'pending', image, 2)).toBe('done')
    expect(await update('a', 'pending', second, 2)).toBe('full')
    expect(await sharedWith('a', ['pending'])).toEqual(['owner/image', 'owner 2/image 3'])
    expect(await sharedWith('a', ['rejected'])).toEqual(['owner/image 2'])
  })

  it('a member can accept one image of an id, of any owner', async () => {
    const second = await made('owner 2', 'image')
    for (const of of [image, second]) for (const id of ['a', 'b']) await add(id, of)
    expect(await update('a', 'accepted')).toBe('done')
    expect(await update('a', 'accepted', second)).toBe('taken')
    expect(await update('a', 'accepted')).toBe('done')
    expect(await update('b', 'accepted', second)).toBe('done')
    expect(await update('a', 'rejected', second)).toBe('done')
    expect(await sharedWith('a', ['accepted'])).toEqual(['owner/image'])
    await update('a', 'rejected')
    expect(await update('a', 'accepted', second)).toBe('done')
  })

  it('a member can be removed', async () => {
    await add('a')
    await add('b')
    expect(await store().removeImageMember(image, 'a')).toBe('done')
    expect(await store().removeImageMember(image, 'a')).toBe('absent')
    expect(await membersOf()).toEqual(['b'])
    expect(await store().listSharedImages('a', ALL)).toEqual([])
  })

  it('the images shared with a project are found by status and by id', async () => {
    const images = [image, await made('owner', 'image 2'), await made('owner 2', 'image'), await made('owner', 'x')]
    for (const of of images) await add('a', of)
    await add('b')
    await update('a', 'accepted', images[1])
    await update('a', 'rejected', images[2])
    expect(await sharedWith('a', ['pending'])).toEqual(['owner/image', 'owner/x'])
    expect(await sharedWith('a', ['accepted'])).toEqual(['owner/image 2'])
    expect(await sharedWith('a', ['accepted', 'rejected'])).toEqual(['owner/image 2', 'owner 2/image'])
    expect(inShort(await store().findSharedImages('a', 'image'))).toEqual(['owner/image', 'owner 2/image'])
    expect(inShort(await store().findSharedImages('a', 'image 2'))).toEqual(['owner/image 2'])
    expect(await store().findSharedImages('a', 'none')).toEqual([])
    expect(await store().findSharedImages('none', 'image')).toEqual([])
  })

  it('members and shared images are returned in order of addition, then of ids by code point', async () => {
    for (const id of ['b', 'B', '\u{1F600}', '\uFFFD', 'a']) await add(id)
    await add('z', { createdAtMs: 500 })
    expect(await membersOf()).toEqual(['z', 'B', 'a', 'b', '\uFFFD', '\u{1F600}'])
    const images: readonly (readonly [string, string])[] = [
      ['p', '\u{1F600}'],
      ['p', '\uFFFD'],
      ['P', '\u{1F600}'],
    ]
    for (const [ownerProject, imageId] of images) await add('m', await made(ownerProject, imageId))
    await add('m', { ...(await made('A', '\u{1F600}')), createdAtMs: 2000 })
    expect(await sharedWith('m')).toEqual(['P/\u{1F600}', 'p/\uFFFD', 'p/\u{1F600}', 'A/\u{1F600}'])
    const found = inShort(await store().findSharedImages('m', '\u{1F600}'))
    expect(found).toEqual(['P/\u{1F600}', 'p/\u{1F600}', 'A/\u{1F600}'])
  })

  it('members are stored after the store is closed and opened again', async () => {
    await add('a')
    await update('a', 'accepted')
    const again = await reopened()
    expect(await again.listSharedImages('a', ALL)).toEqual([member('a', { status: 'accepted', updatedAtMs: 2000 })])
  })
}
