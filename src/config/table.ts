import { PROFILE_NAMES } from '../core/profile.ts'
import { LIMIT_SETTINGS } from './limit-settings.ts'
import type { Setting } from './setting.ts'
import {
  accessKeyId,
  accessKeySecret,
  address,
  choice,
  fileList,
  httpUrl,
  logTarget,
  name,
  networks,
  onOff,
  optionalText,
  postgresUrl,
  storeReference,
  text,
  wholeNumber,
} from './value-types.ts'

// Every setting of Tagwerk. Flags, variables, parsing, error messages, --help and docs/config.md derive from these tables.

const DAY_SECONDS = 86_400

/** As in a project name: the first start names a project after the region. */
const REGION_CHARACTERS_MAX = 64

/** The address that the service listens on. */
export const LISTEN_SETTING = {
  name: 'listen',
  type: address(),
  default: '127.0.0.1:8780',
  help: 'Address to listen on. Port 0 selects a free port.',
} as const satisfies Setting

/** Where the data is stored. */
export const STORE_SETTINGS = [
  {
    name: 'data',
    type: text('FOLDER'),
    default: './tagwerk-data',
    help: 'Data folder (SQLite), created if missing. Ignored if --store is set.',
  },
  {
    name: 'store',
    type: postgresUrl(),
    help:
      'PostgreSQL database for all data, which several nodes may share: postgres://user@host:5432/database. Parameters: ' +
      'sslmode=disable, require, verify-ca or verify-full (the default unless the database is on this machine), and ' +
      'sslrootcert=FILE.',
  },
  {
    name: 'store-password',
    type: text('TEXT'),
    isSecret: true,
    help: 'Password for --store. Prefer this variable to a password in the URL.',
  },
  {
    name: 'store-connections-max',
    type: wholeNumber(4, 1000),
    default: '16',
    help:
      'Maximum connections to --store per process: a quarter for reads, half for writes, a quarter for index loading and ' +
      'exports.',
  },
  {
    name: 'store-connect-timeout-ms',
    type: wholeNumber(50, 60_000, 'ms'),
    default: '500',
    help: 'Timeout for opening a connection to --store. After it the database counts as unreachable.',
  },
  {
    name: 'store-acquire-timeout-ms',
    type: wholeNumber(50, 60_000, 'ms'),
    default: '5000',
    help: 'How long a request may wait for a free connection to --store. After it the request is answered with 503.',
  },
  {
    name: 'store-statement-timeout-ms',
    type: wholeNumber(100, 3_600_000, 'ms'),
    default: '10000',
    help: 'Timeout for one SQL statement in --store, including the time it waits for locks of other nodes.',
  },
] as const satisfies readonly Setting[]

/** The keys that encrypt secrets in the store. */
export const SECRET_SETTINGS = [
  {
    name: 'secret-key-file',
    type: optionalText('FILE'),
    help:
      'File with the key that encrypts the secrets in the store: access keys and the key that signs tokens. 32 bytes in ' +
      'base64; further lines hold former keys. If not set, secrets are stored in clear.',
  },
  {
    name: 'secret-key',
    type: optionalText('TEXT'),
    isSecret: true,
    help: 'The same as the content of --secret-key-file.',
  },
] as const satisfies readonly Setting[]

/** An access key that is known before the first start. `tagwerk env` prints it for SDKs and Terraform. */
const ACCESS_KEY_SETTINGS = [
  {
    name: 'access-key',
    type: accessKeyId(),
    isSecret: true,
    help:
      'Access key of the user admin, used only when the store is new; without it, the user has none at first. Needs ' +
      'TAGWERK_ACCESS_KEY_SECRET.',
  },
  {
    name: 'access-key-secret',
    type: accessKeySecret(),
    isSecret: true,
    help: 'Secret key of TAGWERK_ACCESS_KEY.',
  },
] as const satisfies readonly Setting[]

const TOKEN_TTL_SETTING = {
  name: 'token-ttl-seconds',
  type: wholeNumber(1, 366 * DAY_SECONDS, 'seconds'),
  default: '86400',
  help: 'Lifetime of a token.',
} as const satisfies Setting

