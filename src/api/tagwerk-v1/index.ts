import type { Catalog } from '../../catalog/catalog.ts'
import type { Profile } from '../../core/profile.ts'
import type { Accounts } from '../../iam/accounts.ts'
import type { FaultInjector } from '../fault-injector.ts'
import type { Family } from '../route.ts'
import { deleteResource } from './delete-resource.ts'
import { renderTagwerkError, TAGWERK_ERRORS, tagwerkErrorSchema } from './errors.ts'
import { exportResources } from './export-resources.ts'
import { importResources } from './import-resources.ts'
import { showFaults } from './show-faults.ts'
import { updateFaults } from './update-faults.ts'

/** Dependencies of Tagwerk's own API. */
export type TagwerkParts = {
  readonly catalog: Catalog
  readonly accounts: Accounts
  readonly profile: Profile
  readonly faults: FaultInjector
}

/** Tagwerk's own API: operations that no vendor's API has. */
export function tagwerkV1({ catalog, accounts, profile, faults }: TagwerkParts): Family {
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
    routes: [
      importResources(catalog, accounts, profile),
      exportResources(catalog, accounts),
      deleteResource(catalog),
      showFaults(faults),
      updateFaults(faults),
    ],
  }
}
