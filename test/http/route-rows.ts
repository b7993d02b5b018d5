/** The kinds of tokens that every route is asked with. */
export const TOKENS = ['none', 'broken', 'expired', 'revoked', 'other', 'domain', 'reader'] as const
export type TokenKind = (typeof TOKENS)[number]

/** What each kind of token gets. */
type Statuses = readonly [
  ...[none: number, broken: number, expired: number, revoked: number],
  ...[other: number, domain: number, reader: number],
]

export type Row = {
  readonly family: string
  /** Which token lets a caller with every right in. */
  readonly access: 'project' | 'scoped' | 'domain' | 'any' | 'none'
  readonly statuses: Statuses
}

const NOBODY = [401, 401, 401, 401] as const

/** In the project of its path: only a token of that project will do. `reader` is what a user who may only look gets. */
const inProject = (family: string, reader: number): Row => ({
  ...{ family, access: 'project', statuses: [...NOBODY, 403, 403, reader] },
})

/** In the project of the token: `other` is what a token of another project gets, in which there is nothing. */
const inTokenProject = (family: string, other: number, reader: number): Row => ({
  ...{ family, access: 'scoped', statuses: [...NOBODY, other, 403, reader] },
})

/** In a domain: no token of a project will do. */
const inDomain = (family: string, domain: number): Row => ({
  ...{ family, access: 'domain', statuses: [...NOBODY, 403, domain, 403] },
})

const anywhere = (family: string, other: number, domain: number, reader: number): Row => ({
  ...{ family, access: 'any', statuses: [...NOBODY, other, domain, reader] },
})

const open = (family: string, status: number): Row => ({
  ...{ family, access: 'none', statuses: [status, status, status, status, status, status, status] },
})

const IMS: Readonly<Record<string, Row>> = {
  'POST /v2/{project_id}/images/{image_id}/tags': inProject('ims-v2', 403),
  'GET /v2/{project_id}/images/{image_id}/tags': inProject('ims-v2', 200),
  'DELETE /v2/{project_id}/images/{image_id}/tags/{key}': inProject('ims-v2', 403),
  'POST /v2/{project_id}/images/{image_id}/tags/action': inProject('ims-v2', 403),
  'POST /v2/{project_id}/images/resource_instances/action': inProject('ims-v2', 200),
  'GET /v2/{project_id}/images/tags': inProject('ims-v2', 200),
  'PUT /v1/cloudimages/tags': inTokenProject('ims-v2', 404, 403),
  'GET /v1/cloudimages/tags': inTokenProject('ims-v2', 200, 200),
  'DELETE /v1/{project_id}/cloudimages/{image_id}/tags/delete': inProject('ims-v2', 403),
  'PUT /v2/images/{image_id}/tags/{tag}': inTokenProject('ims-v2', 404, 403),
  'DELETE /v2/images/{image_id}/tags/{tag}': inTokenProject('ims-v2', 404, 403),
  'GET /v2/cloudimages': inTokenProject('ims-v2', 200, 200),
  'PATCH /v2/cloudimages/{image_id}': inTokenProject('ims-v2', 404, 403),
  'POST /v2/cloudimages/action': inTokenProject('ims-v2', 200, 403),
  'GET /v1/{project_id}/jobs/{job_id}': inProject('ims-v2', 200),
  'GET /v2/images': inTokenProject('ims-v2', 200, 200),
  'GET /v2/images/{image_id}': inTokenProject('ims-v2', 404, 200),
  'POST /v2/images': inTokenProject('ims-v2', 201, 403),
  'PATCH /v2/images/{image_id}': inTokenProject('ims-v2', 404, 403),
  'DELETE /v2/images/{image_id}': inTokenProject('ims-v2', 404, 403),
  'PUT /v2/images/{image_id}/file': inTokenProject('ims-v2', 404, 403),
  'GET /v2/images/{image_id}/file': inTokenProject('ims-v2', 404, 403),
  // The other project would be made a member by itself.
  'POST /v2/images/{image_id}/members': inTokenProject('ims-v2', 400, 403),
  // The other project is the member.
  'GET /v2/images/{image_id}/members': inTokenProject('ims-v2', 200, 200),
  'GET /v2/images/{image_id}/members/{member_id}': inTokenProject('ims-v2', 200, 200),
  // The other project owns the image; only the member may take it or leave it.
  'PUT /v2/images/{image_id}/members/{member_id}': inTokenProject('ims-v2', 403, 403),
  'DELETE /v2/images/{image_id}/members/{member_id}': inTokenProject('ims-v2', 204, 403),
  'GET /v2/schemas/images': inTokenProject('ims-v2', 200, 200),
  'GET /v2/schemas/image': inTokenProject('ims-v2', 200, 200),
  'GET /v2/schemas/members': inTokenProject('ims-v2', 200, 200),
  'GET /v2/schemas/member': inTokenProject('ims-v2', 200, 200),
}

