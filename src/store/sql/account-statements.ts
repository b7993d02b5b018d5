import { ADMIN_ROLE } from '../account-records.ts'
import type { SqlConnection, SqlValue } from './sql.ts'

/** Selects the unrestricted administrators of a domain, see `AccountStore.addAssignment`. */
export const UNRESTRICTED_ADMINS = `SELECT user_id FROM app_user WHERE domain_id = ? AND enabled = 1 AND password_hash <> ''
  AND EXISTS (SELECT 1 FROM role_assignment AS assigned WHERE assigned.user_id = app_user.user_id
    AND assigned.scope = 'domain' AND assigned.scope_id = app_user.domain_id AND assigned.role = '${ADMIN_ROLE}')
  AND NOT EXISTS (SELECT 1 FROM role_assignment AS assigned JOIN custom_role ON custom_role.role_id = assigned.role
    WHERE assigned.user_id = app_user.user_id AND assigned.scope = 'domain' AND assigned.scope_id = app_user.domain_id)`

/** Statements that the writers of accounts share. */
export function accountStatements(db: SqlConnection) {
  return {
    raiseRevision: (): Promise<void> => db.run('UPDATE account_state SET revision = revision + 1'),

    async exists(sql: string, ...params: readonly SqlValue[]): Promise<boolean> {
      return (await db.get(sql, ...params)) !== undefined
    },

    async countRows(table: string, column: string, value: string): Promise<number> {
      return Number((await db.get(`SELECT COUNT(*) AS number FROM ${table} WHERE ${column} = ?`, value))?.number)
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
