export type JobKind = 'create' | 'delete'

/**
 * The id of the job that creates or deletes an instance. Nothing runs in the background, so jobs are not stored: the id
 * contains everything that is known of a job.
 */
export function jobIdOf(kind: JobKind, instanceId: string): string {
  return `${kind}-${instanceId}`
}

/** Parses the id of a job; undefined if it is malformed. */
export function parseJobId(id: string): { readonly kind: JobKind; readonly instanceId: string } | undefined {
  const match = /^(create|delete)-([0-9A-Za-z][0-9A-Za-z_.-]*)$/.exec(id)
  return match === null ? undefined : { kind: match[1] as JobKind, instanceId: match[2] as string }
}
