/** What an import has deleted because its files do not have it, or would delete. */
export type Replaced = {
  readonly deleted: number
  readonly held_back?: 'refused-lines' | 'too-many-deletions'
  readonly types: readonly {
    readonly project?: string
    readonly resource_type: string
    readonly resources: number
    readonly absent: number
  }[]
}

/** Sentences about what a replacement has deleted, or why it has not. */
export function describeReplaced({ deleted, held_back, types }: Replaced, isDryRun: boolean): string {
  const parts = types
    .filter(({ absent }) => absent > 0)
    .map(({ project, resource_type, resources, absent }) => {
      const where = project === undefined ? '' : ` in ${project}`
      return `${absent.toLocaleString('en-GB')} of ${resources.toLocaleString('en-GB')} ${resource_type}${where}`
    })
  const absent = parts.join(', ')
  if (held_back === 'refused-lines')
    return `Nothing was deleted, because lines were refused. Absent from the files: ${absent}.`
  if (held_back === 'too-many-deletions') {
    return `Nothing was deleted, because too many would be: ${absent}. Allow more with --max-delete-percent.`
  }
  if (deleted === 0) return 'Nothing is absent from the files.'
  return `${isDryRun ? 'To be deleted' : 'Deleted'}: ${absent}.`
}