/** Settings of the process, as opposed to the store. */
export const PROCESS_SETTINGS = [
  {
    name: 'ephemeral',
    type: onOff(),
    default: 'off',
    help:
      'For tests: stores the data in a temporary folder that is removed when the service stops, and does not wait for the ' +
      'disk. Needs --workers 1, and neither --data nor --store. TAGWERK_DATA, which the container image sets, has no effect then.',
  },
  {
    name: 'seed',
    type: fileList(),
    help:
      'Files of resources, as "tagwerk import" reads them, that the service imports before it listens. A file that is ' +
      'refused in part or in whole ends the start. Needs --ephemeral.',
  },
  {
    name: 'resettable',
    type: onOff(),
    default: 'off',
    help: 'Lets an administrator put the service back to its state after --seed, with POST /tagwerk/v1/reset. Needs --ephemeral.',
  },
  {
    name: 'migrate',
    type: onOff(),
    default: 'off',
    help: 'Migrate the schema of --store at start. Otherwise run "tagwerk migrate" before the first start of a version.',
  },
  {
    name: 'found-anew',
    type: onOff(),
    default: 'off',
    help:
      'If the store in --data is lost or damaged, begin with a new, empty one; the files of the former one are moved to a ' +
      'subfolder. Otherwise such a start is refused.',
  },
  {
    name: 'workers',
    type: wholeNumber(1, 256),
    default: '1',
    help:
      'Number of processes that share the address, to use more than one core. A worker that dies is restarted. Limits on ' +
      'connections, queued writes, work under way, index memory and connections to --store apply to each worker.',
  },
  {
    name: 'admin-password',
    type: text('TEXT'),
    isSecret: true,
    help:
      'Password of the user admin, used only when the store is new. It has to meet the rules for passwords. If not set, one ' +
      'is generated and printed once.',
  },
  ...ACCESS_KEY_SETTINGS,
  ...SECRET_SETTINGS,
  {
    name: 'tls-cert',
    type: optionalText('FILE'),
    help:
      'Certificate in PEM form, followed by those of intermediate authorities. The service then answers HTTPS only, and ' +
      'loads certificate and key again when the files change. Needs --tls-key.',
  },
  {
    name: 'tls-key',
    type: optionalText('FILE'),
    help: 'Private key of --tls-cert in PEM form, without a passphrase.',
  },
  {
    name: 'public-url',
    type: httpUrl(),
    help: 'Base URL under which clients reach the service, for its service catalog. If not set, it is taken from each request.',
  },
  {
    name: 'region',
    type: name(REGION_CHARACTERS_MAX),
    default: 'default',
    help:
      'Region name in the service catalog. The first start names its project after it, because SDKs and Terraform providers ' +
      'look up their project by the name of the region.',
  },
  {
    name: 'profile',
    type: choice('NAME', PROFILE_NAMES),
    default: 'huawei',
    help:
      'Tag rules. huawei: letters, digits, _ - . and Chinese characters. otc: the same without Chinese characters. lenient: ' +
      'everything except = * < > \\ , | /, and a missing value counts as empty. open: every visible character, 50 tags, keys ' +
      'of 128 and values of 256 characters, for resources of any cloud.',
  },
  {
    name: 'resource-types',
    type: optionalText('FILE'),
    help:
      'JSON file with resource types of your own: their names, aliases, service, display names and tag rules. See ' +
      'docs/contract/resource-types.md.',
  },
  {
    name: 'loose-signatures',
    type: choice('WHEN', ['loopback', 'always', 'never']),
    default: 'loopback',
    help:
      'Whether a request signature is also verified against two alternative encodings of the path, which some SDKs produce ' +
      'for unusual tag keys. loopback: only if --listen is a loopback address and neither --trusted-proxies nor --public-url ' +
      'is set.',
  },
  {
    name: 'faults',
    type: onOff(),
    default: 'off',
    help: 'Fault injection: lets an administrator make a share of the calls fail or slow, to test how clients retry. Needs --workers 1.',
  },
  {
    name: 'trusted-proxies',
    type: networks(),
    help:
      'Proxies whose X-Forwarded-For, X-Forwarded-Proto and X-Forwarded-Host headers are trusted. If not set, the proxy ' +
      'counts as the client of every request that it forwards.',
  },
  TOKEN_TTL_SETTING,
  {
    name: 'body-bytes-max',
    type: wholeNumber(1024, 64 * 2 ** 20, 'bytes'),
    default: '1048576',
    help: 'Maximum size of a request body. Imports are streamed and not limited by it.',
  },
  {
    name: 'url-bytes-max',
    type: wholeNumber(1024, 2 ** 20, 'bytes'),
    default: '16384',
    help: 'Maximum length of a URL.',
  },
  {
    name: 'header-bytes-max',
    type: wholeNumber(8192, 2 ** 20, 'bytes'),
    default: '32768',
    help: 'Maximum size of all request headers, including the URL.',
  },
  {
    name: 'connections-max',
    type: wholeNumber(1, 1_000_000),
    default: '10000',
    help:
      'Maximum open client connections, lowered at start if the process may not open as many files (ulimit -n). Further ' +
      'connections are closed at once.',
  },
  {
    name: 'write-queue-max',
    type: wholeNumber(1, 1_000_000),
    default: '10000',
    help: 'Maximum writes that wait for their commit. Further writes are answered with 503.',
  },
  {
    name: 'request-timeout-seconds',
    type: wholeNumber(1, DAY_SECONDS, 'seconds'),
    default: '300',
    help: 'Timeout for receiving a whole request, including an import.',
  },
  {
    name: 'handler-timeout-seconds',
    type: wholeNumber(1, DAY_SECONDS, 'seconds'),
    default: '30',
    help: 'Timeout for answering a request after it has been received.',
  },
  {
    name: 'stream-timeout-seconds',
    type: wholeNumber(1, DAY_SECONDS, 'seconds'),
    default: '3600',
    help: 'Timeout for answering an import.',
  },
  {
    name: 'stop-timeout-seconds',
    type: wholeNumber(0, 3600, 'seconds'),
    default: '10',
    help: 'How long a stopping service waits for requests in flight before it closes their connections.',
  },
  ...LIMIT_SETTINGS,
  {
    name: 'snapshot-interval-seconds',
    type: wholeNumber(1, DAY_SECONDS, 'seconds'),
    default: '60',
    help:
      'How often the service checks whether an index has changed enough for a new snapshot. Snapshots are also written at ' +
      'stop; they shorten the next start and can be deleted at any time.',
  },
  {
    name: 'snapshot-folder',
    type: optionalText('FOLDER'),
    help:
      'Folder for index snapshots, created if missing. If not set: the folder "snapshots" in --data, or no snapshots with ' +
      '--store. Each machine needs its own folder, which may be temporary. A large project takes up to 13 times the size of ' +
      'its index there: the last snapshot and twelve checkpoints.',
  },
  {
    name: 'index-memory-mib',
    type: wholeNumber(1, 16_777_216, 'MiB'),
    default: '1024',
    help:
      'Memory limit for the indexes of projects. A million resources with ten tags each take about 300 MiB. Above the ' +
      'limit the least recently used index is evicted, and loaded again when it is next needed. One project larger than ' +
      'the limit may be kept in addition to it.',
  },
  {
    name: 'console',
    type: onOff(),
    default: 'on',
    help: 'Web console under /console/, to which a browser is led that asks for the address of the service alone.',
  },
  {
    name: 'metrics-listen',
    type: address(),
    help:
      'Address on which GET /metrics answers with metrics for Prometheus, over plain HTTP and without a token. Port 0 ' +
      'selects a free port. If not set, there are no metrics.',
  },
  {
    name: 'ready-when',
    type: choice('WHAT', ['reads', 'writes']),
    default: 'reads',
    help:
      'When /readyz answers 200. reads: also while every write fails, as on a full disk; the answer then has "writes": ' +
      'false. writes: only while writes work.',
  },
  {
    name: 'log-level',
    type: choice('LEVEL', ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    default: 'info',
    help: 'Lowest severity that is logged. The log is on standard error.',
  },
  {
    name: 'request-log',
    type: choice('WHICH', ['off', 'errors', 'all']),
    default: 'off',
    help:
      'Requests that are logged, with user, project, operation, status and duration. errors: those answered with 400 and ' +
      'above. off: all of them, but only at --log-level debug.',
  },
  {
    name: 'security-log',
    type: logTarget(),
    default: 'stderr',
    help:
      'Where log-ins, refused callers and changes of accounts are logged, whatever --log-level. Lines have the member ' +
      '"log": "security".',
  },
  {
    name: 'account-log-days',
    type: wholeNumber(0, 36_500),
    default: '400',
    help:
      'How long the store keeps entries of the account log, which GET /tagwerk/v1/account-log shows; 0 for no limit. Older ' +
      'ones are deleted once an hour.',
  },
  {
    name: 'history-days',
    type: wholeNumber(0, 36_500),
    default: '0',
    help:
      'How long the history of each project is kept: who changed what, and how it was; 0 for no limit. Older changes are ' +
      'forgotten once an hour. An administrator can set another time for a project.',
  },
  {
    name: 'log-format',
    type: choice('FORMAT', ['json', 'text']),
    default: 'json',
    help: 'Form of log lines. json: one object per line. text: for people, with readable times and levels.',
  },
  {
    name: 'log-times',
    type: choice('FORM', ['epoch', 'iso']),
    default: 'epoch',
    help: 'Times in JSON log lines. epoch: milliseconds since 1970 UTC. iso: such as 2026-01-31T12:00:00.000Z.',
  },
  {
    name: 'log-levels',
    type: choice('FORM', ['numbers', 'words']),
    default: 'numbers',
    help: 'Levels in JSON log lines. numbers: 10 trace, 20 debug, 30 info, 40 warn, 50 error, 60 fatal.',
  },
] as const satisfies readonly Setting[]

/** All settings of the service, in the order of its help. */
export const SERVICE_SETTINGS = [LISTEN_SETTING, ...STORE_SETTINGS, ...PROCESS_SETTINGS] as const

/** The settings of the command that makes a new key for tokens. */
export const ROTATE_KEYS_SETTINGS = [...STORE_SETTINGS, ...SECRET_SETTINGS, TOKEN_TTL_SETTING] as const

/** The settings of the command that sets the password of an administrator. */
export const ADMIN_PASSWORD_SETTINGS = [
  ...STORE_SETTINGS,
  {
    name: 'admin-password',
    type: text('TEXT'),
    isSecret: true,
    help: 'New password. If not set, it is asked for on a terminal, or is the first line of standard input.',
  },
] as const satisfies readonly Setting[]

/** The settings of a command that sets the password of another user, or a new one of the caller. */
export const NEW_PASSWORD_SETTINGS = [
  {
    name: 'new-password',
    type: text('TEXT'),
    isSecret: true,
    help: 'New password. If not set, it is asked for on a terminal, or is the first line of standard input.',
  },
] as const satisfies readonly Setting[]

/** Source and target of a copy. */
export const COPY_SETTINGS = [
  {
    name: 'from',
    type: storeReference(),
    isRequired: true,
    help: 'Store to copy from, a URL as for --store.',
  },
  { name: 'from-password', type: text('TEXT'), isSecret: true, help: 'Password for a database in --from.' },
  { name: 'to', type: storeReference(), isRequired: true, help: 'Store to copy to. It must be empty.' },
  { name: 'to-password', type: text('TEXT'), isSecret: true, help: 'Password for a database in --to.' },
] as const satisfies readonly Setting[]

/** The service and the user of a client command. */
export const ACCESS_SETTINGS = [
  { name: 'endpoint', type: httpUrl(), default: 'http://127.0.0.1:8780', help: 'URL of the service.' },
  { name: 'user', type: text('NAME'), default: 'admin', help: 'User name in the domain of --domain.' },
  { name: 'domain', type: text('NAME'), default: 'default', help: 'Name of the domain of the user.' },
  { name: 'password', type: optionalText('TEXT'), isSecret: true, help: 'Password of the user.' },
] as const satisfies readonly Setting[]

/** The settings of a client command that works in a project. */
export const CLIENT_SETTINGS = [
  ...ACCESS_SETTINGS,
  {
    name: 'project',
    type: optionalText('NAME'),
    help:
      'Project name. If not set, commands use the project named after the region of the service, or else the only one; ' +
      'export uses all.',
  },
] as const satisfies readonly Setting[]

/** The settings of the command that prints the variables of other clients. */
export const ENV_SETTINGS = [
  ...CLIENT_SETTINGS,
  { name: 'access-key', type: accessKeyId(), isSecret: true, help: 'Access key of the user, as the service got it.' },
  { name: 'access-key-secret', type: accessKeySecret(), isSecret: true, help: 'Secret key of TAGWERK_ACCESS_KEY.' },
] as const satisfies readonly Setting[]