const TAURUSDB: Readonly<Record<string, Row>> = {
  'GET /v3/{project_id}/tags': inProject('taurusdb-v3', 200),
  'GET /v3/{project_id}/instances/{instance_id}/tags': inProject('taurusdb-v3', 200),
  'POST /v3/{project_id}/instances/{instance_id}/tags/action': inProject('taurusdb-v3', 403),
  'GET /v3/{project_id}/instances': inProject('taurusdb-v3', 200),
  'GET /v3/{project_id}/instances/{instance_id}': inProject('taurusdb-v3', 200),
  'POST /v3/{project_id}/instances': inProject('taurusdb-v3', 403),
  'DELETE /v3/{project_id}/instances/{instance_id}': inProject('taurusdb-v3', 403),
  'GET /v3/{project_id}/jobs': inProject('taurusdb-v3', 200),
}

const TMS: Readonly<Record<string, Row>> = {
  'POST /v1.0/predefine_tags/action': inDomain('tms-v1', 204),
  'GET /v1.0/predefine_tags': inDomain('tms-v1', 200),
  'PUT /v1.0/predefine_tags': inDomain('tms-v1', 200),
  'GET /v1.0/tms/quotas': inDomain('tms-v1', 200),
  'GET /v1.0/tms/providers': inDomain('tms-v1', 200),
  'POST /v1.0/resource-tags/batch-create': inDomain('tms-v1', 200),
  'POST /v1.0/resource-tags/batch-delete': inDomain('tms-v1', 200),
  'POST /v1.0/resource-instances/filter': inDomain('tms-v1', 200),
  'GET /v1.0/tag-keys': inDomain('tms-v1', 200),
  'GET /v1.0/tag-values': inDomain('tms-v1', 200),
  'GET /v2.0/resources/{resource_id}/tags': inDomain('tms-v1', 200),
  'GET /': open('tms-v1', 200),
  'GET /{api_version}': open('tms-v1', 200),
}

const TAGWERK: Readonly<Record<string, Row>> = {
  'POST /tagwerk/v1/import': anywhere('tagwerk-v1', 200, 200, 403),
  'GET /tagwerk/v1/export': anywhere('tagwerk-v1', 200, 200, 200),
  'DELETE /tagwerk/v1/{project_id}/resources/{resource_type}/{resource_id}': inProject('tagwerk-v1', 403),
  'GET /tagwerk/v1/faults': inDomain('tagwerk-v1', 200),
  'PUT /tagwerk/v1/faults': inDomain('tagwerk-v1', 200),
}

/** What everybody may do, being somebody: about themselves, or about what is no secret. */
const everybody = (status: number, reader = status): Row => anywhere('iam-v3', status, status, reader)

/** About somebody else: with a token of a project not even an administrator may. */
const ofOthers = (domain: number, others: number): Row => anywhere('iam-v3', others, domain, others)

