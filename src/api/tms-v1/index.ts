import type { Catalog } from '../../catalog/catalog.ts'
import type { Clock } from '../../core/clock.ts'
import type { Profile } from '../../core/profile.ts'
import type { Accounts } from '../../iam/accounts.ts'
import type { PredefinedTagStore } from '../../store/predefined-tag-store.ts'
import type { Family } from '../route.ts'
import { createPredefineTags } from './create-predefine-tags.ts'
import { createResourceTag } from './create-resource-tag.ts'
import { deleteResourceTag } from './delete-resource-tag.ts'
import { renderTmsError, TMS_ERRORS, tmsErrorSchema } from './errors.ts'
import { listApiVersions } from './list-api-versions.ts'
import { listPredefineTags } from './list-predefine-tags.ts'
import { listProviders } from './list-providers.ts'
import { listResource } from './list-resource.ts'
import { listTagKeys } from './list-tag-keys.ts'
import { listTagValues } from './list-tag-values.ts'
import { listTags } from './list-tags.ts'
import { showApiVersion } from './show-api-version.ts'
import { showResourceTag } from './show-resource-tag.ts'
import { showTagQuota } from './show-tag-quota.ts'
import { updatePredefineTags } from './update-predefine-tags.ts'

/** Dependencies of the tag service. */
export type TmsParts = {
  readonly catalog: Catalog
  readonly accounts: Accounts
  readonly profile: Profile
  readonly predefinedTags: PredefinedTagStore
  readonly clock: Clock
  /** The region of the service. */
  readonly settings: { readonly region: string }
}

/** The tag management service, TMS v1.0: tags over all projects and types of a domain. */
export function tmsV1({ catalog, accounts, profile, predefinedTags, clock, settings }: TmsParts): Family {
  const { predefinedTagRules, types } = profile
  return {
    name: 'tms-v1',
    title: 'Tag Management Service',
    version: 'v1.0',
    paths: /^\/v[12]\.0\/|^\/v\d+\.\d+(\?|$)|^\/(\?|$)/,
    errors: TMS_ERRORS,
    renderError: renderTmsError,
    errorSchema: tmsErrorSchema,
    languages: [],
    // Calls on a domain span many projects, so there is no single revision.
    hasRevisions: false,
    routes: [
      createPredefineTags(predefinedTags, predefinedTagRules, clock),
      listPredefineTags(predefinedTags),
      updatePredefineTags(predefinedTags, predefinedTagRules, clock),
      showTagQuota(predefinedTags),
      listProviders(settings, types),
      createResourceTag(catalog, accounts, profile),
      deleteResourceTag(catalog, accounts, types),
      listResource(catalog, accounts, types),
      listTagKeys(catalog, accounts, settings),
      listTagValues(catalog, accounts, settings),
      listTags(catalog, accounts, types),
      showResourceTag(catalog, accounts, types),
      listApiVersions(),
      showApiVersion(),
    ],
  }
}
