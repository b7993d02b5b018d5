import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { processEnvironment, readClientConfig, readServiceConfig, readStoreConfig } from '../src/config/config.ts'
import { LIMIT_SETTINGS } from '../src/config/limit-settings.ts'
import { ConfigError, variableOf } from '../src/config/setting.ts'
import { ADMIN_PASSWORD_SETTINGS, CLIENT_SETTINGS, COPY_SETTINGS, SERVICE_SETTINGS } from '../src/config/table.ts'
import { unknownVariables } from '../src/config/unknown-variables.ts'
import { readVersion } from '../src/config/version.ts'

type Flags = Readonly<Record<string, string | undefined>>

const service = (flags: Flags = {}, env: Flags = {}) => readServiceConfig({ flags, env })
const client = (flags: Flags = {}, env: Flags = {}) => readClientConfig({ flags, env })

function errorOf(read: () => unknown): string {
  try {
    read()
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  throw new Error('the settings were accepted')
}

const VERSION = (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string })
  .version

/** Where a checkout has its built console. */
const CONSOLE_FOLDER = join(import.meta.dirname, '../console/dist')

/** The defaults of the limits, in the order of their settings. */
const LIMITS = {
  projectResourcesMax: 5_000_000,
  projectDetailMibMax: 8192,
  projectRequestsPerSecondMax: 0,
  projectRequestsInFlightMax: 256,
  projectBusyPercentMax: 25,
  projectBulkPercentMax: 10,
  exportsMax: 16,
  projectExportsMax: 4,
  exportBytesPerSecondMin: 16_384,
  exportTimeoutSeconds: 7200,
  writeAheadLogMibMax: 4096,
  importsMax: 64,
  projectImportsMax: 8,
  dryRunsMax: 8,
  projectDryRunsMax: 2,
  planAtomicMax: 20_000,
  domainProjectsMax: 10_000,
  domainUsersMax: 10_000,
}
const LIMIT_NAMES = LIMIT_SETTINGS.map(({ name }) => name)
/** A value of a limit: a number of its own, or a percentage. */
const givenLimit = (name: string, number: number): number => (name.includes('percent') ? number % 100 : number)

describe('unknown variables', () => {
  it.each([
    ['TAGWERK_LISTN', 'TAGWERK_LISTEN'],
    ['TAGWERK_STORE_PASWORD', 'TAGWERK_STORE_PASSWORD'],
    ['TAGWERK_ADMINPASSWORD', 'TAGWERK_ADMIN_PASSWORD'],
    ['TAGWERK_PROJECTS', 'TAGWERK_PROJECT'],
    ['TAGWERK_data', 'TAGWERK_DATA'],
  ])('the variable %s is reported as misspelt %s', (name, meant) => {
    expect(unknownVariables({ [name]: 'x' })).toEqual([
      { name, isMisspelt: true, description: `${name} is not a setting: did you mean ${meant}?` },
    ])
  })

  it('a variable that resembles no setting is reported without a hint', () => {
    for (const name of ['TAGWERK_PROJECT_NUMBER', 'TAGWERK_', 'TAGWERK_ID']) {
      expect(unknownVariables({ [name]: 'x' })).toEqual([
        { name, isMisspelt: false, description: `${name} is not a setting and has no effect` },
      ])
    }
  })

  it('settings of every command and variables of Kubernetes, Docker and the tests are not reported', () => {
    const all = [...SERVICE_SETTINGS, ...COPY_SETTINGS, ...CLIENT_SETTINGS, ...ADMIN_PASSWORD_SETTINGS].map(variableOf)
    const foreign = ['TAGWERK_SERVICE_HOST', 'TAGWERK_SERVICE_PORT_HTTP', 'TAGWERK_PORT', 'TAGWERK_PORT_8780_TCP_ADDR']
    const tests = ['TAGWERK_TEST_POSTGRES', 'TAGWERK_FUZZ_SEED', 'TAGWERK_ACCEPTANCE_URL', 'TAGWERK_BENCH_LOOP_FILE']
    const names = [...all, ...foreign, ...tests, 'TAGWERKS', 'PATH']
    expect(unknownVariables(Object.fromEntries(names.map((name) => [name, 'x'])))).toEqual([])
    expect(unknownVariables({ TAGWERK_LISTN: undefined })).toEqual([])
  })

  it('the configuration of the service has a warning for each', () => {
    const { warnings } = service({}, { TAGWERK_LISTN: 'x', TAGWERK_DATA: 'y' })
    expect(warnings).toEqual(['TAGWERK_LISTN is not a setting: did you mean TAGWERK_LISTEN?'])
  })
})

