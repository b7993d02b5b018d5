import type { SqlConnection, SqlValue } from './sql.ts'

/** Statements that the writers of accounts share. */
export function accountStatements(db: SqlConnection) {
  return {
    raiseRevision: (): Promise<void> => db.run('UPDATE account_state SET revision = revision + 1'),

    async exists(sql: string, ...params: readonly SqlValue[]): Promise<boolean> {
      return (await db.get(sql, ...params)) !== undefined
    },

    /** Sets columns of one row; columns with the value undefined stay unchanged. */
    async updateRow(
      table: string,
      key: readonly [column: string, value: string],
      values: Readonly<Record<string, SqlValue | boolean | undefined>>,
    ): Promise<void> {
      const columns: string[] = []
      const params: SqlValue[] = []
      for (const [column, value] of Object.entries(values)) {
        if (value === undefined) continue
        columns.push(`${column} = ?`)
        params.push(toSqlValue(value))
      }
      if (columns.length === 0) return
      await db.run(`UPDATE ${table} SET ${columns.join(', ')} WHERE ${key[0]} = ?`, ...params, key[1])
    },

    async insertRow(table: string, values: Readonly<Record<string, SqlValue | boolean>>): Promise<void> {
      const columns = Object.keys(values)
      const marks = columns.map(() => '?').join(', ')
      const params = Object.values(values).map(toSqlValue)
      await db.run(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`, ...params)
    },

    deleteRows: (table: string, column: string, value: string): Promise<void> =>
      db.run(`DELETE FROM ${table} WHERE ${column} = ?`, value),
  }
}

function toSqlValue(value: SqlValue | boolean): SqlValue {
  return typeof value === 'boolean' ? Number(value) : value
}
