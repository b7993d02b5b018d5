import type { operations } from '../api/schema.d.ts'

type Answer<Id extends keyof operations, Status extends number> = operations[Id] extends {
  responses: Record<Status, { content: { 'application/json': infer Body } }>
}
  ? Body
  : never

export type DomainProject = Answer<'ListDomainProjects', 200>['projects'][number]
export type DomainUser = Answer<'ListDomainUsers', 200>['users'][number]
export type DomainRole = Answer<'ListDomainRoles', 200>['roles'][number]
export type RoleAssignment = Answer<'ListRoleAssignments', 200>['assignments'][number]
export type UserAccessKey = Answer<'ListUserAccessKeys', 200>['access_keys'][number]
export type NewAccessKey = Answer<'CreateUserAccessKey', 201>
export type ProjectLimits = Answer<'ShowProjectLimits', 200>
export type FaultPlan = Answer<'ShowFaults', 200>['families']
export type FamilyFaults = FaultPlan[string]
export type AccountLogEntry = Answer<'ListAccountLog', 200>['entries'][number]
