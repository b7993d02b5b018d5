import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { readServiceConfig } from '../src/config/config.ts'
import { type Setting, variableOf } from '../src/config/setting.ts'
import {
  ADMIN_PASSWORD_SETTINGS,
  CLIENT_SETTINGS,
  COPY_SETTINGS,
  ENV_SETTINGS,
  NEW_PASSWORD_SETTINGS,
  SERVICE_SETTINGS,
} from '../src/config/table.ts'
import { readVersion } from '../src/config/version.ts'
import { startService } from '../src/service/start.ts'
import { cliPage } from './cli-page.ts'
import { COVERED_FAMILIES, coverageTable, type Operation } from './coverage.ts'
import { kernelAbi } from './kernel-abi.ts'
import { kernelsModule } from './kernels.ts'
import { tagServiceTables } from './tag-service-tables.ts'

// Writes every generated file of the repository: the OpenAPI documents of a running service, the coverage tables, the page of
// settings, and the compiled kernels. With --check it writes nothing, and fails if a file is not up to date.

const root = join(import.meta.dirname, '..')
const FAMILIES = ['ims-v2', 'taurusdb-v3', 'iam-v3', 'tms-v1', 'tag-services', 'tagwerk-v1']

const files = new Map<string, string>()
const documents = await openapiDocuments()
for (const [name, document] of documents) {
  files.set(
    `openapi/${name}.json`,
    name === 'tag-services' ? shortText(document) : `${JSON.stringify(document, null, 2)}\n`,
  )
}
const routes = new Map(documents.map(([name, document]) => [name, operationsOf(document)]))
for (const name of COVERED_FAMILIES) {
  const page = `docs/compat/${name}.md`
  files.set(page, withLines(await readFile(join(root, page), 'utf8'), page, 'coverage', coverageTable(name, routes)))
}
const servicesPage = 'docs/compat/tag-services.md'
files.set(
  servicesPage,
  withLines(await readFile(join(root, servicesPage), 'utf8'), servicesPage, 'rows', tagServiceTables()),
)
files.set('docs/config.md', settingsPage())
files.set('docs/cli.md', await cliPage())
const abi = kernelAbi()
files.set('kernels/abi.ts', abi)
files.set('src/search-index/kernels/wasm-binary.ts', await kernelsModule(root, abi))

const stale: string[] = []
for (const [path, text] of files) {
  const file = join(root, path)
  const current = await readFile(file, 'utf8').catch(() => undefined)
  if (current === text) continue
  stale.push(path)
  if (process.argv.includes('--check')) continue
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
}

if (process.argv.includes('--check') && stale.length > 0) {
  console.error(`not up to date: ${stale.join(', ')}. Run "npm run gen" and commit the changed files.`)
  process.exitCode = 1
} else {
  console.log(stale.length === 0 ? `${files.size} generated files are up to date` : `wrote ${stale.join(', ')}`)
}

type OpenapiDocument = { readonly paths: Readonly<Record<string, Readonly<Record<string, { operationId?: string }>>>> }

async function openapiDocuments(): Promise<[name: string, document: OpenapiDocument][]> {
  const folder = await mkdtemp(join(tmpdir(), 'tagwerk-gen-'))
  const flags = { listen: '127.0.0.1:0', data: folder, 'log-level': 'fatal' }
  const service = await startService(readServiceConfig({ flags, env: {} }))
  try {
    const documents = FAMILIES.map(async (name): Promise<[string, OpenapiDocument]> => {
      const response = await fetch(`${service.url}/openapi/${name}.json`)
      if (!response.ok) throw new Error(`the service has no OpenAPI document for ${name}`)
      return [name, (await response.json()) as OpenapiDocument]
    })
    return await Promise.all(documents)
  } finally {
    await service.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Prints a document of many equal operations with one operation a line. */
function shortText({ paths, ...document }: OpenapiDocument): string {
  const lines = Object.entries(paths).map(([path, methods]) => {
    const operations = Object.entries(methods).map(
      ([method, operation]) => `      ${JSON.stringify(method)}: ${JSON.stringify(operation)}`,
    )
    return `    ${JSON.stringify(path)}: {\n${operations.join(',\n')}\n    }`
  })
  return `${JSON.stringify(document, null, 2).slice(0, -2)},\n  "paths": {\n${lines.join(',\n')}\n  }\n}\n`
}

function operationsOf({ paths }: OpenapiDocument): readonly Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => ({
      // The framework adds this suffix to the name of a HEAD call.
      id: (operationId ?? '').replace(/-head$/, ''),
      method: method.toUpperCase(),
      path,
    })),
  )
}

