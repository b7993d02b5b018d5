/** What a job does. */
export type JobKind = 'create' | 'delete'

/**
 * Gives the id of the job that creates or deletes an instance. Nothing is done in the background here, so there is no
 * record of jobs: the id says all there is to know of one.
 */
export function jobIdOf(kind: JobKind, instanceId: string): string {
  return `${kind}-${instanceId}`
}

/** Reads the id of a job; undefined when no job has such an id. */
export function readJobId(id: string): { readonly kind: JobKind; readonly instanceId: string } | undefined {
  const match = /^(create|delete)-([0-9A-Za-z][0-9A-Za-z_.-]*)$/.exec(id)
  return match === null ? undefined : { kind: match[1] as JobKind, instanceId: match[2] as string }
}
