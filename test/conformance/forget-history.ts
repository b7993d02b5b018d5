import { ofProject, type TestLocation } from './locations.ts'

/** Forgets the changes of a project up to a revision, but the state there, as a retention of the history does. */
export async function forgetHistory({ sql }: TestLocation, project: string, horizon: number): Promise<void> {
  const before = `${ofProject(project)} AND revision <= ${horizon}`
  await sql(`UPDATE project_state SET horizon = ${horizon}, horizon_at_ms = COALESCE((
    SELECT MAX(at_ms) FROM change_log WHERE ${before}), 0) WHERE project_id = '${project}'`)
  await sql(`DELETE FROM change_log WHERE ${before} AND (tags IS NULL OR revision < (
    SELECT MAX(later.revision) FROM change_log AS later
    WHERE later.${ofProject(project)} AND later.revision <= ${horizon}
      AND later.resource_type = change_log.resource_type AND later.resource_id = change_log.resource_id))`)
}
