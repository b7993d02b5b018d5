import type { CoverageCount, CoverageDay, CoverageSeries } from '../coverage-store.ts'
import { PUT_COVERAGE_POINT } from './batch-statements.ts'
import { lockCoverage } from './row-locks.ts'
import type { SqlConnection } from './sql.ts'

/** Writes of coverage over one connection of either engine; see `CoverageStore`. */
export function coverageWrites(db: SqlConnection) {
  return {
    async putCoverage(
      project: string,
      { day, revision }: CoverageDay,
      counts: readonly (CoverageSeries & CoverageCount)[],
    ): Promise<void> {
      await lockCoverage(db, project)
      const state = await db.get('SELECT removed FROM coverage_state WHERE project_id = ?', project)
      if (Number(state?.removed) === 1) return
      await db.run(
        `INSERT INTO coverage_day (project_id, day, revision) VALUES (?, ?, ?)
         ON CONFLICT (project_id, day) DO UPDATE SET revision = excluded.revision`,
        ...[project, day, revision],
      )
      await db.runBatch(
        PUT_COVERAGE_POINT,
        counts.map(({ type, key, rules, resources, tagged, valid }) => [
          ...[project, key, type, rules, day],
          ...[resources, tagged, valid ?? null],
        ]),
      )
    },

    async forgetCoverage(): Promise<number> {
      const state = await db.get('SELECT project_id FROM coverage_state WHERE removed = 1 LIMIT 1')
      if (state === undefined) return 0
      const project = String(state.project_id)
      await lockCoverage(db, project)
      const [row] = await db.all(
        `SELECT tag_key, resource_type, rules FROM coverage_point WHERE project_id = ?
           AND EXISTS (SELECT 1 FROM coverage_state WHERE project_id = ? AND removed = 1)
         ORDER BY tag_key, resource_type, rules LIMIT 1`,
        ...[project, project],
      )
      if (row === undefined) return forgetDays(project)
      const series = [project, String(row.tag_key), String(row.resource_type), String(row.rules)]
      const where = 'WHERE project_id = ? AND tag_key = ? AND resource_type = ? AND rules = ?'
      const found = await db.get(`SELECT COUNT(*) AS found FROM coverage_point ${where}`, ...series)
      await db.run(`DELETE FROM coverage_point ${where}`, ...series)
      return Number(found?.found)
    },
  }

  /** Deletes the days of a project, and its lock, if it is deleted still. */
  async function forgetDays(project: string): Promise<number> {
    const isRemoved = 'EXISTS (SELECT 1 FROM coverage_state WHERE project_id = ? AND removed = 1)'
    const sql = `SELECT COUNT(*) AS found FROM coverage_day WHERE project_id = ? AND ${isRemoved}`
    const found = await db.get(sql, project, project)
    await db.run(`DELETE FROM coverage_day WHERE project_id = ? AND ${isRemoved}`, project, project)
    await db.run('DELETE FROM coverage_state WHERE project_id = ? AND removed = 1', project)
    return Number(found?.found)
  }
}
