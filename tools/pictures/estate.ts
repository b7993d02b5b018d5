import { demoCatalogue } from '../../src/cli/demo-catalogue.ts'

/** A resource as an import line has it. */
export type Line = {
  readonly resource_type: string
  readonly resource_id: string
  readonly resource_name: string
  readonly tags: readonly { readonly key: string; readonly value: string }[]
}

const NUMBERS: Readonly<Record<string, number>> = {
  ecs: 640,
  disk: 420,
  eip: 96,
  rds: 88,
  vpc: 40,
}
const TEAMS = ['payments', 'platform', 'search', 'storage', 'web', 'data'] as const
const ENVIRONMENTS = ['prod', 'prod', 'prod', 'staging', 'test', 'dev', 'Prod', 'production'] as const
const UNITS = ['retail', 'wholesale', 'logistics'] as const

/** Gives a number from 0 to below `below`, the same in each run. */
export type Dice = (below: number) => number

export function dice(seed: number): Dice {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return Math.floor((state / 0x80000000) * below)
  }
}

/** The catalogue of the demo, and resources of other services, few of which have an owner yet. */
export function estate(roll: Dice): readonly Line[] {
  const others = Object.entries(NUMBERS).flatMap(([type, number]) =>
    Array.from({ length: number }, (_, i): Line => {
      const team = pick(TEAMS, roll)
      const tags = [
        ...(roll(10) < 4 ? [{ key: roll(12) === 0 ? 'Owner' : 'owner', value: team }] : []),
        ...(roll(10) < 7 ? [{ key: roll(15) === 0 ? 'environment' : 'env', value: pick(ENVIRONMENTS, roll) }] : []),
        ...(roll(10) < 5 ? [{ key: 'business-unit', value: pick(UNITS, roll) }] : []),
        ...(type === 'rds' ? [{ key: 'engine', value: pick(['postgres', 'mysql'], roll) }] : []),
      ]
      const name = `${team}-${type}-${String(i + 1).padStart(3, '0')}`
      return {
        resource_type: type,
        resource_id: `${type}-${String(i + 1).padStart(5, '0')}`,
        resource_name: name,
        tags,
      }
    }),
  )
  return [...demoCatalogue(), ...others]
}

export function pick<T>(from: readonly T[], roll: Dice): T {
  return from[roll(from.length)] as T
}
