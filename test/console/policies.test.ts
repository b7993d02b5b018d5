import { describe, expect, it } from 'vitest'
import { putCommand, rehearseCommand } from '../../console/src/policies/commands.ts'
import {
  blocksOf,
  enforcesNothing,
  type PolicyDocument,
  parseDocument,
  printDocument,
  withBlock,
  withList,
  withoutBlock,
  withRequiredOnCreate,
  withSpelling,
} from '../../console/src/policies/document.ts'
import { guessOf, isAllowed, valueActions } from '../../console/src/policies/fix-model.ts'
import { lineAt, pathInMessage, placeOf, placesOf } from '../../console/src/policies/json-lines.ts'
import { parsePolicy } from '../../src/core/policy/parse-policy.ts'
import { ResourceTypes } from '../../src/core/resource-types.ts'

// What the editor of policies makes of a policy, and which corrections it proposes.

const DOCUMENT: PolicyDocument = {
  tags: {
    env: { tag_key: { '@@assign': 'env' }, tag_value: { '@@assign': ['prod'], '@@append': ['ops'] } },
    owner: { required_on_create: { '@@assign': true }, report_required_tag_for: { '@@assign': ['ecs'] } },
  },
}

const tagsOf = (document: PolicyDocument) => document.tags as Readonly<Record<string, PolicyDocument>>

describe('the form of a policy', () => {
  it('has the lists of each key, and names what only the JSON can say', () => {
    const blocks = blocksOf(DOCUMENT) ?? []
    expect(
      blocks.map(({ name, spelling, values, requiredFor, requiredOnCreate, others }) => ({
        ...{ name, spelling, values, requiredFor, requiredOnCreate, others },
      })),
    ).toEqual([
      {
        name: 'env',
        spelling: 'env',
        values: ['prod'],
        requiredFor: [],
        requiredOnCreate: false,
        others: ['tag_value.@@append'],
      },
      { name: 'owner', spelling: undefined, values: [], requiredFor: ['ecs'], requiredOnCreate: true, others: [] },
    ])
  })

  it('a list that becomes empty leaves the operators that it does not show', () => {
    expect(tagsOf(withList(DOCUMENT, 'env', 'values', [])).env?.tag_value).toEqual({ '@@append': ['ops'] })
    expect(tagsOf(withList(DOCUMENT, 'owner', 'requiredFor', [])).owner).not.toHaveProperty('report_required_tag_for')
  })

  it('another spelling renames the block in its place', () => {
    const changed = withSpelling(DOCUMENT, 'env', 'Env')
    expect(Object.keys(tagsOf(changed))).toEqual(['Env', 'owner'])
    expect(tagsOf(changed).Env?.tag_key).toEqual({ '@@assign': 'Env' })
  })

  it('a key is added and removed, and one that is there stays as it is', () => {
    expect(Object.keys(tagsOf(withBlock(DOCUMENT, 'team')))).toEqual(['env', 'owner', 'team'])
    expect(withBlock(DOCUMENT, 'env')).toBe(DOCUMENT)
    expect(Object.keys(tagsOf(withoutBlock(DOCUMENT, 'env')))).toEqual(['owner'])
  })

  it('a flag without operators is a plain value, and goes away when it is taken back', () => {
    const set = withRequiredOnCreate(DOCUMENT, 'env', true)
    expect(tagsOf(set).env?.required_on_create).toBe(true)
    expect(tagsOf(withRequiredOnCreate(set, 'env', false)).env).not.toHaveProperty('required_on_create')
    expect(tagsOf(withRequiredOnCreate(DOCUMENT, 'owner', false)).owner?.required_on_create).toEqual({
      '@@assign': false,
    })
  })

  it('a member of another type than the form knows makes it give way to the JSON', () => {
    for (const block of [{ tag_value: { '@@assign': [1] } }, { tag_key: null }, { enforced_for: 'ecs' }, 'env']) {
      expect(blocksOf({ tags: { env: block } })).toBeUndefined()
    }
    expect(blocksOf({ tags: [] })).toBeUndefined()
  })

  it('a policy without enforced types and required keys refuses nothing', () => {
    expect(enforcesNothing({ tags: { env: { tag_value: { '@@assign': ['a'] } } } })).toBe(true)
    expect(enforcesNothing({ tags: { env: { enforced_for: { '@@assign': ['ecs'] } } } })).toBe(false)
    expect(enforcesNothing(DOCUMENT)).toBe(false)
  })
})

