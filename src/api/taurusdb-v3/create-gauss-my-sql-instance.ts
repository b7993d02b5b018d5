import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import type { TagRules } from '../../core/tag.ts'
import { authorOf, defineRoute, type Route } from '../route.ts'
import { toAddedTags } from '../tag-body.ts'
import { createdInstance } from './instance-schemas.ts'
import { created } from './instance-view.ts'
import { jobIdOf } from './job.ts'
import { newInstanceBody, toRecord } from './new-instance.ts'

/** What a new instance gets from the service. */
export type CreationSettings = {
  /** Region of an instance whose creator names none. */
  readonly region: string
  /** Gives 32 hexadecimal digits that no one got before. */
  readonly newId: () => string
}

/** Registers an instance with its tags ("Creating a DB Instance"): it is there, and active, when the answer comes. */
export function createGaussMySqlInstance(catalog: Catalog, rules: TagRules, settings: CreationSettings): Route {
  return defineRoute({
    id: 'CreateGaussMySqlInstance',
    method: 'POST',
    path: '/v3/{project_id}/instances',
    summary: 'Register an instance, with tags',
    access: 'project',
    action: 'gaussdb:instance:create',
    params: Type.Object({ project_id: Type.String() }),
    body: newInstanceBody(rules),
    hidesValues: true,
    responses: { 201: Type.Object({ instance: createdInstance, job_id: Type.String() }) },
    handle: async ({ params, body, caller, requestId }) => {
      const { name } = body
      const record = toRecord(body, settings.region)
      const tags = toAddedTags(body.tags ?? [], rules, 'tags')
      const id = `${settings.newId()}in07`
      const state = { name, detail: JSON.stringify(record), tags }
      const change = { kind: 'register', state, onlyIfNew: true } as const
      const author = authorOf({ caller, requestId })
      const { revision } = await catalog.change(params.project_id, 'instances', id, change, author)
      return { status: 201, body: { instance: created(id, name, record), job_id: jobIdOf('create', id) }, revision }
    },
  })
}
