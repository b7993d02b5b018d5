import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import { INSTANCES } from '../../core/resource-types.ts'
import type { TagRules } from '../../core/tag.ts'
import { authorOf, defineRoute, type Route } from '../route.ts'
import { toAddedTags } from '../tag-body.ts'
import { createdInstance } from './instance-schemas.ts'
import { createdInstanceView } from './instance-view.ts'
import { jobIdOf } from './job.ts'
import { newInstanceBody, toDetail } from './new-instance.ts'

/** Settings for new instances. */
export type CreationSettings = {
  /** Region of an instance whose request names none. */
  readonly region: string
  /** Generates a unique id of 32 hexadecimal digits. */
  readonly newId: () => string
}

/** Registers an instance with tags ("Creating a DB Instance"). It is active as soon as the request is answered. */
export function createGaussMySqlInstance(catalog: Catalog, rules: TagRules, settings: CreationSettings): Route {
  return defineRoute({
    id: 'CreateGaussMySqlInstance',
    method: 'POST',
    path: '/v3/{project_id}/instances',
    summary: 'Register an instance with tags',
    access: 'project',
    action: 'gaussdb:instance:create',
    params: Type.Object({ project_id: Type.String() }),
    body: newInstanceBody(rules),
    hidesValues: true,
    responses: { 201: Type.Object({ instance: createdInstance, job_id: Type.String() }) },
    handle: async ({ params, body, caller, requestId }) => {
      const { name } = body
      const detail = toDetail(body, settings.region)
      const tags = toAddedTags(body.tags ?? [], rules, 'tags')
      const id = `${settings.newId()}in07`
      const state = { name, detail: JSON.stringify(detail), tags }
      const change = { kind: 'register', state, onlyIfNew: true } as const
      const author = authorOf({ caller, requestId })
      const { revision } = await catalog.change(params.project_id, INSTANCES, id, change, author)
      return {
        status: 201,
        body: { instance: createdInstanceView(id, name, detail), job_id: jobIdOf('create', id) },
        revision,
      }
    },
  })
}
