import { image, instance, newImageId, newInstanceId } from '../../api/fixtures.ts'
import type { TestService } from '../service.ts'

/** What a sample call may need: things that exist, made for it alone. */
export type World = {
  readonly service: TestService
  readonly projectId: string
  readonly domainId: string
  readonly adminId: string
  /** Id of a project other than the default one. */
  readonly otherProjectId: string
  /** A token of the administrator for the domain. */
  readonly domainToken: string
  newImage(...tags: readonly string[]): Promise<string>
  newInstance(...tags: readonly string[]): Promise<string>
  /** Makes one thing by a call with the domain's token, and gives the body of the answer. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
  made(method: string, path: string, body?: unknown): Promise<any>
  /** A name that nothing else has. */
  newName(): string
}

/** What fills a call: values for the names in its path, and whatever else it is made with. */
export type Filled = {
  readonly path?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Token of whoever can do this, where it is not the administrator. */
  readonly token?: string
}

/** One call that works, of one operation. */
export type Sample = {
  /** What a caller with every right gets. */
  readonly status: number
  /** What a user of the project with role `readonly` gets; the same if it is left out, 403 for whatever writes. */
  readonly readerStatus?: number
  fill(world: World): Promise<Filled>
}

/** Samples by `METHOD /path/{name}`. */
export type Samples = Readonly<Record<string, Sample>>

/** A call that only reads, without anything but names in its path. */
export function reading(status: number, fill: Sample['fill'] = async () => ({})): Sample {
  return { status, fill }
}

/** A call that a reader may not make. */
export function writing(status: number, fill: Sample['fill']): Sample {
  return { status, readerStatus: 403, fill }
}

/** A name of each kind of thing, never used twice in a process. */
let lastName = 0

export async function makeWorld(service: TestService): Promise<World> {
  const domainToken = await service.tokenFor(undefined)
  const own = await service.call('GET', '/v3/auth/tokens', { headers: { 'x-subject-token': service.token } })
  await service.register({ ...image(newImageId()), project: 'other' })
  const others = await service.call('GET', '/v3/projects?name=other', { token: domainToken })
  const made = async (method: string, path: string, body?: unknown) => {
    const answer = await service.call(method, path, { token: domainToken, ...(body === undefined ? {} : { body }) })
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
    return answer.body
  }
  return {
    ...{ service, domainToken, made, projectId: service.project },
    domainId: own.body.token.user.domain.id,
    adminId: own.body.token.user.id,
    otherProjectId: others.body.projects[0].id,
    newName: () => `name-${++lastName}`,
    newImage: async (...tags) => {
      const id = newImageId()
      await service.register(image(id, ...tags))
      return id
    },
    newInstance: async (...tags) => {
      const id = newInstanceId()
      await service.register(instance(id, ...tags))
      return id
    },
  }
}
