import type { Case } from './case.ts'
import { asOfCase } from './cases/as-of.ts'
import { complianceCase } from './cases/compliance.ts'
import { evictionsCase } from './cases/evictions.ts'
import { historyCase } from './cases/history.ts'
import { httpCase } from './cases/http.ts'
import { importCase } from './cases/import.ts'
import { indexCase } from './cases/index-queries.ts'
import { neighbourCase, oneCoreCase } from './cases/neighbour.ts'
import { nodesCase } from './cases/nodes.ts'
import { planCase } from './cases/plan.ts'
import { policyCase } from './cases/policy.ts'
import { politeCase } from './cases/polite.ts'
import { politeCallsCase } from './cases/polite-calls.ts'
import { searchCase } from './cases/search.ts'
import { smallTypesCase } from './cases/small-types.ts'
import { soakCase } from './cases/soak.ts'
import { sqlCase } from './cases/sql.ts'
import { startCase } from './cases/start.ts'
import { writeCostCase } from './cases/write-cost.ts'
import { writesCase } from './cases/writes.ts'

/** Every case, in the order in which they run. */
export const CASES: readonly Case[] = [
  indexCase,
  searchCase,
  complianceCase,
  sqlCase,
  httpCase,
  writesCase,
  writeCostCase,
  policyCase,
  startCase,
  importCase,
  politeCase,
  politeCallsCase,
  neighbourCase,
  oneCoreCase,
  planCase,
  nodesCase,
  evictionsCase,
  asOfCase,
  smallTypesCase,
  historyCase,
  soakCase,
]