describe('service settings', () => {
  it('the defaults describe a service that only this machine can reach', () => {
    expect(service()).toEqual({
      ...LIMITS,
      listenHost: '127.0.0.1',
      listenPort: 8780,
      store: { engine: 'sqlite', folder: './tagwerk-data' },
      adminPassword: undefined,
      resettable: false,
      publicUrl: undefined,
      region: 'default',
      trustedProxies: [],
      warnings: [],
      profile: 'huawei',
      faults: false,
      workers: 1,
      looseSignatures: true,
      tokenTtlSeconds: 86_400,
      bodyBytesMax: 1_048_576,
      urlBytesMax: 16_384,
      headerBytesMax: 32_768,
      connectionsMax: 10_000,
      writeQueueMax: 10_000,
      requestTimeoutSeconds: 300,
      handlerTimeoutSeconds: 30,
      streamTimeoutSeconds: 3600,
      stopTimeoutSeconds: 10,
      readyWhen: 'reads',
      consoleFolder: CONSOLE_FOLDER,
      requestLog: 'off',
      securityLog: 'stderr',
      accountLogDays: 400,
      historyDays: 0,
      logLevel: 'info',
      logFormat: 'json',
      logTimes: 'epoch',
      logLevels: 'numbers',
      version: VERSION,
      snapshotIntervalSeconds: 60,
      snapshotFolder: 'tagwerk-data/snapshots',
      indexMemoryMib: 1024,
    })
  })

  it('each service setting is read from its own flag', () => {
    expect(
      service({
        listen: '0.0.0.0:80',
        data: '/data',
        'admin-password': 'secret',
        'public-url': 'https://tags.example',
        region: 'eu-de',
        'token-ttl-seconds': '1',
        'body-bytes-max': '2048',
        'url-bytes-max': '1024',
        'connections-max': '1',
        'header-bytes-max': '8192',
        'write-queue-max': '2',
        'request-timeout-seconds': '3',
        'handler-timeout-seconds': '4',
        'stream-timeout-seconds': '5',
        'stop-timeout-seconds': '0',
        'secret-key-file': '/secret.key',
        'ready-when': 'writes',
        console: 'off',
        'request-log': 'all',
        'security-log': './security.log',
        'account-log-days': '31',
        'history-days': '32',
        'log-level': 'silent',
        'log-format': 'text',
        'log-times': 'iso',
        'log-levels': 'words',
        profile: 'otc',
        faults: 'on',
        workers: '1',
        'loose-signatures': 'always',
        'snapshot-interval-seconds': '6',
        'snapshot-folder': '/fast',
        'index-memory-mib': '7',
        'trusted-proxies': '10.0.0.1, 192.168.0.0/16,fd00::/8',
        'tls-cert': '/tls/cert.pem',
        'tls-key': '/tls/key.pem',
        ...Object.fromEntries(LIMIT_NAMES.map((name, i) => [name, String(givenLimit(name, 200 + i))])),
      }),
    ).toEqual({
      ...Object.fromEntries(
        Object.keys(LIMITS).map((member, i) => [member, givenLimit(LIMIT_NAMES[i] ?? '', 200 + i)]),
      ),
      listenHost: '0.0.0.0',
      resettable: false,
      listenPort: 80,
      store: { engine: 'sqlite', folder: '/data' },
      adminPassword: 'secret',
      secretKeyFile: '/secret.key',
      secretKey: undefined,
      publicUrl: 'https://tags.example',
      region: 'eu-de',
      tokenTtlSeconds: 1,
      bodyBytesMax: 2048,
      urlBytesMax: 1024,
      headerBytesMax: 8192,
      connectionsMax: 1,
      writeQueueMax: 2,
      requestTimeoutSeconds: 3,
      handlerTimeoutSeconds: 4,
      streamTimeoutSeconds: 5,
      stopTimeoutSeconds: 0,
      readyWhen: 'writes',
      consoleFolder: undefined,
      requestLog: 'all',
      securityLog: './security.log',
      accountLogDays: 31,
      historyDays: 32,
      logLevel: 'silent',
      logFormat: 'text',
      logTimes: 'iso',
      logLevels: 'words',
      profile: 'otc',
      faults: true,
      workers: 1,
      looseSignatures: true,
      snapshotIntervalSeconds: 6,
      snapshotFolder: '/fast',
      indexMemoryMib: 7,
      trustedProxies: ['10.0.0.1', '192.168.0.0/16', 'fd00::/8'],
      tls: { certFile: '/tls/cert.pem', keyFile: '/tls/key.pem' },
      warnings: [],
      version: VERSION,
    })
  })

  it.each([
    ['127.0.0.1:1', 'loopback', true],
    ['127.8.9.1:1', 'loopback', true],
    ['localhost:1', 'loopback', true],
    ['[::1]:1', 'loopback', true],
    ['0.0.0.0:1', 'loopback', false],
    ['[::]:1', 'loopback', false],
    ['10.0.0.1:1', 'loopback', false],
    ['localhost.example.com:1', 'loopback', false],
    ['10.0.0.1:1', 'always', true],
    ['127.0.0.1:1', 'never', false],
  ])('with --listen %s and --loose-signatures %s, loose signatures are accepted: %s', (listen, when, expected) => {
    expect(service({ listen, 'loose-signatures': when }).looseSignatures).toBe(expected)
  })

  it.each([
    [{ 'trusted-proxies': '127.0.0.1' }, 'loopback', false],
    [{ 'public-url': 'https://tags.example.com' }, 'loopback', false],
    [{ 'public-url': 'https://tags.example.com' }, 'always', true],
  ])(
    'behind a proxy, with %j and --loose-signatures %s, loose signatures are accepted: %s',
    (flags, when, expected) => {
      expect(service({ listen: '127.0.0.1:1', 'loose-signatures': when, ...flags }).looseSignatures).toBe(expected)
    },
  )

  it('a certificate needs its key, and a key its certificate', () => {
    expect(service({ 'tls-cert': 'c', 'tls-key': 'k' }).tls).toEqual({ certFile: 'c', keyFile: 'k' })
    expect(errorOf(() => service({ 'tls-cert': 'c' }))).toBe('--tls-cert needs --tls-key')
    expect(errorOf(() => service({ 'tls-key': 'k' }))).toBe('--tls-key needs --tls-cert')
  })

  it.each([
    [{ listen: '127.0.0.1:1' }, 0],
    [{ listen: '0.0.0.0:1' }, 1],
    [{ listen: 'tags.example.com:1' }, 1],
    [{ listen: '0.0.0.0:1', 'tls-cert': 'c', 'tls-key': 'k' }, 0],
    [{ listen: '0.0.0.0:1', 'trusted-proxies': '10.0.0.1' }, 0],
  ])('the start with %j has %i warnings that passwords travel unencrypted', (flags, count) => {
    expect(service(flags).warnings.filter((text) => text.includes('unencrypted'))).toHaveLength(count)
  })

  it.each(['x', '10.0.0.0/33', '10.0.0', '10.0.0.1/8/8', 'fd00::/129', '10.0.0.1/'])(
    'the trusted proxy %s is refused',
    (text) => {
      expect(errorOf(() => service({ 'trusted-proxies': `10.0.0.1,${text}` }))).toMatch(
        /--trusted-proxies .*must be addresses or networks/,
      )
    },
  )

  it.each(['profile', 'faults', 'loose-signatures'])(
    'an unknown word for --%s is refused with the list of words',
    (name) => {
      expect(errorOf(() => service({ [name]: 'x' }))).toMatch(new RegExp(`--${name} .*must be one of`))
    },
  )

  it('--faults on is refused with several workers, because each process holds its own fault plan', () => {
    expect(errorOf(() => service({ faults: 'on', workers: '2' }))).toBe(
      '--faults on needs a single process: remove --workers or set it to 1',
    )
    expect(service({ faults: 'off', workers: '256' }).workers).toBe(256)
    expect(errorOf(() => service({ workers: '257' }))).toContain('--workers')
  })

  it('each service setting is read from its own variable', () => {
    const flags = {
      listen: 'localhost:0',
      data: 'd',
      'admin-password': 'p',
      'public-url': 'http://u',
      region: 'r',
      'token-ttl-seconds': '11',
      'body-bytes-max': '1212',
      'url-bytes-max': '1313',
      'header-bytes-max': '9999',
      'connections-max': '14',
      'write-queue-max': '15',
      'request-timeout-seconds': '16',
      'handler-timeout-seconds': '17',
      'stream-timeout-seconds': '18',
      'stop-timeout-seconds': '19',
      'secret-key-file': 'f',
      'resource-types': 't',
      'ready-when': 'writes',
      console: 'off',
      'request-log': 'errors',
      'security-log': 'off',
      'account-log-days': '30',
      'history-days': '30',
      'log-level': 'trace',
      'log-format': 'text',
      'log-times': 'iso',
      'log-levels': 'words',
      'snapshot-interval-seconds': '21',
      'snapshot-folder': 's',
      'index-memory-mib': '22',
      profile: 'lenient',
      faults: 'off',
      'found-anew': 'off',
      workers: '3',
      'loose-signatures': 'never',
      'metrics-listen': '[::1]:9780',
      'trusted-proxies': '::1',
      'tls-cert': 'cert.pem',
      'tls-key': 'key.pem',
      store: 'postgres://u@h/d',
      'store-password': 'w',
      migrate: 'on',
      'store-connections-max': '20',
      'store-connect-timeout-ms': '210',
      'store-acquire-timeout-ms': '220',
      'store-statement-timeout-ms': '230',
      ...Object.fromEntries(LIMIT_NAMES.map((name, i) => [name, String(givenLimit(name, 300 + i))])),
    }
    // The two sources of the secret key exclude each other, and an ephemeral service has no store to name.
    const apart = ['secret-key', 'ephemeral', 'seed', 'resettable', 'access-key', 'access-key-secret']
    const names = SERVICE_SETTINGS.map(({ name }) => name).filter((name) => !apart.includes(name))
    expect(Object.keys(flags).sort()).toEqual(names.sort())
    expect(service({}, { TAGWERK_SECRET_KEY: 'k' }).secretKey).toBe('k')
    expect(errorOf(() => service({ 'secret-key-file': 'f' }, { TAGWERK_SECRET_KEY: 'k' }))).toBe(
      '--secret-key-file and TAGWERK_SECRET_KEY are both set: remove one of them',
    )
    const env = Object.fromEntries(Object.entries(flags).map(([name, value]) => [variableOf({ name }), value]))
    expect(service({}, env)).toEqual(service(flags))
  })

  it('an ephemeral service has a folder of its own that does not exist yet, and no snapshots', () => {
    const { store, snapshotFolder, seed, resettable } = service({ ephemeral: 'on', seed: 'a,b', resettable: 'on' })
    const folder = expect.stringContaining('tagwerk-ephemeral-')
    expect({ store, snapshotFolder, seed, resettable }).toEqual({
      store: { engine: 'sqlite', folder, isEphemeral: true },
      snapshotFolder: undefined,
      seed: ['a', 'b'],
      resettable: true,
    })
    expect(service({ ephemeral: 'on' }).store).not.toEqual(store)
    const ofImage = { TAGWERK_EPHEMERAL: 'on', TAGWERK_DATA: '/data' }
    expect(service({}, ofImage).store).toMatchObject({ isEphemeral: true, folder })
  })

  it.each<[Flags, Flags, string]>([
    [{ data: 'd' }, {}, '--ephemeral keeps no data: remove --data'],
    [{}, { TAGWERK_STORE: 'postgres://u@h/d' }, '--ephemeral keeps no data: remove --store (or TAGWERK_STORE)'],
    [{ store: 'postgres://u@h/d' }, {}, '--ephemeral keeps no data: remove --store (or TAGWERK_STORE)'],
    [{ 'snapshot-folder': 's' }, {}, '--ephemeral keeps no data: remove --snapshot-folder'],
    [{ workers: '2' }, {}, '--ephemeral needs a single process: remove --workers or set it to 1'],
    [{ 'found-anew': 'on' }, {}, '--ephemeral keeps no data: remove --found-anew'],
    [{ seed: 'a,,b' }, {}, '--seed (or TAGWERK_SEED) must be names of files separated by commas, not "a,,b"'],
  ])('--ephemeral is refused with %j %j', (flags, env, message) => {
    expect(errorOf(() => service({ ephemeral: 'on', ...flags }, env))).toBe(message)
  })

  it('a seed and a reset are refused for a store that is kept', () => {
    expect(errorOf(() => service({ seed: 'a.ndjson' }))).toMatch(/^--seed needs --ephemeral: /)
    expect(errorOf(() => service({ resettable: 'on' }))).toMatch(/^--resettable needs --ephemeral: /)
  })

  it('the first access key is read from two variables', () => {
    const pair = {
      TAGWERK_ACCESS_KEY: 'ABCDEFGHIJKLMNOP',
      TAGWERK_ACCESS_KEY_SECRET: 'abcdefghij+/=_-0123456789ABCDEFG',
    }
    expect(service({}, pair).initialAccessKey).toEqual({
      accessKey: 'ABCDEFGHIJKLMNOP',
      secretKey: 'abcdefghij+/=_-0123456789ABCDEFG',
    })
  })

  it.each([
    ['ABCDEFGHIJKLMNOP', undefined, 'TAGWERK_ACCESS_KEY needs TAGWERK_ACCESS_KEY_SECRET'],
    [undefined, 'abcdefghij0123456789abcdefghij01', 'TAGWERK_ACCESS_KEY_SECRET needs TAGWERK_ACCESS_KEY'],
    ['', 'abcdefghij0123456789abcdefghij01', 'TAGWERK_ACCESS_KEY must not be empty'],
    ['ABCDEFGHIJKLMNO', undefined, 'TAGWERK_ACCESS_KEY must be 16 to 40 capital letters and digits'],
    ['abcdefghijklmnop', undefined, 'TAGWERK_ACCESS_KEY must be 16 to 40 capital letters and digits'],
    [undefined, 'short', 'TAGWERK_ACCESS_KEY_SECRET must be 32 to 128 letters, digits, "+", "/", "=", "_" and "-"'],
    [undefined, 'ab'.repeat(16), 'TAGWERK_ACCESS_KEY_SECRET must have at least 10 different characters'],
  ])('half an access key, or a weak one, is refused without showing it: %s %s', (accessKey, secret, message) => {
    const env = { TAGWERK_ACCESS_KEY: accessKey, TAGWERK_ACCESS_KEY_SECRET: secret }
    expect(errorOf(() => service({}, env))).toBe(message)
  })

  it('the console is on unless it is switched off', () => {
    expect(service({}).consoleFolder).toBe(CONSOLE_FOLDER)
    expect(service({ console: 'off' }).consoleFolder).toBeUndefined()
    expect(errorOf(() => service({ console: 'no' }))).toBe(
      '--console (or TAGWERK_CONSOLE) must be one of off, on, not "no"',
    )
  })

  it('the metrics need an address of their own', () => {
    expect(service({}).metricsListen).toBeUndefined()
    expect(service({ 'metrics-listen': '[::1]:9780' }).metricsListen).toEqual({ host: '::1', port: 9780 })
    const same = { listen: '127.0.0.1:9780', 'metrics-listen': '127.0.0.1:9780' }
    expect(errorOf(() => service(same))).toBe('--metrics-listen must have another port than --listen')
    expect(service({ listen: '127.0.0.1:0', 'metrics-listen': '127.0.0.1:0' }).metricsListen?.port).toBe(0)
  })

  it('--found-anew is for a data folder and refused with --store', () => {
    expect(service({ data: '/data' }).store).toEqual({ engine: 'sqlite', folder: '/data' })
    expect(service({ data: '/data', 'found-anew': 'on' }).store).toMatchObject({ foundsAnew: true })
    expect(errorOf(() => service({ store: 'postgres://u@h/d', 'found-anew': 'on' }))).toBe(
      '--found-anew is for a data folder: remove it, or remove --store',
    )
  })

  it('snapshots are stored in the data folder, and with --store only if --snapshot-folder is set', () => {
    const store = 'postgres://u@h/d'
    expect(service({ data: '/data' }).snapshotFolder).toBe('/data/snapshots')
    expect(service({ data: '/data', store }).snapshotFolder).toBeUndefined()
    expect(service({ store, 'snapshot-folder': '/fast' }).snapshotFolder).toBe('/fast')
  })

  it('a flag takes precedence over its variable', () => {
    expect(service({ region: 'flag' }, { TAGWERK_REGION: 'variable' }).region).toBe('flag')
    expect(service({ region: undefined }, { TAGWERK_REGION: 'variable' }).region).toBe('variable')
    // An empty flag counts as given: it is refused, and the variable is not used instead.
    expect(errorOf(() => service({ region: '' }, { TAGWERK_REGION: 'variable' }))).toContain('--region')
  })

  it('a region needs a name that a project may have, because the first start names one after it', () => {
    expect(service({ region: 'r'.repeat(64) }).region).toHaveLength(64)
    expect(errorOf(() => service({ region: 'r'.repeat(65) }))).toContain('must have at most 64 characters, has 65')
    expect(errorOf(() => service({ region: 'eu-de ' }))).toContain('must not begin or end with a blank: "eu-de "')
  })

  it('the variable of a setting is its name in capitals after TAGWERK_', () => {
    expect(variableOf({ name: 'token-ttl-seconds' })).toBe('TAGWERK_TOKEN_TTL_SECONDS')
    expect(variableOf({ name: 'data' })).toBe('TAGWERK_DATA')
  })

  it('an optional folder or project that is set to an empty text counts as not set', () => {
    expect(service({ data: '/data', 'snapshot-folder': '' }).snapshotFolder).toBe('/data/snapshots')
    expect(client({ project: '' }).project).toBeUndefined()
  })

  it('an empty store password is refused with --store and ignored without', () => {
    const env = { TAGWERK_STORE_PASSWORD: '' }
    expect(errorOf(() => service({ store: 'postgres://u@h/d' }, env))).toBe('TAGWERK_STORE_PASSWORD must not be empty')
    expect(service({}, env)).toEqual(service())
    expect(service({ store: 'postgres://u@h/d', data: '' }).store.engine).toBe('postgres')
  })

  it('an unknown flag and a variable without the prefix are ignored', () => {
    expect(service({ nonsense: 'x' }, { REGION: 'x', tagwerk_region: 'x' })).toEqual(service())
  })
})

