/** Codes of failures that only Tagwerk's own API reports, in addition to the common ones. */
export type TagwerkErrorCode = 'project-not-found'
