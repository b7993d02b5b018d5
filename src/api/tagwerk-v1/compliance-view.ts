import { Type } from 'typebox'
import type { FoundResource, TypeCompliance } from '../../catalog/catalog.ts'
import { cellOf, cellOfValue, csvRow } from '../../core/csv-cells.ts'
import type { EffectivePolicy } from '../../core/policy/effective-policy.ts'
import { PROBLEMS, type Problem, problemsOfResource } from '../../core/policy/judge-resource.ts'
import { foldKeyCase } from '../../core/policy/tag-policy.ts'
import { oneOf } from '../tag-query-body.ts'

/** Excel does not read UTF-8 without it. */
const BYTE_ORDER_MARK = '\ufeff'

const problemCounts = {
  missing: Type.Integer({ description: 'Resources that lack the key in any case, of the types that must have it.' }),
  'wrong-value': Type.Integer({ description: 'Resources that have the key with a value that is not allowed.' }),
  'wrong-case': Type.Integer({ description: 'Resources that have the key in another case.' }),
}

/** Schema of a problem. */
export const problemName = oneOf(PROBLEMS)

/** Schema of the counts of compliance. */
export const complianceAnswer = Type.Object({
  revision: Type.Integer(),
  resources: Type.Integer(),
  compliant: Type.Integer({ description: 'Resources without any problem.' }),
  types: Type.Array(
    Type.Object({ resource_type: Type.String(), resources: Type.Integer(), compliant: Type.Integer() }),
  ),
  keys: Type.Array(
    Type.Object({
      key: Type.String(),
      ...problemCounts,
      types: Type.Array(Type.Object({ resource_type: Type.String(), ...problemCounts }), {
        description: 'Only types with a problem.',
      }),
    }),
    { description: 'Every key of the policy.' },
  ),
})

type Counts = Record<Problem, number>
const none = (): Counts => ({ missing: 0, 'wrong-value': 0, 'wrong-case': 0 })

/** The counts of compliance as an answer has them. */
export function toComplianceBody(revision: number, { rules }: EffectivePolicy, types: readonly TypeCompliance[]) {
  const keys = rules.map(({ key }) => {
    const all = none()
    const ofTypes: ({ readonly resource_type: string } & Counts)[] = []
    for (const { type, problems } of types) {
      const counts = none()
      for (const one of problems) if (one.key === key) counts[one.problem] = one.resources
      for (const problem of PROBLEMS) all[problem] += counts[problem]
      if (PROBLEMS.some((problem) => counts[problem] > 0)) ofTypes.push({ resource_type: type, ...counts })
    }
    return { key, ...all, types: ofTypes }
  })
  const sum = (count: (one: TypeCompliance) => number) => types.reduce((total, one) => total + count(one), 0)
  return {
    revision,
    resources: sum(({ resources }) => resources),
    compliant: sum(({ compliant }) => compliant),
    types: types.map(({ type, resources, compliant }) => ({ resource_type: type, resources, compliant })),
    keys,
  }
}

/** Yields a row of CSV for each problem of some resources: the key of the policy, and the key and value that they have. */
export function* problemsCsv(policy: EffectivePolicy, resources: readonly FoundResource[]): Generator<string> {
  yield BYTE_ORDER_MARK +
    csvRow(['resource_type', 'resource_id', 'resource_name', 'key', 'problem', 'actual_key', 'actual_value'])
  for (const { type, resource } of resources) {
    for (const { key, problem } of problemsOfResource(policy, type, resource.tags)) {
      const isWrong = (actual: string) =>
        problem === 'wrong-case' ? actual !== key && foldKeyCase(actual) === foldKeyCase(key) : actual === key
      const tag = problem === 'missing' ? undefined : resource.tags.find((each) => isWrong(each.key))
      const head = [type, resource.id, resource.name, key, problem, tag?.key ?? ''].map(cellOf)
      yield csvRow([...head, cellOfValue(tag?.value)])
    }
  }
}
