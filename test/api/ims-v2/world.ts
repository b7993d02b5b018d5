import { describe, expect } from 'vitest'
import { type Answer, type CallOptions, startTestService, type TestService } from '../../support/service.ts'
import { imsError, TOKEN_MISSING } from '../expected.ts'
import { IMAGE_OF_OTHER, newImageId, tagOf, targetOf } from '../fixtures.ts'
import { runScenarios, type Scenario, type Target } from '../scenarios.ts'

/** The id of no image. */
export const UNKNOWN_IMAGE = '11111111-2222-4333-8444-555555555555'

/** A service with images of the default project and of project `other`. */
export type World = {
  readonly service: TestService
  readonly target: Target
  /** Id of project `other`. */
  readonly other: string
  readonly asOther: { readonly token: string }
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  /** Registers an image of the default project and gives its id. Tags are written `key=value`. */
  image(detail?: object, tags?: readonly string[], more?: object): Promise<string>
  /** Registers an image of project `other`, shares it with the default one, and gives its id. */
  sharedImage(status: 'pending' | 'accepted' | 'rejected', tags?: readonly string[], detail?: object): Promise<string>
  /** The tags of an image of the default project as `key=value`. */
  tagsOf(id: string): Promise<string[]>
}

/** Starts a service. `{image}` in paths of scenarios is an image with tags `a=1` and `b=`, `{shared}` one of `other`. */
export async function startWorld(clock?: () => number): Promise<World> {
  const service = await startTestService(clock === undefined ? {} : { internals: { clock } })
  const register = async (id: string, detail: object, tags: readonly string[], more: object) => {
    const line = { resource_type: 'images', resource_id: id, resource_name: `image ${id.slice(-4)}` }
    const answer = await service.register({ ...line, resource_detail: detail, tags: tags.map(tagOf), ...more })
    expect([answer.status, answer.body.refused]).toEqual([200, 0])
    return id
  }
  const image: World['image'] = (detail = {}, tags = [], more = {}) => register(newImageId(), detail, tags, more)
  const fills = { image: await image({}, ['a=1', 'b=']), shared: newImageId(), unknown: UNKNOWN_IMAGE }
  const target = await targetOf(service, { ...fills, imageOfOther: IMAGE_OF_OTHER })
  const other = target.fills.other as string
  const asOther = { token: target.tokens.other as string }
  const share = async (id: string, status: string) => {
    const members = `/v2/images/${id}/members`
    const added = await service.call('POST', members, { ...asOther, body: { member: service.project } })
    expect([added.status, added.text]).toEqual([200, added.text])
    if (status === 'pending') return
    const answer = await service.call('PUT', `${members}/${service.project}`, { body: { status } })
    expect(answer.status).toBe(200)
  }
  const sharedImage: World['sharedImage'] = async (status, tags = [], detail = {}) => {
    const id = await register(newImageId(), detail, tags, { project: 'other' })
    await share(id, status)
    return id
  }
  await register(fills.shared, {}, ['of=other'], { project: 'other' })
  await share(fills.shared, 'accepted')
  return {
    service,
    target,
    other,
    asOther,
    image,
    sharedImage,
    call: service.call,
    tagsOf: async (id) => {
      const { body } = await service.call('GET', `/v2/${service.project}/images/${id}/tags`)
      return body.tags.map(({ key, value }: { key: string; value: string }) => `${key}=${value}`)
    },
  }
}

/**
 * Registers tests of access control for a call that changes one image: it requires a token of the project, and the
 * project must own the image. The path contains `{image}`, and `{project}` if the route names a project.
 */
export function testImageAccess(world: () => World, call: Scenario['request']): void {
  const namesProject = call.path.includes('{project}')
  const on = (name: string) => ({ ...call, path: call.path.replace('{image}', name) })
  const refused = `${call.method} ${call.path} is refused`
  describe('access control', () => {
    runScenarios(
      () => world().target,
      [
        { name: `${refused} without a token`, request: { ...call, token: null }, ...TOKEN_MISSING },
        {
          name: `${refused} with a token of the domain`,
          request: { ...call, token: 'domain' },
          ...imsError(403, 'IMG.0030'),
        },
        {
          name: `${refused} with a token of another project`,
          request: { ...call, token: 'other' },
          ...(namesProject ? imsError(403, 'IMG.0030') : imsError(404, 'IMG.0027')),
        },
        { name: `${refused} for an unknown image`, request: on('{unknown}'), ...imsError(404, 'IMG.0027') },
        { name: `${refused} for an id that is not a UUID`, request: on('no-uuid'), ...imsError(404, 'IMG.0027') },
        {
          name: `${refused} for an image of another project`,
          request: on('{imageOfOther}'),
          ...imsError(404, 'IMG.0027'),
        },
        {
          name: `${refused} for an image shared with the project`,
          request: on('{shared}'),
          ...imsError(400, 'IMG.0047'),
        },
      ],
    )
  })
}