describe('store settings', () => {
  const store = (text: string, env: Flags = {}) => service({ store: text }, env).store

  it('--store selects PostgreSQL and --data selects SQLite', () => {
    expect(store('postgresql://ann@db.example:6432/tags')).toEqual({
      engine: 'postgres',
      migrates: false,
      shownUrl: 'postgresql://ann@db.example:6432/tags',
      url: 'postgresql://ann@db.example:6432/tags?sslmode=verify-full',
      connectionsMax: 16,
      connectTimeoutMs: 500,
      acquireTimeoutMs: 5000,
      statementTimeoutMs: 10_000,
    })
    expect(readStoreConfig({ flags: { store: 'postgres://u@h/d' }, env: {} })).toEqual(store('postgres://u@h/d'))
    expect(readStoreConfig({ flags: { data: 'x' }, env: {} })).toEqual({ engine: 'sqlite', folder: 'x' })
  })

  it.each([
    ['postgres://u@localhost/d', 'disable'],
    ['postgres://u@127.0.0.1/d', 'disable'],
    ['postgres://u@[::1]/d', 'disable'],
    ['postgres://u@db/d?host=/run/postgresql', 'disable'],
    ['postgres://u@10.0.0.1/d', 'verify-full'],
    ['postgres://u@localhost/d?sslmode=require', 'require'],
    ['postgres://u@db/d?sslmode=verify-ca&sslrootcert=/ca.pem', 'verify-ca'],
    ['postgres://u@db/d?sslmode=disable', 'disable'],
  ])('the store %s uses sslmode %s', (text, mode) => {
    const { url } = store(text) as { readonly url: string }
    expect(new URL(url).searchParams.get('sslmode')).toBe(mode)
  })

  it('the password variable may contain any characters and is not shown in messages', () => {
    const given = store('postgres://u:old@h/d', { TAGWERK_STORE_PASSWORD: 'a/b@c:d%41 ?#é' })
    if (given.engine !== 'postgres') throw new Error('the store is not PostgreSQL')
    expect(decodeURIComponent(new URL(given.url).password)).toBe('a/b@c:d%41 ?#é')
    expect(given.shownUrl).toBe('postgres://u@h/d')
  })

  it.each([
    ['secret', 'must be a URL such as postgres://user@host:5432/database'],
    ['mysql://u:secret@h/d', 'must be a URL such as postgres://'],
    ['postgres://u:secret@h:x/d', 'must be a URL such as postgres://'],
    ['postgres://u:secret@h', 'must name a database'],
    ['postgres://u:secret@h/', 'must name a database'],
    ['postgres://:secret@h/d', 'must name a user'],
    ['postgres:///d', 'must name a user'],
    ['postgres://u:secret@h/d?ssl=secret', 'may have the parameters sslmode,'],
    ['postgres://u:secret@h/d?sslmode=prefer', 'must have as sslmode one of disable, require, verify-ca, verify-full'],
    ['postgres://u:secret@h/d?sslmode=verify-ca', 'must have sslrootcert=FILE'],
  ])('the store %s is refused, and the message does not quote it', (text, message) => {
    const error = errorOf(() => store(text))
    expect(error).toContain(`--store (or TAGWERK_STORE) ${message}`)
    expect(error).not.toContain('secret')
  })

  it.each([
    ['store-connections-max', '3'],
    ['store-connect-timeout-ms', '0'],
    ['store-acquire-timeout-ms', 'soon'],
    ['store-statement-timeout-ms', '99'],
  ])('--%s %s is refused because it is out of range or not a number', (name, text) => {
    expect(errorOf(() => service({ [name]: text }))).toMatch(new RegExp(`--${name} .*must be a whole number`))
  })
})

