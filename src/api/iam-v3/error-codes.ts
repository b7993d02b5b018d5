/** Error codes of the account service, in addition to the common ones. */
export type IamErrorCode = 'subject-token-not-found'
