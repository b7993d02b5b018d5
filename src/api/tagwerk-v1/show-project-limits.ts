import { type TSchema, Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { isFirst } from '../../iam/domains.ts'
import type { ProjectLimitReader } from '../../iam/project-limits.ts'
import type { ProjectLimits } from '../../store/account-records.ts'
import { omitUndefined } from '../omit-undefined.ts'
import { defineRoute, type Route } from '../route.ts'

/** The member of a body for each limit, with its description. */
const MEMBERS = {
  resources_max: ['resourcesMax', 'Resources of the project.'],
  detail_bytes_max: ['detailBytesMax', 'Bytes of the details of all its resources as JSON.'],
  requests_per_second_max: ['requestsPerSecondMax', 'Requests per second in each process; 0 for no limit.'],
  requests_in_flight_max: ['requestsInFlightMax', 'Requests in flight in each process; 0 for no limit.'],
  imports_max: ['importsMax', 'Imports under way in each process.'],
  exports_max: ['exportsMax', 'Exports under way in each process.'],
  dry_runs_max: ['dryRunsMax', 'Dry runs under way in each process.'],
  history_days: ['historyDays', 'Days for which changes are kept; 0 for no limit.'],
} as const satisfies Readonly<Record<string, readonly [keyof ProjectLimits, string]>>

type Member = keyof typeof MEMBERS

/** A schema of all limits, each of a type. */
function limitsOf<T extends TSchema>(type: (description: string) => T) {
  const entries = Object.entries(MEMBERS).map(([name, [, description]]) => [name, type(description)])
  return Type.Object(Object.fromEntries(entries) as Record<Member, T>)
}

const limit = (description: string) => Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description })

/** The limits of one project; the service's own apply where there is none. */
export const ownLimits = limitsOf((description) => Type.Optional(limit(description)))

/** The answer about the limits of a project. */
export const projectLimits = Type.Object({
  project_id: Type.String(),
  limits: limitsOf(limit),
  own: ownLimits,
  usage: Type.Object({ resources: Type.Integer(), detail_bytes: Type.Integer() }),
})

/** What the operations on limits depend on. */
export type LimitParts = { readonly catalog: Catalog; readonly accounts: Accounts; readonly limits: ProjectLimitReader }

/** Shows the limits of a project, those of them that are its own, and what its resources take (contract 10.9). */
export function showProjectLimits(parts: LimitParts): Route {
  return defineRoute({
    id: 'ShowProjectLimits',
    method: 'GET',
    path: '/tagwerk/v1/projects/{project_id}/limits',
    summary: 'Show the limits of a project and its usage',
    access: 'domain',
    action: 'tagwerk:limits:get',
    params: Type.Object({ project_id: Type.String() }),
    responses: { 200: projectLimits },
    handle: async ({ params, caller }) => {
      const { domain } = caller.principal.scope
      const { projects } = parts.accounts
      const project = isFirst(domain)
        ? await projects.getAnywhere(params.project_id)
        : await projects.get(domain.id, params.project_id)
      const { id, limits } = project
      return { status: 200, body: await limitsView(parts, id, limits) }
    },
  })
}

/** The answer for a project with limits of its own. */
export async function limitsView({ catalog, limits }: LimitParts, projectId: string, own: ProjectLimits) {
  const { resources, detailBytes } = await catalog.bulk.usage(projectId)
  return {
    project_id: projectId,
    limits: toMembers(await limits.of(projectId)),
    own: omitUndefined(toMembers(own)),
    usage: { resources, detail_bytes: detailBytes },
  }
}

function toMembers(limits: ProjectLimits): Readonly<Record<string, number | undefined>> {
  return Object.fromEntries(Object.entries(MEMBERS).map(([name, [limit]]) => [name, limits[limit]]))
}

/** Reads limits from a body. */
export function fromMembers(body: Readonly<Partial<Record<Member, number>>>): ProjectLimits {
  const entries = Object.entries(MEMBERS).map(([name, [limit]]) => [limit, body[name as Member]])
  return omitUndefined(Object.fromEntries(entries) as Record<string, number | undefined>) as ProjectLimits
}
