/** Codes of failures that only the account service reports, in addition to the common ones. */
export type IamErrorCode = 'subject-token-not-found'
