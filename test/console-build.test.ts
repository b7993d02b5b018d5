import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type BuiltConsole, builtConsole, checkFirstLoad, sizesOf } from '../tools/console.ts'

// The build of the console: what it contains, and how large its first page load may be.

const KIB = 1024
const sized = (firstLoad: Record<string, number>): BuiltConsole => ({
  ...{ inputs: '', packages: [], files: [], firstLoad },
  fonts: { 'assets/inter.woff2': 900 * KIB },
})

describe('the size of the first page load', () => {
  it('up to 300 KiB are accepted, whatever the fonts take', () => {
    expect(() => checkFirstLoad(sized({ 'index.html': KIB, 'assets/index.js': 299 * KIB }))).not.toThrow()
  })

  it('a byte more is refused with the size of each file', () => {
    const large = sized({ 'index.html': KIB, 'assets/index.js': 250.5 * KIB, 'assets/index.css': 48.5 * KIB + 1 })
    expect(() => checkFirstLoad(large)).toThrow(
      [
        'the first page load is larger than 300 KiB:',
        'first page load of the console, packed with gzip: 300.0 of 300 KiB',
        '     1.0 KiB  index.html',
        '   250.5 KiB  assets/index.js',
        '    48.5 KiB  assets/index.css',
      ].join('\n'),
    )
    expect(sizesOf(large)).toContain('   900.0 KiB  assets/inter.woff2')
  })
})

describe('the build', () => {
  const { folder, build } = builtConsole()
  const page = readFileSync(join(folder, 'index.html'), 'utf8')

  it('the page has no inline script or style, and the place for a nonce', () => {
    expect(page).toContain('nonce="%CSP_NONCE%"')
    expect(page.match(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|javascript:/gi)).toBeNull()
  })

  it('the page loads from the service only, and everything that it names is counted or an icon', () => {
    const named = Array.from(page.matchAll(/(?:src|href)="([^"]+)"/g), ([, path]) => path as string)
    expect(named.filter((path) => !path.startsWith('/console/'))).toEqual([])
    const loaded = named.map((path) => path.replace('/console/', '')).filter((path) => !path.endsWith('.svg'))
    expect(loaded.filter((path) => build.firstLoad[path] === undefined)).toEqual([])
    expect(loaded.length).toBeGreaterThanOrEqual(2)
  })

  it('every file of it is there, and those below assets are named after their content', () => {
    const paths = build.files.map(({ path }) => path)
    expect(paths.filter((path) => !existsSync(join(folder, path)))).toEqual([])
    const below = build.files.filter(({ path }) => path.startsWith('assets/'))
    expect(below.filter(({ isHashed }) => !isHashed).map(({ path }) => path)).toEqual([])
  })

  it('the files of the first page load have both packed forms beside them', () => {
    const loaded = build.files.filter(({ path }) => path !== 'index.html' && build.firstLoad[path] !== undefined)
    expect(loaded.length).toBeGreaterThanOrEqual(2)
    // A very small file grows when it is packed.
    const large = loaded.filter(({ path }) => statSync(join(folder, path)).size > KIB)
    for (const { path, packed } of large) expect([path, packed]).toEqual([path, ['br', 'gzip']])
    const forms = large.flatMap(({ path }) => [`${path}.br`, `${path}.gz`])
    expect(forms.filter((form) => !existsSync(join(folder, form)))).toEqual([])
  })

  it('scripts make no code out of text, which the policy of the page forbids', () => {
    const scripts = build.files.filter(({ path }) => path.endsWith('.js'))
    const texts = scripts.map(({ path }) => readFileSync(join(folder, path), 'utf8'))
    expect(texts.filter((text) => /\bnew Function\(|[^.\w]eval\(/.test(text))).toEqual([])
  })

  it('a build of the present sources is not made again', () => {
    const { mtimeMs } = statSync(join(folder, 'build.json'))
    builtConsole()
    expect(statSync(join(folder, 'build.json')).mtimeMs).toBe(mtimeMs)
  })
})
