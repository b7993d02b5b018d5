import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { IAM_ERRORS } from '../../src/api/iam-v3/errors.ts'
import { IMS_ERRORS } from '../../src/api/ims-v2/errors.ts'
import { TAGWERK_ERRORS } from '../../src/api/tagwerk-v1/errors.ts'
import { TAURUSDB_ERRORS } from '../../src/api/taurusdb-v3/errors.ts'
import { TMS_ERRORS } from '../../src/api/tms-v1/errors.ts'

const TABLES = {
  'iam-v3': IAM_ERRORS,
  'ims-v2': IMS_ERRORS,
  'tagwerk-v1': TAGWERK_ERRORS,
  'taurusdb-v3': TAURUSDB_ERRORS,
  'tms-v1': TMS_ERRORS,
}

// The compiler does not check `x-error` annotations of schemas, so the generated documents are searched for them.
it.each(Object.entries(TABLES))(
  'the error table of %s has an entry for each code its schemas name',
  (family, table) => {
    const document = readFileSync(join(import.meta.dirname, `../../openapi/${family}.json`), 'utf8')
    const codes = new Set(Array.from(document.matchAll(/"x-error": "([^"]+)"/g), ([, code]) => code))
    expect([...codes].filter((code) => !Object.hasOwn(table, code!))).toEqual([])
  },
)
