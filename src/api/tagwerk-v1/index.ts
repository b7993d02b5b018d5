import type { TSchema } from 'typebox'
import type { Catalog, Compliance, Coverage, Plans } from '../../catalog/catalog.ts'
import type { Clock } from '../../core/clock.ts'
import type { Profile } from '../../core/profile.ts'
import type { Accounts } from '../../iam/accounts.ts'
import type { ProjectLimitReader } from '../../iam/project-limits.ts'
import type { IgnoredGroupStore } from '../../store/ignored-group-store.ts'
import type { FaultInjector } from '../fault-injector.ts'
import type { DetailReaders } from '../imported-detail.ts'
import type { Family, Route } from '../route.ts'
import { accountRoutes } from './account-routes.ts'
import { applyPlan } from './apply-plan.ts'
import { backfillCoverage } from './backfill-coverage.ts'
import { changeResourceTags } from './change-resource-tags.ts'
import { changeTagsOfMany } from './change-tags-of-many.ts'
import { convertTagPolicy } from './convert-tag-policy.ts'
import { countChanges } from './count-changes.ts'
import { countProblems } from './count-problems.ts'
import { createPlan } from './create-plan.ts'
import { createSession } from './create-session.ts'
import { deleteDomainTagPolicy } from './delete-domain-tag-policy.ts'
import { deletePlan } from './delete-plan.ts'
import { deleteResource } from './delete-resource.ts'
import { deleteSession } from './delete-session.ts'
import { deleteTagPolicy } from './delete-tag-policy.ts'
import { renderTagwerkError, TAGWERK_ERRORS, tagwerkErrorSchema } from './errors.ts'
import { explainResource } from './explain-resource.ts'
import { exportMatchingResources } from './export-matching-resources.ts'
import { exportPlan } from './export-plan.ts'
import { type ExportPace, exportResources } from './export-resources.ts'
import { ignoreNearDuplicates } from './ignore-near-duplicates.ts'
import { importResources } from './import-resources.ts'
import { listAccountLog } from './list-account-log.ts'
import { listChangeGroups } from './list-change-groups.ts'
import { listChanges } from './list-changes.ts'
import { listDomainTagKeys } from './list-domain-tag-keys.ts'
import { listDomainTagPolicies } from './list-domain-tag-policies.ts'
import { listDomainTagValues } from './list-domain-tag-values.ts'
import { listNearDuplicates } from './list-near-duplicates.ts'
import { listPlanItems } from './list-plan-items.ts'
import { listPlans } from './list-plans.ts'
import { listResourceHistory } from './list-resource-history.ts'
import { listResources } from './list-resources.ts'
import { listTagKeys } from './list-tag-keys.ts'
import { listTagPolicies } from './list-tag-policies.ts'
import { listTagValues } from './list-tag-values.ts'
import { planNearDuplicates } from './plan-near-duplicates.ts'
import type { PreferredSpellings } from './preferred-spellings.ts'
import { putDomainTagPolicy } from './put-domain-tag-policy.ts'
import { putTagPolicy } from './put-tag-policy.ts'
import { queryDomainResources } from './query-domain-resources.ts'
import { queryResources } from './query-resources.ts'
import { rehearsePolicy } from './rehearse-policy.ts'
import { resetService } from './reset-service.ts'
import { searchDomainResources } from './search-domain-resources.ts'
import { searchProblems } from './search-problems.ts'
import { searchResources } from './search-resources.ts'
import { showCompliance } from './show-compliance.ts'
import { showCoverage } from './show-coverage.ts'
import { showDifference } from './show-difference.ts'
import { showDomainPermissions } from './show-domain-permissions.ts'
import { showDomainTagPolicy } from './show-domain-tag-policy.ts'
import { showEffectiveTagPolicy } from './show-effective-tag-policy.ts'
import { showFaults } from './show-faults.ts'
import { showMatchingDifference } from './show-matching-difference.ts'
import { showPlan } from './show-plan.ts'
import { showProjectLimits } from './show-project-limits.ts'
import { showProjectPermissions } from './show-project-permissions.ts'
import { showResource } from './show-resource.ts'
import { showSession } from './show-session.ts'
import { showTagPolicy } from './show-tag-policy.ts'
import { undoPlan } from './undo-plan.ts'
import { updateFaults } from './update-faults.ts'
import { updateProjectLimits } from './update-project-limits.ts'
import type { WorkLimitsByKind } from './work-limit.ts'

/** Dependencies of Tagwerk's own API. */
export type TagwerkParts = {
  readonly catalog: Catalog
  readonly plans: Plans
  readonly coverage: Coverage
  readonly compliance: Compliance
  readonly accounts: Accounts
  readonly profile: Profile
  readonly ignoredGroups: IgnoredGroupStore
  /** Spellings that a merge of near-duplicates keeps; the first source that knows one decides. */
  readonly preferredSpellings: readonly PreferredSpellings[]
  readonly clock: Clock
  readonly faults: FaultInjector
  readonly details: DetailReaders
  readonly limits: ProjectLimitReader
  readonly work: WorkLimitsByKind
  readonly exportPace: ExportPace
  /** Puts the service back to its first state; undefined if that is not allowed. */
  readonly reset: (() => Promise<void>) | undefined
}

