/** The tags that accounts keep ready for use, and a row for each account for its changes to wait at. */
export function predefinedTagsMigration(clustered: string): readonly string[] {
  return [
    `CREATE TABLE predefined_tag_state (
      domain_id TEXT NOT NULL PRIMARY KEY
    ) ${clustered}`,
    `CREATE TABLE predefined_tag (
      domain_id TEXT NOT NULL,
      tag_key TEXT NOT NULL,
      tag_value TEXT NOT NULL,
      updated_at_ms BIGINT NOT NULL,
      PRIMARY KEY (domain_id, tag_key, tag_value)
    ) ${clustered}`,
  ]
}
