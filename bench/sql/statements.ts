import type { TagQuery } from '../../src/core/tag-query.ts'

// The statements of the SQL comparison, for review. A query has four clauses with one pair each: `must` (tags), `one`
// (tags_any), `nand` (not_tags) and `nor` (not_tags_any). With one pair per clause, `must` and `one` are required, and `nand`
// and `nor` are excluded. Pairs are numbers; looking them up is not measured. Each statement returns the total and the first
// ten matches in order, as the calls of the service do.

/** The four pairs of a documented query, as numbers. */
export type FourPairs = { readonly must: number; readonly one: number; readonly nand: number; readonly nor: number }

/** Looks up the numbers of a query's pairs. */
export function fourPairs(query: TagQuery, idOf: (key: string, value: string) => number): FourPairs {
  const id = (list: TagQuery['tags']) => idOf(list?.[0]?.key ?? '', list?.[0]?.values[0] ?? '')
  return { must: id(query.tags), one: id(query.tagsAny), nand: id(query.notTags), nor: id(query.notTagsAny) }
}

/** One statement with parameters in the order must, one, nand, nor, each used at least once. */
export type Statement = { readonly name: string; readonly text: string }

/** The schema of SQLite. `seq` is the order of creation. */
export const SQLITE_SCHEMA = [
  // The images of each pair, in order: the SQL equivalent of a posting list.
  'CREATE TABLE posting (pair INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (pair, seq)) WITHOUT ROWID',
]

export const SQLITE_PRAGMAS = [
  'PRAGMA journal_mode = OFF',
  'PRAGMA synchronous = OFF',
  // Everything stays in memory: a page cache of 2 GiB, pages of 8 KiB.
  'PRAGMA page_size = 8192',
  'PRAGMA cache_size = -2097152',
  'PRAGMA mmap_size = 4294967296',
]

export const SQLITE_STATEMENTS: readonly Statement[] = [
  {
    name: 'INTERSECT and EXCEPT of postings',
    text: `
      WITH match AS MATERIALIZED (
        SELECT seq FROM posting WHERE pair = ?1
        INTERSECT SELECT seq FROM posting WHERE pair = ?2
        EXCEPT SELECT seq FROM posting WHERE pair = ?3
        EXCEPT SELECT seq FROM posting WHERE pair = ?4
      )
      SELECT (SELECT count(*) FROM match) AS total,
        (SELECT json_group_array(seq) FROM (SELECT seq FROM match ORDER BY seq LIMIT 10)) AS page`,
  },
  {
    name: 'EXISTS on the postings of the others, for each image of the first',
    text: `
      WITH match AS MATERIALIZED (
        SELECT seq FROM posting AS p WHERE pair = ?1
          AND EXISTS (SELECT 1 FROM posting WHERE pair = ?2 AND seq = p.seq)
          AND NOT EXISTS (SELECT 1 FROM posting WHERE pair = ?3 AND seq = p.seq)
          AND NOT EXISTS (SELECT 1 FROM posting WHERE pair = ?4 AND seq = p.seq)
      )
      SELECT (SELECT count(*) FROM match) AS total,
        (SELECT json_group_array(seq) FROM (SELECT seq FROM match ORDER BY seq LIMIT 10)) AS page`,
  },
  {
    name: 'EXISTS, counted and paged in two passes without keeping the matches',
    text: `
      WITH match AS NOT MATERIALIZED (
        SELECT seq FROM posting AS p WHERE pair = ?1
          AND EXISTS (SELECT 1 FROM posting WHERE pair = ?2 AND seq = p.seq)
          AND NOT EXISTS (SELECT 1 FROM posting WHERE pair = ?3 AND seq = p.seq)
          AND NOT EXISTS (SELECT 1 FROM posting WHERE pair = ?4 AND seq = p.seq)
      )
      SELECT (SELECT count(*) FROM match) AS total,
        (SELECT json_group_array(seq) FROM (SELECT seq FROM match ORDER BY seq LIMIT 10)) AS page`,
  },
]

