import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { Client, type Login, type Reply } from './client.ts'
import { openTarget, type Target } from './target.ts'

/** A project of a story and a token for it. */
export type Place = Login & { readonly name: string }

/** A user of a story, without any role yet. */
export type Person = { readonly id: string; readonly name: string; readonly password: string }

/**
 * Where a story takes place: projects, users and whatever else it makes, under names that nobody else has. `close`
 * removes all of it, also after a failure in the middle, and fails when something stays.
 */
export class Stage {
  readonly target: Target
  readonly client: Client
  /** The administrator, for the whole domain. */
  readonly domain: Login
  /** Eight characters that no other run has. */
  readonly run: string
  readonly #removals: (() => Promise<Reply>)[] = []

  private constructor(target: Target, client: Client, domain: Login, run: string) {
    this.target = target
    this.client = client
    this.domain = domain
    this.run = run
  }

  static async open(): Promise<Stage> {
    const target = await openTarget()
    try {
      const client = new Client(target)
      const domain = await client.logIn()
      if (domain.status !== 201) throw new Error(`no token for the domain: ${domain.status} ${told(domain)}`)
      return new Stage(target, client, domain, randomUUID().slice(0, 8))
    } catch (error) {
      await target.close()
      throw error
    }
  }

  /** A call of the administrator for the domain. */
  admin(method: string, path: string, body?: unknown): Promise<Reply> {
    return this.client.call(this.domain.token, method, path, body)
  }

  /** Makes an empty project. What is in it at the end is removed with it. */
  async project(suffix: string): Promise<Place> {
    const name = `acceptance-${this.run}-${suffix}`
    const made = await this.admin('POST', '/v3/projects', { project: { name } })
    expect(made.status, told(made)).toBe(201)
    this.#removals.push(() => removeProject(this.client, this.domain, name, made.body.project.id))
    return { ...(await this.client.logIn(name)), name }
  }

  async person(suffix: string): Promise<Person> {
    const [name, password] = [`acceptance-${this.run}-${suffix}`, `For one run: ${randomUUID()}`]
    const made = await this.admin('POST', '/v3/users', { user: { name, password } })
    expect(made.status, told(made)).toBe(201)
    const { id } = made.body.user
    this.removeLater('DELETE', `/v3/users/${id}`)
    return { id, name, password }
  }

  /** Remembers a call of the administrator that takes away what was made. What is gone by then may be gone. */
  removeLater(method: string, path: string, body?: unknown): void {
    this.#removals.push(() => this.admin(method, path, body))
  }

  /** Takes everything away, the youngest first. */
  async close(): Promise<void> {
    const left: string[] = []
    for (const remove of this.#removals.reverse()) {
      const problem = await remove().then(
        (reply) => (reply.status < 300 || reply.status === 404 ? undefined : `${reply.status} ${told(reply)}`),
        String,
      )
      if (problem !== undefined) left.push(problem)
    }
    await this.target.close()
    expect(left, 'what could not be removed').toEqual([])
  }
}

/** Takes the resources of a project away, and then the project. */
export async function removeProject(client: Client, domain: Login, name: string, id: string): Promise<Reply> {
  const { token } = await client.logIn(name)
  const exported = await client.call(token, 'GET', '/tagwerk/v1/export')
  const lines = exported.status === 200 ? (exported.body as string).split('\n').filter((line) => line !== '') : []
  for (const line of lines) {
    const { resource_type, resource_id } = JSON.parse(line)
    await client.call(token, 'DELETE', `/tagwerk/v1/${id}/resources/${resource_type}/${resource_id}`)
  }
  return client.call(domain.token, 'DELETE', `/v3/projects/${id}`)
}

function told({ body }: Reply): string {
  return typeof body === 'string' ? body : JSON.stringify(body)
}
