import type { Setting } from './setting.ts'
import { wholeNumber } from './value-types.ts'

const WEEK_SECONDS = 604_800

/** Limits that keep one project or user from the work of others. */
export const LIMIT_SETTINGS = [
  {
    name: 'project-resources-max',
    type: wholeNumber(0, Number.MAX_SAFE_INTEGER),
    default: '5000000',
    help: 'Maximum resources of a project. An administrator can set another limit for a project, as for each limit below.',
  },
  {
    name: 'project-detail-mib-max',
    type: wholeNumber(0, 2 ** 30, 'MiB'),
    default: '8192',
    help: 'Maximum size of the details of all resources of a project.',
  },
  {
    name: 'project-requests-per-second-max',
    type: wholeNumber(0, 1_000_000),
    default: '0',
    help:
      'Maximum requests per second of a project, or of a domain with its tokens, in each process; 0 for no limit. Further ' +
      'ones are answered with 429. Twice as many are accepted at once after a pause.',
  },
  {
    name: 'project-requests-in-flight-max',
    type: wholeNumber(0, 1_000_000),
    default: '256',
    help:
      'Maximum requests of a project, or of a domain with its tokens, that are in flight in each process; 0 for no limit. ' +
      'Further ones are answered with 429.',
  },
  {
    name: 'project-busy-percent-max',
    type: wholeNumber(1, 100, 'percent'),
    default: '25',
    help:
      'Share of the time of a process that the waiting requests of a project, or of a domain with its tokens, get while ' +
      'other users send requests in other projects, after a burst of 50 ms. 100 for no limit.',
  },
  {
    name: 'project-bulk-percent-max',
    type: wholeNumber(1, 100, 'percent'),
    default: '10',
    help:
      'Share of the time of a process that the exports and imports of a project, or of a domain with its tokens, get while ' +
      'other users send requests too. 100 for no limit.',
  },
  {
    name: 'exports-max',
    type: wholeNumber(1, 10_000),
    default: '16',
    help:
      'Maximum exports under way. Each holds a snapshot of the store. With --store never more than its connections for ' +
      'index loading and exports, less one.',
  },
  {
    name: 'project-exports-max',
    type: wholeNumber(1, 10_000),
    default: '4',
    help: 'Maximum exports under way of one project, of one user, and of one domain. Further ones are answered with 429.',
  },
  {
    name: 'export-bytes-per-second-min',
    type: wholeNumber(0, 2 ** 30, 'bytes'),
    default: '16384',
    help: 'Least rate at which a client reads an export, over 30 seconds. A slower export is ended.',
  },
  {
    name: 'export-timeout-seconds',
    type: wholeNumber(1, WEEK_SECONDS, 'seconds'),
    default: '7200',
    help: 'Timeout for a whole export.',
  },
  {
    name: 'write-ahead-log-mib-max',
    type: wholeNumber(128, 16_777_216, 'MiB'),
    default: '4096',
    help:
      'Size of the write-ahead log in --data at which the oldest export is ended: the log grows while an export reads ' +
      'and others write.',
  },
  {
    name: 'imports-max',
    type: wholeNumber(1, 10_000),
    default: '64',
    help: 'Maximum imports under way.',
  },
  {
    name: 'project-imports-max',
    type: wholeNumber(1, 10_000),
    default: '8',
    help: 'Maximum imports under way of one project, of one user, and of one domain. Further ones are answered with 429.',
  },
  {
    name: 'dry-runs-max',
    type: wholeNumber(1, 10_000),
    default: '8',
    help: 'Maximum dry runs of imports under way. Each keeps the resources of its body in memory.',
  },
  {
    name: 'project-dry-runs-max',
    type: wholeNumber(1, 10_000),
    default: '2',
    help: 'Maximum dry runs under way of one project, of one user, and of one domain. Further ones are answered with 429.',
  },
  {
    name: 'plan-atomic-max',
    type: wholeNumber(1, 100_000),
    default: '20000',
    help:
      'Maximum changes of a plan that is applied as one: readers see all of it or nothing. A larger plan is applied in ' +
      'parts of 5,000 changes. While a part is written, no other write to the same store in --data, or to the same ' +
      'project with --store, is.',
  },
  {
    name: 'domain-projects-max',
    type: wholeNumber(1, 1_000_000),
    default: '10000',
    help: 'Maximum projects of a domain, those that imports make included.',
  },
  {
    name: 'domain-users-max',
    type: wholeNumber(1, 1_000_000),
    default: '10000',
    help: 'Maximum users of a domain.',
  },
] as const satisfies readonly Setting[]