/** Tagwerk's own API: operations that no vendor's API has. */
export function tagwerkV1({
  catalog,
  plans,
  coverage,
  compliance,
  accounts,
  profile,
  ignoredGroups,
  preferredSpellings,
  clock,
  faults,
  details,
  limits,
  work,
  exportPace,
  reset,
}: TagwerkParts): Family {
  const { types } = profile
  const ofCompliance = { catalog, compliance, accounts, types }
  const ofCoverage = { catalog, coverage, clock, types }
  const ofPlans = { catalog, plans, accounts, profile, limit: work.imports }
  const policies = { accounts, profile }
  const near = { catalog, ignoredGroups, preferred: preferredSpellings }
  const routes = [
    importResources(catalog, accounts, { profile, details }, work),
    exportResources({ catalog, accounts, types }, work.exports, exportPace),
    exportMatchingResources({ catalog, accounts, types }, work.exports, exportPace),
    queryResources(catalog, types),
    searchResources(catalog, types),
    listResources(catalog, types),
    explainResource(catalog, types),
    listNearDuplicates(near),
    ignoreNearDuplicates(near, clock),
    planNearDuplicates(ofPlans, near),
    showCoverage(ofCoverage),
    backfillCoverage(ofCoverage, work.backfills),
    showCompliance(ofCompliance),
    countProblems(ofCompliance),
    searchProblems(ofCompliance),
    rehearsePolicy(ofCompliance, accounts, clock, work.rehearsals),
    queryDomainResources(catalog, accounts, types),
    searchDomainResources(catalog, accounts, types),
    showResource(catalog, accounts, types),
    listResourceHistory(catalog, accounts, types),
    listChanges(catalog, accounts, types),
    countChanges(catalog, { accounts, types }, clock),
    listChangeGroups(catalog, { accounts, types }),
    showDifference({ catalog, accounts, types }, work.exports, exportPace),
    showMatchingDifference({ catalog, accounts, types }, work.exports, exportPace),
    deleteResource(catalog, types),
    changeResourceTags(catalog, profile),
    changeTagsOfMany(catalog, profile, work.imports),
    createPlan(ofPlans),
    listPlans(ofPlans),
    showPlan(ofPlans),
    listPlanItems(ofPlans),
    exportPlan(ofPlans, work.exports, exportPace),
    applyPlan(ofPlans),
    undoPlan(ofPlans),
    deletePlan(ofPlans),
    listDomainTagPolicies(policies),
    putDomainTagPolicy(policies),
    showDomainTagPolicy(policies),
    deleteDomainTagPolicy(policies),
    convertTagPolicy(policies),
    listTagPolicies(policies),
    showEffectiveTagPolicy(policies),
    putTagPolicy(policies),
    showTagPolicy(policies),
    deleteTagPolicy(policies),
    listTagKeys(catalog, types),
    listTagValues(catalog, types),
    listDomainTagKeys(catalog, accounts, types),
    listDomainTagValues(catalog, accounts, types),
    listAccountLog(accounts),
    showProjectLimits({ catalog, accounts, limits }),
    updateProjectLimits({ catalog, accounts, limits }),
    ...accountRoutes(accounts, catalog),
    createSession(accounts, clock),
    showSession(accounts),
    deleteSession(accounts),
    showFaults(faults),
    updateFaults(faults),
    resetService(reset),
  ]
  const actions = routes.map(({ action }) => action)
  return {
    name: 'tagwerk-v1',
    title: 'Tagwerk: getting resources in and out',
    version: 'v1',
    paths: /^\/tagwerk\/v1\//,
    errors: TAGWERK_ERRORS,
    renderError: renderTagwerkError,
    errorSchema: tagwerkErrorSchema,
    languages: [],
    hasRevisions: true,
    routes: [...routes, showProjectPermissions(actions), showDomainPermissions(actions)].map(strict),
  }
}

/**
 * Refuses query parameters and body members that a route does not define: a misspelt `dry_run` would change data. No
 * client of a vendor calls this API, so none needs the tolerance of the other families (contract 10.6).
 */
function strict(route: Route): Route {
  const { query, body } = route
  return { ...route, query: closed(query), body: body && closed(body) }
}

/** Gives a schema whose objects, at any depth, have only the members that the schema defines. */
function closed<T extends TSchema>(schema: T): T {
  const { type, properties, items, patternProperties } = schema as SchemaParts
  return {
    ...schema,
    ...(properties && { properties: closedEach(properties) }),
    ...(patternProperties && { patternProperties: closedEach(patternProperties) }),
    ...(items && { items: closed(items) }),
    ...(type === 'object' && !patternProperties && { additionalProperties: false }),
  } as T
}

type SchemaParts = {
  readonly type?: unknown
  readonly properties?: Readonly<Record<string, TSchema>>
  readonly patternProperties?: Readonly<Record<string, TSchema>>
  readonly items?: TSchema
}

function closedEach(schemas: Readonly<Record<string, TSchema>>): Readonly<Record<string, TSchema>> {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, closed(schema)]))
}
