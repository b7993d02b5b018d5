import type { CoverageCount, CoverageDay, CoverageSeries } from '../coverage-store.ts'
import type { Row, SqlConnection } from './sql.ts'

/** Reads of coverage over one connection of either engine; see `CoverageStore`. */
export function coverageReads(db: SqlConnection) {
  return {
    async listCoverageDays(project: string, from: number, to: number): Promise<readonly CoverageDay[]> {
      const sql = 'SELECT day, revision FROM coverage_day WHERE project_id = ? AND day >= ? AND day <= ? ORDER BY day'
      const rows = await db.all(sql, project, from, to)
      return rows.map(({ day, revision }) => ({ day: Number(day), revision: Number(revision) }))
    },

    async getCoverage(
      project: string,
      { type, key, rules }: CoverageSeries,
      from: number,
      to: number,
    ): Promise<readonly (CoverageCount & { readonly day: number })[]> {
      const sql = `SELECT day, resources, tagged, valid FROM coverage_point
        WHERE project_id = ? AND tag_key = ? AND resource_type = ? AND rules = ? AND day >= ? AND day <= ? ORDER BY day`
      return (await db.all(sql, project, key, type, rules, from, to)).map(toCount)
    },
  }
}

function toCount({ day, resources, tagged, valid }: Row): CoverageCount & { readonly day: number } {
  return {
    day: Number(day),
    resources: Number(resources),
    tagged: Number(tagged),
    valid: valid === null ? undefined : Number(valid),
  }
}
