/** A call of a vendor's API that Tagwerk does not implement, with the reason. */
export type MissingOperation = { readonly id: string; readonly call: string; readonly why: string }

const RECORDS = 'Tagwerk stores the record of an image, not its data'
const DATABASES = 'Tagwerk stores the record of an instance and runs no database'

/**
 * Calls of the vendors' API references that are not implemented, by family. A group of calls unrelated to tags, resource
 * records and accounts is one entry.
 */
export const MISSING_OPERATIONS: Readonly<Record<string, readonly MissingOperation[]>> = {
  'ims-v2': [
    { id: 'BatchAddMembers', call: 'POST /v1/cloudimages/members', why: 'use the native calls for single members' },
    { id: 'BatchUpdateMembers', call: 'PUT /v1/cloudimages/members', why: 'use the native calls for single members' },
    {
      id: 'BatchDeleteMembers',
      call: 'DELETE /v1/cloudimages/members',
      why: 'use the native calls for single members',
    },
    { id: 'RegisterImage', call: 'PUT /v1/cloudimages/{image_id}/upload', why: RECORDS },
    { id: 'ImportImageQuick', call: 'POST /v2/cloudimages/quickimport/action', why: RECORDS },
    { id: 'ExportImage', call: 'POST /v1/cloudimages/{image_id}/file', why: RECORDS },
    { id: 'CopyImageInRegion', call: 'POST /v1/cloudimages/{image_id}/copy', why: RECORDS },
    { id: 'CopyImageCrossRegion', call: 'POST /v1/cloudimages/{image_id}/cross_region_copy', why: RECORDS },
    { id: 'CreateDataImage', call: 'POST /v1/cloudimages/dataimages/action', why: RECORDS },
    { id: 'CreateWholeImage', call: 'POST /v1/cloudimages/wholeimages/action', why: RECORDS },
    { id: 'ListOsVersions', call: 'GET /v1/cloudimages/os_version', why: 'Tagwerk has no list of operating systems' },
    { id: 'ShowImageQuota', call: 'GET /v1/cloudimages/quota', why: 'images have no quota' },
    { id: 'ShowJobProgress', call: 'GET /v1/cloudimages/job/{job_id}', why: 'jobs complete at once' },
  ],
  'taurusdb-v3': [
    { id: 'UpdateGaussMySqlInstanceName', call: 'PUT /v3/{project_id}/instances/{instance_id}/name', why: DATABASES },
    { id: 'ListGaussMySqlEngineVersion', call: 'GET /v3/{project_id}/datastores/{database_name}', why: DATABASES },
    { id: 'ShowGaussMySqlFlavors', call: 'GET /v3/{project_id}/flavors/{database_name}', why: DATABASES },
    { id: 'some 260 further', call: 'nodes, proxies, backups, parameters, logs, accounts, monitoring', why: DATABASES },
  ],
  'tms-v1': [],
  'iam-v3': [
    {
      id: 'CreateTemporaryAccessKeyByToken',
      call: 'POST /v3.0/OS-CREDENTIAL/securitytokens',
      why: 'only permanent keys are supported',
    },
    {
      id: 'UpdateUserInformation',
      call: 'PUT /v3.0/OS-USER/users/{user_id}/info',
      why: 'an administrator changes phone number and e-mail address',
    },
    { id: 'KeystoneCreateGroup and 30 further', call: '/v3/groups...', why: 'roles are assigned to users' },
    { id: 'CreateAgency and 20 further', call: '/v3.0/OS-AGENCY...', why: 'no access across domains' },
    { id: 'federation', call: '/v3/OS-FEDERATION...', why: 'users authenticate with passwords or access keys' },
    {
      id: 'security settings',
      call: '/v3.0/OS-SECURITYPOLICY..., /v3.0/OS-MFA..., /v3.0/OS-USER/users/{user_id}/login-protect',
      why: 'one fixed policy applies to all users',
    },
  ],
}
