import { parse } from 'csv-parse/sync'
import { expect, it } from 'vitest'
import { csvFiles } from '../../../src/cli/report/csv-files.ts'
import { EMPTY, reportOf } from './reports.ts'

it('no cell of a section is read as a formula by a spreadsheet program', () => {
  for (const text of ['=cmd|calc', '+1', '-1', '@x', '\tx']) {
    for (const [name, file] of csvFiles(reportOf(text))) {
      const cells = (parse(file, { bom: true }) as string[][]).flat()
      expect(cells.filter((cell) => /^[=+\-@\t]/.test(cell))).toEqual([])
      if (name !== 'summary.csv' && name !== 'changes-by-day.csv') expect(cells).toContain(`'${text}`)
    }
  }
})

it('each section is a file with the names of its columns, without those that the caller may not read', () => {
  const heads = (report: typeof EMPTY) =>
    Array.from(csvFiles(report), ([name, file]) => `${name}: ${file.split('\r\n')[0]?.slice(1)}`)
  expect(heads(reportOf('x'))).toEqual([
    'summary.csv: what,number',
    'coverage.csv: key,resource_type,with_key,resources',
    'trend.csv: day,key,with_key,resources',
    'policy.csv: key,missing,wrong_value,wrong_case',
    'policy-resources.csv: resource_type,resource_id,resource_name',
    'untagged.csv: resource_type,resource_id,resource_name',
    'owners.csv: key,owner,resources',
    'near-duplicates.csv: group,kind,of_key,spelling,resources,keep',
    'changes-by-key.csv: key,added,changed,removed',
    'changes-by-user.csv: user,changes',
    'changes-by-day.csv: day,changes',
  ])
  expect(heads(EMPTY)).toHaveLength(6)
})
