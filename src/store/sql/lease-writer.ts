import type { SqlConnection } from './sql.ts'

/** Writes of leases over one connection of either engine; see `LeaseStore`. */
export function leaseWrites(db: SqlConnection) {
  return {
    async takeLease(name: string, holder: string, atMs: number, untilMs: number): Promise<boolean> {
      await db.run(
        `INSERT INTO lease (name, holder, until_ms) VALUES (?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until_ms = excluded.until_ms
         WHERE lease.holder = excluded.holder OR lease.until_ms <= ?`,
        ...[name, holder, untilMs, atMs],
      )
      const row = await db.get('SELECT holder FROM lease WHERE name = ?', name)
      return row?.holder === holder
    },
  }
}