describe('--listen', () => {
  it.each([
    ['127.0.0.1:8780', '127.0.0.1', 8780],
    ['localhost:0', 'localhost', 0],
    ['0.0.0.0:65535', '0.0.0.0', 65_535],
    ['[::1]:8780', '::1', 8780],
    ['[::]:1', '::', 1],
    ['[::ffff:127.0.0.1]:80', '::ffff:127.0.0.1', 80],
  ])('--listen %s means host %s and port %i', (listen, listenHost, listenPort) => {
    expect(service({ listen })).toMatchObject({ listenHost, listenPort })
  })

  it.each([
    'localhost',
    '8780',
    ':8780',
    'localhost:',
    'localhost:65536',
    'localhost:99999',
    'localhost:123456',
    'localhost:-1',
    'localhost:8x',
    '::1:8780',
    '[::1]',
    '[::1]8780',
    'http://localhost:8780',
    'localhost:80:81',
  ])('--listen %s is refused', (listen) => {
    const message = `--listen (or TAGWERK_LISTEN) must be HOST:PORT such as 127.0.0.1:8780 or [::1]:8780, not "${listen}"`
    expect(errorOf(() => service({ listen }))).toBe(message)
  })
})

describe('number settings', () => {
  const ranges = [
    ['token-ttl-seconds', 1, 31_622_400, 'tokenTtlSeconds'],
    ['body-bytes-max', 1024, 67_108_864, 'bodyBytesMax'],
    ['url-bytes-max', 1024, 1_048_576, 'urlBytesMax'],
    ['header-bytes-max', 8192, 1_048_576, 'headerBytesMax'],
    ['connections-max', 1, 1_000_000, 'connectionsMax'],
    ['write-queue-max', 1, 1_000_000, 'writeQueueMax'],
    ['request-timeout-seconds', 1, 86_400, 'requestTimeoutSeconds'],
    ['handler-timeout-seconds', 1, 86_400, 'handlerTimeoutSeconds'],
    ['stream-timeout-seconds', 1, 86_400, 'streamTimeoutSeconds'],
    ['stop-timeout-seconds', 0, 3600, 'stopTimeoutSeconds'],
    ['snapshot-interval-seconds', 1, 86_400, 'snapshotIntervalSeconds'],
  ] as const

  it.each(ranges)('--%s accepts %i and %i and refuses the numbers just outside', (name, min, max, member) => {
    expect(service({ [name]: String(min) })[member]).toBe(min)
    expect(service({ [name]: String(max) })[member]).toBe(max)
    for (const text of [String(min - 1), String(max + 1)]) {
      expect(errorOf(() => service({ [name]: text }))).toBe(
        `--${name} (or ${variableOf({ name })}) must be a whole number from ${min} to ${max}, not "${text}"`,
      )
    }
  })

  it.each([
    'x',
    '1.5',
    '1e3',
    '0x10',
    '-1',
    '+2000',
    ' 2000',
    '2000 ',
    '2 000',
    '9'.repeat(400),
    'NaN',
    'Infinity',
    '٢٠٠٠',
  ])('--body-bytes-max refuses %s, which is not a whole number', (text) => {
    const message = `--body-bytes-max (or TAGWERK_BODY_BYTES_MAX) must be a whole number from 1024 to 67108864, not "${text}"`
    expect(errorOf(() => service({ 'body-bytes-max': text }))).toBe(message)
    expect(errorOf(() => service({}, { TAGWERK_BODY_BYTES_MAX: text }))).toBe(message)
  })
})

