import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { Client, type Login, type Reply } from './client.ts'
import { openTarget, type Target } from './target.ts'

/** A project of a scenario, and a token scoped to it. */
export type Place = Login & { readonly name: string }

/** A user of a scenario, initially without roles. */
export type Person = { readonly id: string; readonly name: string; readonly password: string }

/**
 * Fixtures of a scenario: projects, users and other records with unique names. `close` deletes all of them, also after
 * a failed step, and throws if one cannot be deleted.
 */
export class Stage {
  readonly target: Target
  readonly client: Client
  /** The administrator, for the whole domain. */
  readonly domain: Login
  /** Eight characters, unique to this run. */
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

  /** Calls the service with the administrator's domain token. */
  admin(method: string, path: string, body?: unknown): Promise<Reply> {
    return this.client.call(this.domain.token, method, path, body)
  }

  /** Creates an empty project. `close` deletes it with its resources. */
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

  /** Registers a cleanup call of the administrator; 404 is accepted there. */
  removeLater(method: string, path: string, body?: unknown): void {
    this.#removals.push(() => this.admin(method, path, body))
  }

  /** Runs the cleanup calls in reverse order. */
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

/** Deletes the resources of a project, then the project. */
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
