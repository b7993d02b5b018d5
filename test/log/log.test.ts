import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { LogSettings } from '../../src/log/log.ts'

const LOG = join(import.meta.dirname, '../../src/log/log.ts')
const DEFAULTS: LogSettings = {
  logLevel: 'info',
  logFormat: 'json',
  logTimes: 'epoch',
  logLevels: 'numbers',
  securityLog: 'stderr',
}

/** Runs statements in a process that has opened its log, and gives its standard error. */
function run(settings: Partial<LogSettings>, statements: string): string {
  return outputsOf(settings, statements).stderr
}

function outputsOf(settings: Partial<LogSettings>, statements: string) {
  const script = `
    import { openLog } from ${JSON.stringify(LOG)}
    const opened = openLog(${JSON.stringify({ ...DEFAULTS, ...settings })})
    const { log } = opened
    ${statements}`
  return spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
}

describe('the log', () => {
  it('has numbers for level and time by default', () => {
    const line = JSON.parse(run({}, `log.debug('hidden'); log.warn({ url: 'u' }, 'shown'); await opened.close()`))
    expect(line).toEqual({
      level: 40,
      time: expect.any(Number),
      pid: expect.any(Number),
      hostname: expect.any(String),
      url: 'u',
      msg: 'shown',
    })
  })

  it('has words for levels and readable times where the settings say so', () => {
    const line = JSON.parse(run({ logLevels: 'words', logTimes: 'iso' }, `log.error('m'); await opened.close()`))
    expect(line).toMatchObject({ level: 'error', time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/) })
  })

  it('as text has readable times and levels', () => {
    const text = run({ logFormat: 'text' }, `log.info({ url: 'http://h' }, 'listening'); await opened.close()`)
    expect(text).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z INFO {2}\[\d+\] listening url=http:\/\/h\n$/)
  })

  it.each(['json', 'text'] as const)('shows invisible characters by their codes in the format %s', (logFormat) => {
    const line = run({ logFormat }, `log.info({ text: 'a\\u202eb' }, 'c\\u200bd'); await opened.close()`)
    expect(line).toMatch(/^[\n -~]*$/)
    expect(line).toContain('c\\u200bd')
    expect(line).toContain('"a\\u202eb"')
  })

  it('ends with the error that crashed the process, after every line before it', () => {
    const lines = run({}, `log.info('before'); throw new TypeError('a defect')`).split('\n')
    const logged = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))
    expect(logged.map(({ msg }) => msg)).toEqual(['before', 'the process ends because of a defect'])
    expect(logged[1]).toMatchObject({ level: 60, err: { type: 'TypeError', message: 'a defect' } })
  })

  it('keeps its lines when the process exits at once', () => {
    expect(run({}, `log.info('last words'); process.exit(1)`)).toContain('last words')
  })
})

describe('the security log', () => {
  const REPORT = `opened.report({ event: 'login', outcome: 'failure', userName: 'ann' }); await opened.close()`

  it('is among the other lines by default, and marked, whatever the level of the log', () => {
    const line = JSON.parse(run({ logLevel: 'fatal' }, REPORT))
    expect(line).toMatchObject({ level: 40, log: 'security', event: 'login', userName: 'ann', msg: 'login failure' })
  })

  it('has the form of the other lines', () => {
    const text = run({ logFormat: 'text' }, REPORT)
    expect(text).toMatch(/Z WARN {2}\[\d+\] login failure log=security event=login outcome=failure userName=ann\n$/)
  })

  it('is on standard output, or nowhere, where the setting says so', () => {
    const { stdout, stderr } = outputsOf({ securityLog: 'stdout' }, REPORT)
    expect([JSON.parse(stdout).log, stderr]).toEqual(['security', ''])
    const off = outputsOf({ securityLog: 'off' }, REPORT)
    expect([off.stdout, off.stderr]).toEqual(['', ''])
  })
})
