import { expect } from 'vitest'
import type { TestService } from '../../support/service.ts'
import { startWithUsers } from '../fixtures.ts'

/** A service with resources of several types in three projects, for lists of keys and values and queries of the domain. */
export type CountedTags = {
  readonly service: TestService
  readonly domainToken: string
  /** Reads a list in the default project, or one below `domain/`. */
  // biome-ignore lint/suspicious/noExplicitAny: an answer of any list
  list(path: string, ...query: (readonly [string, string])[]): Promise<any>
}

const line = (project: string, type: string, id: string, tags: Record<string, string>) => ({
  project,
  resource_type: type,
  resource_id: id,
  tags,
})

export async function startWithTags(): Promise<CountedTags> {
  const service = await startWithUsers()
  const domainToken = await service.tokenFor(undefined)
  await service.register(
    line('default', 'images', 'a', { env: 'prod', Env: 'x', team: '' }),
    line('default', 'images', 'b', { env: 'test' }),
    line('default', 'ecs', 'c', { env: 'prod', 部门: '研发' }),
    line('default', 'aws_instance', 'd', { env: 'prod', 'env:2': 'y' }),
    line('second', 'ecs', 'e', { env: 'prod', zone: '1' }),
    line('third', 'evs', 'f', { env: 'dev' }),
  )
  return {
    service,
    domainToken,
    list: async (path, ...query) => {
      const isOfDomain = path.startsWith('domain/')
      const search = new URLSearchParams(query.map(([name, value]): [string, string] => [name, value]))
      const url = `/tagwerk/v1/${isOfDomain ? path : `${service.project}/${path}`}?${search}`
      const answer = await service.call('GET', url, isOfDomain ? { token: domainToken } : {})
      expect([answer.status, answer.text]).toEqual([200, answer.text])
      return answer.body
    },
  }
}

/** The numbers of keys or values by their text. */
export function counted(items: readonly { key?: string; value?: string; total_count: number }[]) {
  return Object.fromEntries(items.map(({ key, value, total_count }) => [key ?? value, total_count]))
}
