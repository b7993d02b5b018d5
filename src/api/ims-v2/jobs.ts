// NOTE: jobs finish synchronously and are not stored: the id of a job is derived from the id of its image.

/** Derives the id of the job that made an image: the image id without hyphens, as long as the vendor's job ids. */
export function jobIdOf(imageId: string): string {
  return imageId.replaceAll('-', '')
}

/** Derives the image id from a job id; undefined for a malformed job id. */
export function imageIdOf(jobId: string): string | undefined {
  const parts = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/.exec(jobId)
  return parts?.slice(1).join('-')
}
