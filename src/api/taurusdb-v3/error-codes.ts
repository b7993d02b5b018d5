/** Codes of failures that only the database service reports, in addition to the common ones. */
export type TaurusdbErrorCode = 'action-letter-case' | 'resource-id-malformed' | 'job-not-found'
