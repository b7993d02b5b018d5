/**
 * First path segments below `/v3` that belong to the identity service, those of Keystone's missing calls included. Other
 * segments are project ids of the database service; no project id is equal to one of these.
 */
const COLLECTIONS = [
  ...['auth', 'catalog', 'credentials', 'domains', 'endpoints', 'groups', 'limits', 'policies', 'projects', 'regions'],
  ...['registered_limits', 'role_assignments', 'role_inferences', 'roles', 'services', 'system', 'users'],
]

/** Matches a segment of the identity service, as the source of a regular expression. */
export const IDENTITY_SEGMENT = `(?:${COLLECTIONS.join('|')}|OS-[A-Z0-9-]+)`
