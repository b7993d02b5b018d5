import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, matchesGlob, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'

// Holds the citations of the contract, and the files and pages that documents name, to what exists.

const root = join(import.meta.dirname, '..')
const CONTRACT = 'docs/contract/'
/** Its text is compiled code, in which any letters may follow each other. */
const GENERATED = 'src/search-index/kernels/wasm-binary.ts'

const files = readdirSync(root, { withFileTypes: true }).flatMap((entry) => {
  if (!entry.isDirectory()) return [entry.name]
  if (!['src', 'console', 'test', 'docs', 'bench', 'tools', 'kernels', 'openapi', '.ci'].includes(entry.name)) return []
  const inner = readdirSync(join(root, entry.name), { recursive: true, encoding: 'utf8' })
  return inner.filter((file) => !/^(node_modules|dist)/.test(file)).map((file) => `${entry.name}/${file}`)
})
const basenames = new Set(files.map((file) => basename(file)))
const citing = files.filter((file) => /^(src|test|docs)\/.*\.(ts|md|json)$/.test(file) && file !== GENERATED)
/** The page of help texts names files of its readers. */
const documents = files.filter(
  (file) =>
    /^(README|ARCHITECTURE|CONTRIBUTING)\.md$/.test(file) || (/^docs\/.*\.md$/.test(file) && file !== 'docs/cli.md'),
)

/** Each line of a text that holds something, with its number. */
type Found = { readonly line: number; readonly text: string }

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

/** The anchors of a page: `<a id="2.4"></a>`. */
function anchorsOf(page: string): string[] {
  return Array.from(page.matchAll(/<a id="([^"]+)"><\/a>/g), ([, id]) => id!)
}

/** Everything in a text that a function finds, line by line. */
function findIn(text: string, find: (line: string) => readonly string[]): Found[] {
  return text.split('\n').flatMap((line, i) => find(line).map((found) => ({ line: i + 1, text: found })))
}

/** The marks on one line: `D9`, `S1`, `I12`, `G3`, `T8`, `K1`, `W1`, `W100`, and the sections in `contract 2.1, 2.5 and D9`. */
function marksIn(line: string): string[] {
  const ids = line.match(/(?<![\w<"])(?:[DSIGTK]\d{1,2}|W\d{1,3})\b(?!:\d|\.\w)/g) ?? []
  const lists = line.match(/\bcontract (?:(?:\d+(?:\.\d+)*|[A-Z]\d+)(?:[,;]| and| to)* ?)+/g) ?? []
  return [...ids, ...lists.flatMap((list) => list.match(/(?<![A-Z\d.])\d+(?:\.\d+)*/g) ?? [])]
}

/** The sources that a line of a page names in brackets: `[S1, OI]`, `[PS, sib:NAT]`, `[WEB page]`. */
function sourcesIn(line: string): string[] {
  const groups = Array.from(
    line.matchAll(/\[((?:[A-Z]{2,3}|S\d|sib)(?:[,;: ][^\]]*)?)\](?!\()/g),
    ([, group]) => group!,
  )
  return groups
    .flatMap((group) => group.split(/[,;] /))
    .flatMap((name) => /^([A-Z]{2,3}|S\d|sib)\b/.exec(name)?.[1] ?? [])
}

/** The paths and file names on a line: whatever ends like a source or a page, or lies in a folder of the repository. */
function pathsIn(line: string): string[] {
  const text = line.replace(/https?:\/\/\S+/g, '').replace(/<a id="[^"]+"><\/a>/g, '')
  const pattern =
    /(?<![\w/.{}$-])(?:(?:src|console|test|docs|bench|tools|kernels|openapi)\/[\w./<>*-]*|[\w./*<>-]*\w\.(?:ts|md|svg|csv))(?![\w/{])/g
  return (text.match(pattern) ?? []).map((path) => path.replace(/[./]+$/, '')).filter((path) => !/[<>]/.test(path))
}

/** True when a path that a document names exists: from the root, from the document, from `src`, or by its name alone. */
function exists(path: string, document: string): boolean {
  if (path.includes('*')) return files.some((file) => [path, `src/${path}`].some((glob) => matchesGlob(file, glob)))
  if (!path.includes('/') && basenames.has(path)) return true
  return [path, join(dirname(document), path), `src/${path}`].some((place) => existsSync(join(root, place)))
}

/** What a check finds wrong, as `file:line: text`. */
function wrongIn(
  names: readonly string[],
  find: (line: string) => readonly string[],
  isRight: (found: string, file: string) => boolean,
): string[] {
  return names.flatMap((file) =>
    findIn(read(file), find)
      .filter(({ text }) => !isRight(text, file))
      .map(({ line, text }) => `${file}:${line}: ${text}`),
  )
}

describe('marks and paths', () => {
  const pages = files.filter((file) => file.startsWith(CONTRACT))
  const anchors = pages.flatMap((page) => anchorsOf(read(page)))
  const known = new Set(anchors)

  it('every anchor of the contract exists once', () => {
    expect(anchors.length).toBeGreaterThan(150)
    expect(anchors.filter((id, i) => anchors.indexOf(id) !== i)).toEqual([])
  })

  it('every mark in src, test and docs leads to an anchor of the contract', () => {
    const others = citing.filter((file) => file !== 'test/marks.test.ts')
    expect(wrongIn(others, marksIn, (mark) => known.has(mark))).toEqual([])
  })

  it('every source that a page names in brackets is listed in the contract', () => {
    expect(wrongIn(documents, sourcesIn, (mark) => known.has(mark))).toEqual([])
  })

  it('every path and file name in README, ARCHITECTURE, CONTRIBUTING and docs exists', () => {
    expect(wrongIn(documents, pathsIn, exists)).toEqual([])
  })

  it('the glossary names a file for each of its terms', () => {
    const rows = read('docs/glossary.md')
      .split('\n')
      .filter((line) => /^\| (?!term |---)/.test(line))
    expect(rows.length).toBeGreaterThan(40)
    expect(rows.filter((row) => !/\| `(?:src|test)\/[\w./-]+` \|$/.test(row))).toEqual([])
  })

  it('every link between documents leads to a page and an anchor', () => {
    const linksIn = (line: string) => Array.from(line.matchAll(/\]\((?!https?:)([^)]+)\)/g), ([, target]) => target!)
    const isRight = (link: string, file: string) => {
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? file : normalize(join(dirname(file), path))
      if (!existsSync(join(root, target))) return false
      return anchor === undefined || anchorsOf(read(target)).includes(anchor)
    }
    const bench = ['bench/README.md', 'test/acceptance/README.md', 'CHANGELOG.md']
    expect(wrongIn([...documents, ...bench], linksIn, isRight)).toEqual([])
  })

  it('a mark, a source and a path that do not exist are recognized', () => {
    const line = 'Rule (contract 2.1, 99.9; D98 and contract 7, T77), at T08:00:00, in 2.1 [S1, QQ; WEB page].'
    expect(marksIn(line).filter((mark) => !known.has(mark))).toEqual(['D98', 'T77', '99.9'])
    expect(sourcesIn(line).filter((mark) => !known.has(mark))).toEqual(['QQ'])
    const paths = pathsIn('See `src/none.ts`, `catalog/catalog.ts`, test/layers.test.ts, `gone.ts`, src/api/<family>.')
    expect(paths.filter((path) => !exists(path, 'README.md'))).toEqual(['src/none.ts', 'gone.ts'])
  })
})