const IAM: Readonly<Record<string, Row>> = {
  'GET /v3': open('iam-v3', 200),
  'GET /v3/': open('iam-v3', 200),
  'POST /v3/auth/tokens': open('iam-v3', 201),
  // The reader asks about a token of the administrator.
  'GET /v3/auth/tokens': everybody(200, 403),
  'HEAD /v3/auth/tokens': everybody(200, 403),
  'DELETE /v3/auth/tokens': everybody(204, 403),
  'GET /v3/auth/projects': everybody(200),
  'GET /v3/auth/domains': everybody(200),
  'GET /v3/domains': everybody(200),
  'GET /v3/domains/{domain_id}': everybody(200),
  'GET /v3/auth/catalog': everybody(200),
  'GET /v3/services': everybody(200),
  'GET /v3/services/{service_id}': everybody(200),
  'GET /v3/endpoints': everybody(200),
  'GET /v3/endpoints/{endpoint_id}': everybody(200),
  'GET /v3/regions': everybody(200),
  'GET /v3/regions/{region_id}': everybody(200),
  'GET /v3/projects': everybody(200),
  'POST /v3/projects': inDomain('iam-v3', 201),
  'GET /v3/projects/{project_id}': everybody(200),
  'PATCH /v3/projects/{project_id}': inDomain('iam-v3', 200),
  'DELETE /v3/projects/{project_id}': inDomain('iam-v3', 204),
  'GET /v3/users': inDomain('iam-v3', 200),
  'POST /v3/users': inDomain('iam-v3', 201),
  // The administrator, who is asked about, asks with tokens of both projects too.
  'GET /v3/users/{user_id}': everybody(200, 403),
  'GET /v3.0/OS-USER/users/{user_id}': everybody(200, 403),
  'PATCH /v3/users/{user_id}': inDomain('iam-v3', 200),
  'DELETE /v3/users/{user_id}': inDomain('iam-v3', 204),
  'GET /v3/users/{user_id}/projects': everybody(200, 403),
  // Of somebody else, which not even an administrator may change so.
  'POST /v3/users/{user_id}/password': everybody(403),
  'GET /v3/roles': inDomain('iam-v3', 200),
  'GET /v3/roles/{role_id}': inDomain('iam-v3', 200),
  'GET /v3/role_assignments': inDomain('iam-v3', 200),
  'GET /v3.0/OS-ROLE/roles': inDomain('iam-v3', 200),
  'POST /v3.0/OS-ROLE/roles': inDomain('iam-v3', 201),
  'GET /v3.0/OS-ROLE/roles/{role_id}': inDomain('iam-v3', 200),
  'PATCH /v3.0/OS-ROLE/roles/{role_id}': inDomain('iam-v3', 200),
  'DELETE /v3.0/OS-ROLE/roles/{role_id}': inDomain('iam-v3', 204),
  'GET /v3/projects/{project_id}/users/{user_id}/roles': inDomain('iam-v3', 200),
  'PUT /v3/projects/{project_id}/users/{user_id}/roles/{role_id}': inDomain('iam-v3', 204),
  'HEAD /v3/projects/{project_id}/users/{user_id}/roles/{role_id}': inDomain('iam-v3', 204),
  'DELETE /v3/projects/{project_id}/users/{user_id}/roles/{role_id}': inDomain('iam-v3', 204),
  'GET /v3/domains/{domain_id}/users/{user_id}/roles': inDomain('iam-v3', 200),
  'PUT /v3/domains/{domain_id}/users/{user_id}/roles/{role_id}': inDomain('iam-v3', 204),
  'HEAD /v3/domains/{domain_id}/users/{user_id}/roles/{role_id}': inDomain('iam-v3', 204),
  'DELETE /v3/domains/{domain_id}/users/{user_id}/roles/{role_id}': inDomain('iam-v3', 204),
  'POST /v3.0/OS-CREDENTIAL/credentials': ofOthers(201, 403),
  'GET /v3.0/OS-CREDENTIAL/credentials': everybody(200),
  'GET /v3.0/OS-CREDENTIAL/credentials/{access_key}': ofOthers(200, 404),
  'PUT /v3.0/OS-CREDENTIAL/credentials/{access_key}': ofOthers(200, 404),
  'DELETE /v3.0/OS-CREDENTIAL/credentials/{access_key}': ofOthers(204, 404),
}

/** One row for every route. */
export const ROWS: Readonly<Record<string, Row>> = { ...IMS, ...TAURUSDB, ...TMS, ...TAGWERK, ...IAM }
