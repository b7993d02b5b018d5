import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import type { TagQuery } from '../../src/core/tag-query.ts'
import { type Case, checkSame } from '../case.ts'
import { GeneratedDataset } from '../data/generated.ts'
import { seedQueries } from '../data/queries.ts'
import { type Truth, truthOf } from '../data/truth.ts'
import { Vocabulary } from '../data/vocabulary.ts'
import { IndexAdapter } from '../index-adapter.ts'
import { type Figure, timeText } from '../report/figure.ts'
import { median, quantile, spreadOf } from '../report/statistics.ts'
import { emptyFolder } from '../service/data-folders.ts'
import { numberPairs } from '../sql/pairs.ts'
import { loadPostgres } from '../sql/postgres.ts'
import { loadSqlite, type SqlAnswer, type SqlWay } from '../sql/sqlite.ts'
import { type FourPairs, fourPairs } from '../sql/statements.ts'

const QUERIES = 8
/** Queries of our index per SQL statement in a round, because each takes only microseconds. */
const OURS_PER_ROUND = 500

type TimedQuery = { readonly query: TagQuery; readonly pairs: FourPairs; readonly truth: Truth }

/** What would the documented query cost in SQL, on the same data in the same run? (P3) */
export const sqlCase: Case = {
  name: 'sql',
  about: 'the documented query in SQLite and PostgreSQL, best plans, compared with our index (P3)',
  run: async (context) => {
    const dataset = new GeneratedDataset(context.size)
    const table = numberPairs(dataset, context.progress)
    const queries = seedQueries(new Vocabulary(dataset), QUERIES)
    const pages = queries.map((query) => ({ query, offset: 0, limit: 10 }))
    const truths = await truthOf(dataset, pages, context.cacheFolder, context.progress)
    const timedQueries = queries.map((query, i) => ({
      query,
      pairs: fourPairs(query, table.idOf),
      truth: truths[i] as Truth,
    }))
    const temporary = await emptyFolder(context)
    await chmod(temporary.folder, 0o755)
    context.say('loading SQLite')
    const sqlite = loadSqlite(table, join(temporary.folder, 'postings.sqlite'), context.progress)
    context.say('loading PostgreSQL')
    const postgres = await loadPostgres(table, temporary.folder, context.say)
    try {
      context.say('loading our index')
      const index = new IndexAdapter()
      for (let number = 0; number < dataset.size; number++) index.put(dataset.at(number))
      const ways = [...sqlite.ways, ...postgres.ways]
      for (const way of ways) for (const query of timedQueries) await check(way, query)
      const rounds = context.isQuick ? 2 : 5
      const ours: number[] = []
      const theirs = ways.map(() => [] as number[])
      for (let round = 0; round < rounds; round++) {
        ours.push(timeOurs(index, timedQueries))
        for (const [i, way] of ways.entries()) theirs[i]?.push(await timeWay(way, timedQueries))
      }
      return { figures: figuresOf(context.size, ours, ways, theirs, postgres.version) }
    } finally {
      sqlite.close()
      await postgres.close()
      await temporary.remove()
    }
  },
}

async function check(way: SqlWay, { pairs, truth }: TimedQuery): Promise<void> {
  const { total, page }: SqlAnswer = await way.ask(pairs)
  checkSame(`${way.engine}, ${way.name}`, { total: truth.total, page: truth.numbers }, { total, page })
}

/** The median over all queries, in microseconds. */
function timeOurs(index: IndexAdapter, timedQueries: readonly TimedQuery[]): number {
  const latenciesUs: number[] = []
  for (let i = 0; i < OURS_PER_ROUND; i++) {
    const { query, truth } = timedQueries[i % timedQueries.length] as TimedQuery
    const startMs = performance.now()
    const { total } = index.find(query, 0, 10)
    latenciesUs.push((performance.now() - startMs) * 1000)
    checkSame('our total', truth.total, total)
  }
  return quantile(latenciesUs, 0.5)
}

async function timeWay(way: SqlWay, timedQueries: readonly TimedQuery[]): Promise<number> {
  const latenciesUs: number[] = []
  for (const { pairs } of timedQueries) {
    const startMs = performance.now()
    await way.ask(pairs)
    latenciesUs.push((performance.now() - startMs) * 1000)
  }
  return quantile(latenciesUs, 0.5)
}

function figuresOf(
  size: number,
  ours: readonly number[],
  ways: readonly SqlWay[],
  theirs: readonly (readonly number[])[],
  version: string,
): Figure[] {
  const ranked = ways
    .map(({ engine, name }, i) => ({ engine, name, rounds: theirs[i] as number[], us: median(theirs[i] as number[]) }))
    .toSorted((a, b) => a.us - b.us)
  const best = ranked[0] as (typeof ranked)[number]
  const ratios = best.rounds.map((us, i) => us / (ours[i] as number))
  const label = ({ engine, name }: { engine: string; name: string }) =>
    `${engine === 'PostgreSQL' ? `PostgreSQL ${version}` : `SQLite ${process.versions.sqlite}`}: ${name}`
  return [
    {
      target: 'P3',
      what: `best SQL plan / ours (${label(best)})`,
      size,
      value: median(ratios),
      spread: spreadOf(ratios),
      measured: `${timeText(best.us)} / ${timeText(median(ours))}`,
    },
    ...ranked.map((way) => ({
      what: label(way),
      size,
      value: way.us,
      spread: spreadOf(way.rounds),
      measured: timeText(way.us),
    })),
  ]
}
