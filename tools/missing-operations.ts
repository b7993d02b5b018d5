/** Why calls of a vendor are not implemented: calls by name, or all calls whose `METHOD /path` matches. */
export type Reason = { readonly why: string } & ({ readonly ids: readonly string[] } | { readonly calls: RegExp })

const RECORDS = 'Tagwerk stores the record of an image, not its data'
const AGENCIES = 'no access across domains'
const LOGIN = 'users authenticate with passwords or access keys'
const MFA = 'users have no second factor'

/**
 * The reasons by family; the first that fits an operation counts. An operation that is named by `ids` is missing even if
 * its method and path have a route, which then serves another operation.
 */
export const MISSING_OPERATIONS: Readonly<Record<string, readonly Reason[]>> = {
  'ims-v2': [
    {
      ids: ['BatchAddMembers', 'BatchUpdateMembers', 'BatchDeleteMembers', 'ListImageMembers', 'ShowImageMember'],
      why: 'use the native calls for members',
    },
    {
      calls: /^POST \/v(1|2|2\.1)\/cloudimages\/(dataimages|wholeimages|quickimport)\/action$/,
      why: RECORDS,
    },
    {
      calls: /^(POST|PUT) \/v(1|2\.1)\/cloudimages\/\{image_id\}\/(copy|cross_region_copy|file|upload)$/,
      why: RECORDS,
    },
    { ids: ['CreateImageInSafeMode'], why: 'use CreateImage' },
    { ids: ['ListOsVersions'], why: 'Tagwerk has no list of operating systems' },
    { ids: ['ShowImageQuota'], why: 'images have no quota' },
    { ids: ['ShowJobProgress'], why: 'jobs complete at once' },
  ],
  'taurusdb-v3': [
    { calls: /\/(starrocks|clickhouse|htap|query-queue)(\/|$)/, why: 'Tagwerk has no instances for analysis' },
    { ids: ['UpdateGaussMySqlInstanceName', 'UpdateGaussMySqlInstanceAlias'], why: 'set at creation or by an import' },
    { calls: /^GET \/v3\.1\/\{project_id\}\/instances(\/\{instance_id\})?$/, why: 'use the call of v3' },
    { calls: /\/instances\/details$/, why: 'use the calls for the list and for one instance' },
    { calls: /\/(configurations|flavors|datastores)(\/|$)/, why: 'Tagwerk has no parameters and no flavours' },
    { calls: /\/(quotas|project-quotas)$/, why: 'instances have no quota' },
    { calls: /./, why: 'Tagwerk stores the record of an instance and runs no database' },
  ],
  'tms-v1': [{ calls: / \/v2\/tms\/associated-resources\//, why: 'tags are not passed on to associated resources' }],
  'iam-v3': [
    { ids: ['KeystoneCreateAgencyToken', 'CreateAgencyCustomPolicy', 'UpdateAgencyCustomPolicy'], why: AGENCIES },
    { calls: /\/(OS-AGENCY|agencies|agency)\//, why: AGENCIES },
    { ids: ['CreateTemporaryAccessKeyByAgency', 'CreateTemporaryAccessKeyByToken'], why: 'keys are permanent' },
    { ids: ['KeystoneCreateScopedToken'], why: LOGIN },
    { ids: ['KeystoneCreateUserTokenByPasswordAndMfa'], why: MFA },
    { calls: /\/OS-MFA\/|\/login-protects?$/, why: MFA },
    { calls: /\/OS-(FEDERATION|AUTH)\//, why: LOGIN },
    { calls: /\/OS-PERMISSION\/.*enterprise-project/, why: 'there are no enterprise projects' },
    { calls: /\/groups(\/|$)/, why: 'roles are assigned to users' },
    { ids: ['ShowDomainRoleAssignments'], why: 'use KeystoneListRoleAssignments' },
    { calls: /\/OS-SECURITYPOLICY\/|\/security_compliance/, why: 'one fixed policy applies to all users' },
    { calls: /\/OS-QUOTA\//, why: 'quotas are fixed' },
    { ids: ['UpdateUserInformation'], why: 'an administrator changes phone number and e-mail address' },
  ],
}
