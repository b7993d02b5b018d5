/** A call that the vendors have and Tagwerk has not. */
export type MissingOperation = { readonly id: string; readonly call: string; readonly why: string }

const RECORDS = 'there is a record of an image here, not its data'
const DATABASES = 'there is a record of an instance here, no database'

/**
 * What the vendors' API references list for each family and Tagwerk leaves out. Whole groups of calls that have nothing to
 * do with tags, records of resources or accounts stand in one line.
 */
export const MISSING_OPERATIONS: Readonly<Record<string, readonly MissingOperation[]>> = {
  'ims-v2': [
    { id: 'BatchAddMembers', call: 'POST /v1/cloudimages/members', why: 'members one by one, by the native calls' },
    { id: 'BatchUpdateMembers', call: 'PUT /v1/cloudimages/members', why: 'members one by one, by the native calls' },
    {
      id: 'BatchDeleteMembers',
      call: 'DELETE /v1/cloudimages/members',
      why: 'members one by one, by the native calls',
    },
    { id: 'RegisterImage', call: 'PUT /v1/cloudimages/{image_id}/upload', why: RECORDS },
    { id: 'ImportImageQuick', call: 'POST /v2/cloudimages/quickimport/action', why: RECORDS },
    { id: 'ExportImage', call: 'POST /v1/cloudimages/{image_id}/file', why: RECORDS },
    { id: 'CopyImageInRegion', call: 'POST /v1/cloudimages/{image_id}/copy', why: RECORDS },
    { id: 'CopyImageCrossRegion', call: 'POST /v1/cloudimages/{image_id}/cross_region_copy', why: RECORDS },
    { id: 'CreateDataImage', call: 'POST /v1/cloudimages/dataimages/action', why: RECORDS },
    { id: 'CreateWholeImage', call: 'POST /v1/cloudimages/wholeimages/action', why: RECORDS },
    { id: 'ListOsVersions', call: 'GET /v1/cloudimages/os_version', why: 'there is no list of systems here' },
    { id: 'ShowImageQuota', call: 'GET /v1/cloudimages/quota', why: 'there is no quota of images here' },
    { id: 'ShowJobProgress', call: 'GET /v1/cloudimages/job/{job_id}', why: 'jobs are done at once' },
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
      why: 'permanent keys only',
    },
    { id: 'KeystoneCreateGroup and 30 further', call: '/v3/groups...', why: 'roles are given to users' },
    { id: 'CreateAgency and 20 further', call: '/v3.0/OS-AGENCY...', why: 'nobody acts for another domain' },
    { id: 'federation', call: '/v3/OS-FEDERATION...', why: 'users have passwords and keys' },
    {
      id: 'security settings',
      call: '/v3.0/OS-SECURITYPOLICY..., /v3.0/OS-MFA...',
      why: 'there is one policy for all',
    },
  ],
}
