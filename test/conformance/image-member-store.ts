import { expect, it } from 'vitest'
import type { ImageMember } from '../../src/core/image-member.ts'
import type { Store } from '../../src/store/store.ts'

const image = { ownerProject: 'owner', imageId: 'image', sequence: 7 }

function member(memberProject: string, more: Partial<ImageMember> = {}): ImageMember {
  return { ...image, memberProject, status: 'pending', createdAtMs: 1000, updatedAtMs: 1000, ...more }
}

/** Every sentence of `ImageMemberStore`, as a test. */
export function imageMemberStoreConformance(store: () => Store, reopened: () => Promise<Store>): void {
  const membersOf = async (of = image) => (await store().listImageMembers(of)).map(({ memberProject }) => memberProject)
  const sharedWith = async (project: string) =>
    (await store().listSharedImages(project)).map(
      ({ ownerProject, imageId, sequence }) => `${ownerProject}/${imageId}/${sequence}`,
    )

  it('adds a member to an image, unless the image has it', async () => {
    expect(await store().listImageMembers(image)).toEqual([])
    expect(await store().addImageMember(member('a'), 10)).toBe('done')
    expect(await store().addImageMember(member('a', { status: 'accepted', createdAtMs: 2000 }), 10)).toBe('taken')
    expect(await store().listImageMembers(image)).toEqual([member('a')])
    expect(await store().listSharedImages('a')).toEqual([member('a')])
  })

  it('adds no member to an image that has as many as given already', async () => {
    expect(await store().addImageMember(member('a'), 2)).toBe('done')
    expect(await store().addImageMember(member('b'), 2)).toBe('done')
    expect(await store().addImageMember(member('c'), 2)).toBe('full')
    expect(await store().addImageMember(member('b'), 2)).toBe('taken')
    expect(await store().addImageMember(member('c', { imageId: 'other' }), 2)).toBe('done')
    expect(await membersOf()).toEqual(['a', 'b'])
  })

  it('lets exactly one of two concurrent additions of one member happen, and no more members in than there is room', async () => {
    const same = await Promise.all([1, 2, 3].map(() => store().addImageMember(member('a'), 10)))
    expect(same.filter((verdict) => verdict === 'done')).toHaveLength(1)
    const many = await Promise.all(['b', 'c', 'd', 'e'].map((id) => store().addImageMember(member(id), 3)))
    expect(many.filter((verdict) => verdict === 'done')).toHaveLength(2)
  })

  it('tells images of other projects, ids and sequences apart', async () => {
    const others = [{ ownerProject: 'owner 2' }, { imageId: 'image 2' }, { sequence: 8 }]
    await store().addImageMember(member('a'), 10)
    for (const other of others) {
      expect(await membersOf({ ...image, ...other })).toEqual([])
      expect(await store().updateImageMember({ ...image, ...other }, 'a', 'accepted', 2000)).toBe('absent')
      expect(await store().removeImageMember({ ...image, ...other }, 'a')).toBe('absent')
    }
    expect(await store().listImageMembers(image)).toEqual([member('a')])
  })

  it('forgets the members of earlier images of the same project and id, and of no others', async () => {
    await store().addImageMember(member('a'), 10)
    await store().addImageMember(member('a', { ownerProject: 'owner 2' }), 10)
    await store().addImageMember(member('a', { imageId: 'image 2' }), 10)
    await store().addImageMember(member('b', { sequence: 8 }), 1)
    expect(await sharedWith('a')).toEqual(['owner/image 2/7', 'owner 2/image/7'])
    expect(await sharedWith('b')).toEqual(['owner/image/8'])
    // Who still has the earlier image in mind does not harm the later one.
    await store().addImageMember(member('a'), 10)
    expect(await membersOf({ ...image, sequence: 8 })).toEqual(['b'])
  })

  it('changes the status of a member and the time of its last change', async () => {
    await store().addImageMember(member('a'), 10)
    await store().addImageMember(member('b'), 10)
    expect(await store().updateImageMember(image, 'a', 'rejected', 2000)).toBe('done')
    expect(await store().updateImageMember(image, 'none', 'rejected', 2000)).toBe('absent')
    expect(await store().listImageMembers(image)).toEqual([
      member('a', { status: 'rejected', updatedAtMs: 2000 }),
      member('b'),
    ])
  })

  it('removes a member', async () => {
    await store().addImageMember(member('a'), 10)
    await store().addImageMember(member('b'), 10)
    expect(await store().removeImageMember(image, 'a')).toBe('done')
    expect(await store().removeImageMember(image, 'a')).toBe('absent')
    expect(await membersOf()).toEqual(['b'])
    expect(await store().listSharedImages('a')).toEqual([])
  })

  it('gives members, and what is shared with one, in order of addition and then of ids by code point', async () => {
    for (const id of ['b', 'B', '\u{1F600}', '\uFFFD', 'a']) await store().addImageMember(member(id), 10)
    await store().addImageMember(member('z', { createdAtMs: 500 }), 10)
    expect(await membersOf()).toEqual(['z', 'B', 'a', 'b', '\uFFFD', '\u{1F600}'])
    const images: readonly (readonly [string, string])[] = [
      ['p', '\u{1F600}'],
      ['p', '\uFFFD'],
      ['P', 'x'],
    ]
    for (const [ownerProject, imageId] of images)
      await store().addImageMember(member('m', { ownerProject, imageId }), 10)
    await store().addImageMember(member('m', { ownerProject: 'late', createdAtMs: 2000 }), 10)
    expect(await sharedWith('m')).toEqual(['P/x/7', 'p/\uFFFD/7', 'p/\u{1F600}/7', 'late/image/7'])
  })

  it('gives what is shared with a project whether the image is still there or not', async () => {
    await store().addImageMember(member('a'), 10)
    expect(await store().getRevision('owner')).toBe(0)
    expect(await sharedWith('a')).toEqual(['owner/image/7'])
  })

  it('keeps members over a restart', async () => {
    await store().addImageMember(member('a'), 10)
    await store().updateImageMember(image, 'a', 'accepted', 2000)
    const again = await reopened()
    expect(await again.listSharedImages('a')).toEqual([member('a', { status: 'accepted', updatedAtMs: 2000 })])
  })
}
