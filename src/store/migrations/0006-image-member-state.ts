/** A row for each project that images are shared with, for changes of what is shared with it to wait at. */
export function imageMemberStateMigration(clustered: string): readonly string[] {
  return [
    `CREATE TABLE image_member_state (
      member_project_id TEXT NOT NULL PRIMARY KEY
    ) ${clustered}`,
  ]
}
