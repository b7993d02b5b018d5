import { run, type SqlConnection, type SqlValue } from './sql.ts'

/** What the statements that change accounts share, over one connection of either engine. */
export type AccountChanges = ReturnType<typeof accountChanges>

export function accountChanges(db: SqlConnection) {
  return {
    /**
     * Makes changes of accounts wait for each other, so that what was looked at still holds when it is acted on. An
     * engine with one writer has no need of it; the others lock the row.
     */
    takeTurn: (): Promise<void> => run(db, 'UPDATE account_state SET only_row = only_row'),

    raiseRevision: (): Promise<void> => run(db, 'UPDATE account_state SET revision = revision + 1'),

    async has(sql: string, ...params: readonly SqlValue[]): Promise<boolean> {
      return (await db.get(sql, ...params)) !== undefined
    },

    /** Sets columns of one row; those without a value stay as they are. */
    async set(
      table: string,
      key: readonly [column: string, value: string],
      values: Readonly<Record<string, SqlValue | boolean | undefined>>,
    ): Promise<void> {
      const given = Object.entries(values).filter(([, value]) => value !== undefined)
      if (given.length === 0) return
      const columns = given.map(([column]) => `${column} = ?`).join(', ')
      await run(
        db,
        `UPDATE ${table} SET ${columns} WHERE ${key[0]} = ?`,
        ...given.map(([, value]) => toSql(value as SqlValue | boolean)),
        key[1],
      )
    },

    async insert(table: string, values: Readonly<Record<string, SqlValue | boolean>>): Promise<void> {
      const columns = Object.keys(values)
      await run(
        db,
        `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
        ...Object.values(values).map(toSql),
      )
    },

    remove: (table: string, column: string, value: string): Promise<void> =>
      run(db, `DELETE FROM ${table} WHERE ${column} = ?`, value),
  }
}

function toSql(value: SqlValue | boolean): SqlValue {
  return typeof value === 'boolean' ? Number(value) : value
}
