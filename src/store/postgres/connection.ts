import type pg from 'pg'
import { type BatchSelect, type BatchWrite, statementText } from '../sql/batch-statement.ts'
import type { Params, Row, SqlConnection } from '../sql/sql.ts'
import { batchQuery, numberPlaceholders, statementName } from './batch-sql.ts'
import { isStatementError } from './errors.ts'
import { toBound } from './values.ts'

/** Called for each statement that is sent, and when it has been answered or its connection was lost. */
export type Traffic = { sent(): void; ended(isAnswered: boolean): void }

/**
 * The statements of one transaction or read over one connection. Statements that return no rows are pipelined: they are
 * sent without waiting, and `settle` waits for them and throws the first failure.
 */
export class PostgresConnection implements SqlConnection {
  readonly rowLock = ' FOR UPDATE'
  readonly nextProjectNo = 'DEFAULT'
  readonly #client: pg.ClientBase
  readonly #traffic: Traffic
  readonly #unsettled: Promise<void>[] = []
  #failure: { readonly error: unknown } | undefined

  /** The client must be in pipeline mode: statements are answered in the order in which they were sent. */
  constructor(client: pg.ClientBase, traffic: Traffic) {
    this.#client = client
    this.#traffic = traffic
  }

  async all(sql: string, ...params: Params): Promise<readonly Row[]> {
    return (await this.#query(numberPlaceholders(sql), params.map(toBound))).rows
  }

  async get(sql: string, ...params: Params): Promise<Row | undefined> {
    return (await this.all(sql, ...params))[0]
  }

  async run(sql: string, ...params: Params): Promise<void> {
    this.#defer(this.#query(numberPlaceholders(sql), params.map(toBound)))
  }

  async getBatch(statement: BatchSelect, paramSets: readonly Params[]): Promise<readonly (Row | undefined)[]> {
    const sets = paramSets.map((params) => params.map(toBound))
    const batch = batchQuery(statement, sets)
    if (batch === undefined) {
      const text = numberPlaceholders(statementText(statement))
      return Promise.all(sets.map(async (set) => (await this.#query(text, set)).rows[0]))
    }
    const selected = new Array<Row | undefined>(sets.length).fill(undefined)
    for (const row of (await this.#query(batch.text, batch.values)).rows) selected[Number(row.param_set) - 1] = row
    return selected
  }

  async runBatch(statement: BatchWrite, paramSets: readonly Params[]): Promise<void> {
    const sets = paramSets.map((params) => params.map(toBound))
    const batch = batchQuery(statement, sets)
    if (batch !== undefined) return this.#defer(this.#query(batch.text, batch.values))
    const text = numberPlaceholders(statementText(statement))
    for (const set of sets) this.#defer(this.#query(text, set))
  }

  /** Sends an unprepared command, such as `BEGIN`, without waiting for it. */
  send(sql: string): void {
    this.#defer(this.#query(sql))
  }

  /** Sends an unprepared command, such as `COMMIT`, and returns the command tag of the server. */
  async command(sql: string): Promise<string> {
    return (await this.#query(sql)).command
  }

  /** Waits for all pipelined statements. Throws the first failure. */
  async settle(): Promise<void> {
    while (this.#unsettled.length > 0) await Promise.all(this.#unsettled.splice(0))
    if (this.#failure !== undefined) throw this.#failure.error
  }

  #defer(answer: Promise<unknown>): void {
    const settled = answer.then(
      () => undefined,
      (error: unknown) => {
        this.#failure ??= { error }
      },
    )
    this.#unsettled.push(settled)
  }

  async #query(text: string, values?: readonly unknown[]): Promise<pg.QueryResult<Row>> {
    this.#traffic.sent()
    try {
      const named = values === undefined ? { text } : { text, name: statementName(text), values: values as unknown[] }
      const result = await this.#client.query<Row>(named)
      this.#traffic.ended(true)
      return result
    } catch (error) {
      this.#traffic.ended(isStatementError(error))
      throw error
    }
  }
}
