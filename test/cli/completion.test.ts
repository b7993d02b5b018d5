import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pathToThisNode } from '../support/process.ts'
import { bundledProgram } from '../support/program.ts'
import { ADMIN_PASSWORD, startTestService, type TestService } from '../support/service.ts'
import { run } from './run.ts'

let test: TestService
beforeAll(async () => {
  test = await startTestService({ flags: { profile: 'open' } })
  await test.register(
    { resource_type: 'ecs', resource_id: 'a', tags: { env: 'prod', 'Cost Center': 'R&D', 'a:b': '1' } },
    { resource_type: 'aws_instance', resource_id: 'b', tags: { env: 'test', owner: '' } },
    { resource_type: 'ecs', resource_id: 'c', project: 'second', tags: { zone: 'x' } },
  )
})
afterAll(() => test.stop())

/** The candidates for the last word, without their descriptions. */
async function completed(...words: string[]): Promise<string[]> {
  const { stdout, stderr } = await run(['complete', 'fish', '--', ...words], { endpoint: test.url })
  expect(stderr).toBe('')
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t')[0] as string)
}

describe('the completion of a command line', () => {
  it.each<[string[], string[]]>([
    [['que'], ['query']],
    [['user', 'en'], ['enable']],
    [['query', '--un'], ['--untagged']],
    [
      ['query', '--color', ''],
      ['auto', 'always', 'never'],
    ],
    [['query', '--color=al'], ['--color=always']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['query', '--type', 'aws'], ['aws_instance']],
    [['query', '--type', 'ecs,aws'], ['ecs,aws_instance']],
    [['query', '--type=aws'], ['--type=aws_instance']],
    [['query', '--project', 's'], ['second']],
    [['query', '--tag', 'en'], ['env']],
    [
      ['query', '--tag', 'env='],
      ['env=prod', 'env=test'],
    ],
    [['query', '--project', 'second', '--tag', ''], ['zone']],
    [['keys', '--all-projects', '--prefix', 'z'], ['zone']],
    [['values', 'C'], ['Cost Center']],
    [['tag', 'some-id', 'env=t'], ['env=test']],
    [['untag', '--type', 'ecs', 'some-id', 'Co'], ['Cost Center']],
    [['project', 'show', 'sec'], ['second']],
    [
      ['search', `'tags.env == "`],
      ['tags.env == "prod"', 'tags.env == "test"'],
    ],
    [['search', `'"ow`], ['"owner" in tags']],
    [['query', '--filter', `'tags["Cost Center"] == "R`], ['tags["Cost Center"] == "R&D"']],
    [['query', `--filter='has(tags.ow`], ['--filter=has(tags.owner)']],
    [['search', '--facet', 'en'], ['env']],
    [['log', '--key', 'ow'], ['owner']],
    [['near-duplicates', '--key', 'ow'], ['owner']],
    [['rename-key', 'ow'], ['owner']],
    [['plan', 'create', '--set-tag', 'env=p'], ['env=prod']],
    [['import', 'file'], []],
    [['values', 'env', 'more'], []],
    [['no-such', ''], []],
    [['query', '--', '--t'], []],
  ])('of %j is %j', async (words, candidates) => {
    expect(await completed(...words)).toEqual(candidates)
  })

  it('does not offer commands that only scripts call', async () => {
    expect(await completed('comp')).toEqual(['completion'])
  })

  it('offers what the program knows, without a message, when no service answers or no password is set', async () => {
    for (const options of [{ endpoint: 'http://127.0.0.1:1' }, { env: { TAGWERK_PASSWORD: undefined } }]) {
      const types = await run(['complete', 'zsh', '--', 'query', '--type', 'disk'], options)
      expect(types).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^disk\t/) })
      expect(await run(['complete', 'zsh', '--', 'values', ''], options)).toEqual({ code: 0, stdout: '', stderr: '' })
    }
  })

  it('of another shell is refused', async () => {
    const { code, stderr } = await run(['completion', 'tcsh'])
    expect([code, stderr]).toEqual([2, expect.stringMatching(/Allowed choices are bash, zsh, fish/)])
  })
})

describe('the script for bash', () => {
  /** Runs the completion function as bash calls it for a line with the cursor at its end. */
  async function inBash(line: string): Promise<string[]> {
    const script = `
      tagwerk() { node '${await bundledProgram()}' "$@"; }
      source <(tagwerk completion bash)
      COMP_LINE=$1 COMP_POINT=\${#1}
      complete -p tagwerk >&2
      _tagwerk
      printf '%s\\n' "\${COMPREPLY[@]}"`
    const env = { PATH: pathToThisNode(), TAGWERK_ENDPOINT: test.url, TAGWERK_PASSWORD: ADMIN_PASSWORD }
    const { stdout, stderr } = await promisify(execFile)('bash', ['--norc', '-c', script, 'bash', line], { env })
    expect(stderr).toBe('complete -o default -F _tagwerk tagwerk\n')
    return stdout.split('\n').filter(Boolean)
  }

  it.each<[string, string[]]>([
    ['tagwerk que', ['query']],
    ['tagwerk query --not', ['--not', '--not-any']],
    ['tagwerk query --tag env=', ['prod', 'test']],
    ['tagwerk query --type=aws', ['aws_instance']],
    ['tagwerk values C', ['Cost\\ Center']],
    ['tagwerk tag x "Cost Center"=', ['R\\&D']],
    ['tagwerk values a:', ['b']],
    ['tagwerk query --project s', ['second']],
    [`tagwerk search 'tags.env == "p`, ['tags.env == "prod"']],
    [`tagwerk query --filter='tags["Cost Center"] == "`, ['tags["Cost Center"] == "R&D"']],
    [`tagwerk search "tags.env == 'te`, ["tags.env == 'test'"]],
    [
      `tagwerk search "tags.ow`,
      ['tags.owner == \\"', 'tags.owner != \\"', 'tags.owner in [\\"'].concat([
        'tags.owner.startsWith(\\"',
        'tags.owner.contains(\\"',
      ]),
    ],
    [`tagwerk search 'ta`, ['tags.', 'tags....']],
    ['tagwerk search has\\(tags.ow', ['has\\(tags.owner\\)']],
    ['tagwerk import ', []],
  ])('completes %j to %j', async (line, candidates) => {
    expect(await inBash(line)).toEqual(candidates)
  })
})

describe('the scripts for zsh and fish', () => {
  it.each(['zsh', 'fish'])('of %s calls this program', async (shell) => {
    const { code, stdout } = await run(['completion', shell])
    expect([code, stdout]).toEqual([0, expect.stringContaining(`tagwerk complete ${shell} -- `)])
    expect(JSON.parse((await run(['completion', shell, '--json'])).stdout)).toEqual({ shell, script: stdout })
  })
})
