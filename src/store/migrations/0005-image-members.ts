/** With which projects images are shared. `clustered` is what the engine needs to keep rows in key order. */
export function imageMembersMigration(clustered: string): readonly string[] {
  return [
    `CREATE TABLE image_member (
      owner_project_id TEXT NOT NULL,
      image_id TEXT NOT NULL,
      sequence BIGINT NOT NULL,
      member_project_id TEXT NOT NULL,
      status TEXT NOT NULL,
      created_at_ms BIGINT NOT NULL,
      updated_at_ms BIGINT NOT NULL,
      PRIMARY KEY (owner_project_id, image_id, sequence, member_project_id)
    ) ${clustered}`,
    `CREATE INDEX image_member_by_member ON image_member (member_project_id, status, image_id)`,
  ]
}