/** Replaces the lines between two markers of a page. */
function withLines(text: string, page: string, name: string, lines: readonly string[]): string {
  const markers = new RegExp(`<!-- ${name} -->\\n[\\s\\S]*<!-- /${name} -->`)
  if (!markers.test(text)) throw new Error(`${page} has no <!-- ${name} --> markers`)
  return text.replace(markers, () => [`<!-- ${name} -->`, '', ...lines, '', `<!-- /${name} -->`].join('\n'))
}

/** The page docs/config.md. */
function settingsPage(): string {
  return [
    '# Settings',
    '',
    `For Tagwerk ${readVersion()}. Generated by \`npm run gen\` from \`src/config/table.ts\`.`,
    '',
    'Each setting can be given as a flag or as an environment variable; the flag takes precedence. Passwords can only be',
    'set by variable, because the process list of the operating system shows flags.',
    '',
    'A variable that begins with `TAGWERK_` and is no setting of any command has no effect. `tagwerk serve` logs a warning',
    'with the most similar setting. Every other command fails if there is a similar setting, because without',
    '`TAGWERK_PROJECT`, for example, it would work in another project; otherwise it warns. Variables that Kubernetes and',
    'Docker set for a service of the name `tagwerk`, such as `TAGWERK_SERVICE_HOST`, are passed over.',
    '',
    '## Service: `tagwerk serve`',
    '',
    ...settingsTable(SERVICE_SETTINGS),
    '',
    'The settings `--data` and `--store...` also apply to `tagwerk migrate`, `tagwerk check`, `tagwerk admin-password`',
    'and `tagwerk rotate-keys`, which also takes `--secret-key-file`, `TAGWERK_SECRET_KEY` and `--token-ttl-seconds`.',
    '',
    '## Setting the password of an administrator: `tagwerk admin-password`',
    '',
    ...settingsTable(ADMIN_PASSWORD_SETTINGS.slice(-1)),
    '',
    '## Setting the password of a user: `tagwerk user create` and `tagwerk user password`',
    '',
    ...settingsTable(NEW_PASSWORD_SETTINGS),
    '',
    '## Copying a store: `tagwerk copy`',
    '',
    ...settingsTable(COPY_SETTINGS),
    '',
    '## Client commands',
    '',
    ...settingsTable(CLIENT_SETTINGS),
    '',
    '## Variables of other clients: `tagwerk env`',
    '',
    'The settings of client commands, and:',
    '',
    ...settingsTable(ENV_SETTINGS.slice(CLIENT_SETTINGS.length)),
    '',
  ].join('\n')
}

function settingsTable(settings: readonly Setting[]): string[] {
  const rows = settings.map((setting) => {
    const { name, type, isSecret, help } = setting
    const flag = isSecret ? '' : `\`--${name} ${type.placeholder}\``
    const preset = setting.default === undefined ? '' : `\`${setting.default}\``
    const cells = [flag, `\`${variableOf(setting)}\``, type.allowed ?? '', preset, help]
    // A vertical bar ends a cell, even between backticks.
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  })
  return ['| flag | variable | allowed values | default | description |', '| --- | --- | --- | --- | --- |', ...rows]
}