describe('text settings', () => {
  it.each(SERVICE_SETTINGS.filter((setting) => 'default' in setting).map(({ name }) => name))(
    'an empty --%s is refused',
    (name) => {
      expect(errorOf(() => service({ [name]: '' }))).toBe(`--${name} (or ${variableOf({ name })}) must not be empty`)
    },
  )

  it('an empty admin password is refused with a message that names the variable only', () => {
    expect(errorOf(() => service({}, { TAGWERK_ADMIN_PASSWORD: '' }))).toBe('TAGWERK_ADMIN_PASSWORD must not be empty')
    expect(service({}, { TAGWERK_ADMIN_PASSWORD: ' ' }).adminPassword).toBe(' ')
  })

  it.each(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])(
    'the log level %s is accepted',
    (logLevel) => {
      expect(service({ 'log-level': logLevel }).logLevel).toBe(logLevel)
    },
  )

  it('a log level in capitals is refused', () => {
    expect(errorOf(() => service({ 'log-level': 'INFO' }))).toBe(
      '--log-level (or TAGWERK_LOG_LEVEL) must be one of trace, debug, info, warn, error, fatal, silent, not "INFO"',
    )
  })
})

describe('URL settings', () => {
  it.each([
    ['https://tags.example', 'https://tags.example'],
    ['https://tags.example/', 'https://tags.example'],
    ['http://tags.example:8080/base///', 'http://tags.example:8080/base'],
    ['http://[::1]:8780', 'http://[::1]:8780'],
    ['HTTP://TAGS.EXAMPLE/', 'HTTP://TAGS.EXAMPLE'],
  ])('the base URL %s is read as %s', (given, expected) => {
    expect(service({ 'public-url': given }).publicUrl).toBe(expected)
    expect(client({ endpoint: given }).endpoint).toBe(expected)
  })

  it.each([
    '',
    'tags.example',
    'tags.example:8780',
    '//tags.example',
    'ftp://tags.example',
    'file:///x',
    'http://',
    'https://a b',
  ])('the base URL %j is refused', (text) => {
    const must = `must be a URL that begins with http:// or https://, not "${text}"`
    expect(errorOf(() => service({ 'public-url': text }))).toBe(`--public-url (or TAGWERK_PUBLIC_URL) ${must}`)
    expect(errorOf(() => client({ endpoint: text }))).toBe(`--endpoint (or TAGWERK_ENDPOINT) ${must}`)
  })

  it.each(['http:tags.example', 'https:/tags.example', ' http://tags.example', 'http://tags.example\n'])(
    'the base URL %j is refused because it does not begin with http:// or https://',
    (text) => {
      expect(errorOf(() => service({ 'public-url': text }))).toContain('--public-url')
    },
  )
})

