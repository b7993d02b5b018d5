import type { Catalog } from '../../catalog/catalog.ts'
import type { Accounts } from '../../iam/accounts.ts'
import type { Family } from '../route.ts'
import { deleteResource } from './delete-resource.ts'
import { renderTagwerkError, TAGWERK_ERRORS, tagwerkErrorSchema } from './errors.ts'
import { exportResources } from './export-resources.ts'
import { importResources } from './import-resources.ts'

/** Tagwerk's own calls: what no vendor's API has. */
export function tagwerkV1(catalog: Catalog, accounts: Accounts): Family {
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
    routes: [importResources(catalog, accounts), exportResources(catalog, accounts), deleteResource(catalog)],
  }
}