export const POSTGRES_FLAGS = [
  '-c',
  'shared_buffers=3GB',
  '-c',
  'work_mem=256MB',
  '-c',
  'maintenance_work_mem=1GB',
  '-c',
  'effective_cache_size=8GB',
  '-c',
  'random_page_cost=1.0',
  '-c',
  'jit=off',
  '-c',
  'max_wal_size=8GB',
  '-c',
  'fsync=off',
  '-c',
  'synchronous_commit=off',
  '-c',
  'full_page_writes=off',
  '-c',
  'autovacuum=off',
]

/** One row per image with its pairs as an array. */
export const POSTGRES_ARRAY_SCHEMA = [
  'CREATE EXTENSION IF NOT EXISTS intarray',
  'CREATE UNLOGGED TABLE image (seq int PRIMARY KEY, pairs int[] NOT NULL)',
]

export const POSTGRES_ARRAY_INDEXES = ['CREATE INDEX image_pairs ON image USING gin (pairs gin__int_ops)']

/** One row per tag, the textbook schema. */
export const POSTGRES_ROW_SCHEMA = ['CREATE UNLOGGED TABLE posting (pair int NOT NULL, seq int NOT NULL)']

export const POSTGRES_ROW_INDEXES = ['CREATE UNIQUE INDEX posting_pair ON posting (pair, seq)']

export const POSTGRES_FINISH = ['VACUUM (ANALYZE) image', 'VACUUM (ANALYZE) posting']

const PAGE = `
      SELECT (SELECT count(*)::int FROM match) AS total,
        ARRAY(SELECT seq FROM match ORDER BY seq LIMIT 10) AS page`

export const POSTGRES_STATEMENTS: readonly Statement[] = [
  {
    name: 'GIN on int[], one intarray expression',
    text: `
      WITH match AS MATERIALIZED (
        SELECT seq FROM image
        WHERE pairs @@ format('%s&%s&!%s&!%s', $1::int, $2::int, $3::int, $4::int)::query_int
      )${PAGE}`,
  },
  {
    name: 'GIN on int[] for what must be there, the rest as a filter',
    text: `
      WITH match AS MATERIALIZED (
        SELECT seq FROM image
        WHERE pairs @> ARRAY[$1::int, $2::int] AND NOT (pairs && ARRAY[$3::int, $4::int])
      )${PAGE}`,
  },
  {
    name: 'one row a tag, INTERSECT and EXCEPT',
    text: `
      WITH match AS MATERIALIZED (
        (SELECT seq FROM posting WHERE pair = $1::int INTERSECT SELECT seq FROM posting WHERE pair = $2::int)
        EXCEPT SELECT seq FROM posting WHERE pair = $3::int
        EXCEPT SELECT seq FROM posting WHERE pair = $4::int
      )${PAGE}`,
  },
  {
    name: 'one row a tag, joined and anti-joined',
    text: `
      WITH match AS MATERIALIZED (
        SELECT p.seq FROM posting AS p JOIN posting AS q ON q.seq = p.seq AND q.pair = $2::int
        WHERE p.pair = $1::int
          AND NOT EXISTS (SELECT 1 FROM posting AS n WHERE n.pair = $3::int AND n.seq = p.seq)
          AND NOT EXISTS (SELECT 1 FROM posting AS n WHERE n.pair = $4::int AND n.seq = p.seq)
      )${PAGE}`,
  },
  {
    name: 'rows of the image table, scanned without an index',
    text: `
      WITH match AS MATERIALIZED (
        SELECT seq FROM image
        WHERE $1::int = ANY(pairs) AND $2::int = ANY(pairs) AND $3::int <> ALL(pairs) AND $4::int <> ALL(pairs)
      )${PAGE}`,
  },
]
