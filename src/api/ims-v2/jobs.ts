// NOTE: the one kind of job is done when it is answered, so that nothing of it is kept: its id is that of its image.

/** Gives the id of the job that made an image: the image's without hyphens, as long as the vendor's. */
export function jobIdOf(imageId: string): string {
  return imageId.replaceAll('-', '')
}

/** Gives the id of the image that a job made, undefined for what is no id of a job. */
export function imageIdOf(jobId: string): string | undefined {
  const parts = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/.exec(jobId)
  return parts?.slice(1).join('-')
}