describe('client settings', () => {
  it('the client defaults point to a service on this machine', () => {
    expect(client()).toEqual({
      endpoint: 'http://127.0.0.1:8780',
      user: 'admin',
      domain: 'default',
      password: undefined,
      project: undefined,
    })
  })

  it('client settings are read from flags and variables', () => {
    const flags = { endpoint: 'http://e', user: 'u', domain: 'd', password: 'p', project: 'x' }
    expect(Object.keys(flags)).toEqual(CLIENT_SETTINGS.map(({ name }) => name))
    expect(client(flags)).toEqual(flags)
    const env = {
      TAGWERK_ENDPOINT: 'http://e',
      TAGWERK_USER: 'u',
      TAGWERK_DOMAIN: 'd',
      TAGWERK_PASSWORD: 'p',
      TAGWERK_PROJECT: 'x',
    }
    expect(client({}, env)).toEqual(flags)
    expect(client({ user: 'flag' }, env).user).toBe('flag')
  })

  it('an empty user name is refused', () => {
    expect(errorOf(() => client({ user: '' }))).toBe('--user (or TAGWERK_USER) must not be empty')
  })
})

it('the version is read from package.json', () => {
  expect(readVersion()).toBe(VERSION)
  expect(VERSION).toMatch(/^\d+\.\d+\.\d+/)
})

it('processEnvironment returns the environment of this process', () => {
  expect(processEnvironment()).toBe(process.env)
})
