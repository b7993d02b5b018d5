import { image, instance, newImageId, newInstanceId } from '../../api/fixtures.ts'
import type { TestService } from '../service.ts'

/** The service under test, and functions that create records for one sample call alone. */
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
  /** Creates a record by a call with the domain's token, and gives the body of the answer. Throws when the call fails. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read any member of an answer
  made(method: string, path: string, body?: unknown): Promise<any>
  /** Gives a unique name. */
  newName(): string
}

/** The values of one call: path names, query, body, headers. */
export type Filled = {
  readonly path?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Token of a caller with the right to make this call, if that is not the administrator. */
  readonly token?: string
}

/** A working call of an operation, and the statuses of the callers who may not or may do less. */
export type Sample = {
  /** Status for a caller with all rights. */
  readonly status: number
  /** Status with a token of another project. */
  readonly other: number
  /** Status with a token of the domain. */
  readonly domain: number
  /** Status for a user with role `readonly` in the project. */
  readonly reader: number
  fill(world: World): Promise<Filled>
}

/** The parts of a sample that cannot be derived from the route. */
export type SampleOverride = {
  readonly status?: number
  readonly other?: number
  readonly domain?: number
  readonly reader?: number
  /** True for a POST that only reads. */
  readonly isRead?: true
  fill?(world: World): Promise<Filled>
}

/** Overrides by `METHOD /path/{name}`. */
export type SampleOverrides = Readonly<Record<string, SampleOverride>>

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
    service,
    domainToken,
    made,
    projectId: service.project,
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
