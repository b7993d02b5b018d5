/** Error codes of the database service, in addition to the common ones. */
export type TaurusdbErrorCode = 'action-letter-case' | 'resource-id-malformed' | 'job-not-found'