describe('the text of a policy', () => {
  it('what is printed parses to the same, with a short setting in one line', () => {
    const text = printDocument(DOCUMENT)
    expect(JSON.parse(text)).toEqual(DOCUMENT)
    expect(text).toContain('"tag_value": { "@@assign": ["prod"], "@@append": ["ops"] }')
    expect(printDocument({})).toBe('{}')
  })

  it('a text that is no JSON object says why', () => {
    expect(parseDocument('[]')).toEqual({ fault: 'not-object' })
    expect(parseDocument('{"a":').fault).toMatch(/JSON/)
  })

  it('each path of an error of the service leads to the line of its member', () => {
    const text =
      '{\n "tags": {\n  "a.b": {\n   "tag_value": {\n    "@@assign": [\n     "x",\n     1\n    ]\n   }\n  }\n }\n}'
    const places = placesOf(text)
    const lineOf = (path: string) => lineAt(text, placeOf(places, path) ?? -1)
    expect(lineOf('tags["a.b"].tag_value.@@assign[1]')).toBe(7)
    expect(lineOf('tags["a.b"].tag_value')).toBe(4)
    // A member that the text lacks is in its parent.
    expect(lineOf('tags["a.b"].tag_key.@@assign')).toBe(3)
    expect(placeOf(places, 'body')).toBeUndefined()
  })

  it('the paths are those that the service writes', () => {
    const wrong = [
      { tags: { env: { tag_vlaue: {} } } },
      { tags: { 'a.b': { tag_value: { '@@assign': ['x', 1] } } } },
      { tags: { env: { enforced_for: { '@@assign': ['*'] } } } },
    ]
    for (const policy of wrong) {
      const message = messageOf(policy)
      const path = pathInMessage(`The request is invalid. ${message}: is wrong.`)
      expect(path).toBe(message)
      const text = printDocument(policy)
      expect(placesOf(text).has(path ?? '')).toBe(true)
    }
    expect(pathInMessage('The service is busy.')).toBeUndefined()
  })
})

/** The path that the service names for a policy that it refuses. */
function messageOf(policy: unknown): string {
  try {
    parsePolicy(policy, ResourceTypes.builtIn)
  } catch (error) {
    return (error as { readonly facts: { readonly field: string } }).facts.field
  }
  throw new Error('the policy was accepted')
}

describe('corrections', () => {
  const rule = {
    tag_key: 'env',
    tag_value: ['dev-*', 'prod', 'test'],
    enforced_for: [],
    report_required_tag_for: [],
    required_on_create: false,
  }

  it('a value that differs in case or separators alone has the allowed one as its proposal', () => {
    expect(guessOf(rule, 'PROD')).toBe('prod')
    expect(guessOf(rule, 'production')).toBeUndefined()
    expect(guessOf({ ...rule, tag_value: ['a-b', 'a_b'] }, 'A B')).toBeUndefined()
  })

  it('a pattern allows each value that it stands for, and no shorter one', () => {
    expect(['dev-', 'dev-1', 'prod'].every((value) => isAllowed(rule, value))).toBe(true)
    expect(['dev', 'Prod', ''].some((value) => isAllowed(rule, value))).toBe(false)
    expect(isAllowed({ ...rule, tag_value: ['ab*ba'] }, 'aba')).toBe(false)
    expect(
      isAllowed({ tag_key: 'env', enforced_for: [], report_required_tag_for: [], required_on_create: false }, 'x'),
    ).toBe(true)
  })

  it('values with one replacement are one action', () => {
    const targets = new Map([
      ['Prod', 'prod'],
      ['PROD', 'prod'],
      ['Test', 'test'],
    ])
    expect(valueActions('env', targets)).toEqual([
      { map_value: { key: 'env', from: ['Prod', 'PROD'], to: 'prod' } },
      { map_value: { key: 'env', from: ['Test'], to: 'test' } },
    ])
  })
})

describe('copied commands', () => {
  it('they carry the policy as their input, and name whose it is', () => {
    const policy = { tags: { env: { tag_key: { '@@assign': 'env' } } } }
    const input = `<<'END'\n${JSON.stringify(policy)}\nEND`
    expect(putCommand(policy, 'project', 'base', 'my project')).toBe(
      `tagwerk policy put base - --project 'my project' ${input}`,
    )
    expect(putCommand(policy, 'domain', 'base', 'web')).toBe(`tagwerk policy put base - --all-projects ${input}`)
    expect(rehearseCommand(policy, '7d', 'web')).toBe(`tagwerk policy rehearse - --since 7d --project web ${input}`)
  })
})
