import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { RESOURCE_TYPE_ROWS } from '../src/core/resource-type-rows.ts'
import { namesOf } from '../src/core/resource-types.ts'

// A type is a row of the registry and nothing else: no other code names one, compares with one, or makes one of a text.

const REGISTRY = /^core\/resource-type/
const root = join(import.meta.dirname, '../src')
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
const texts = new Map(sources.map((file) => [file, readFileSync(join(root, file), 'utf8')]))

/** The places where a pattern matches outside the registry, such as `http/openapi.ts: 'stream'`. */
function placesOf(pattern: RegExp, isMeant: (name: string) => boolean = () => true): readonly string[] {
  const places = Array.from(texts, ([file, text]) =>
    REGISTRY.test(file)
      ? []
      : Array.from(text.matchAll(pattern), (match) => match.slice(1).find((group) => group !== undefined) ?? match[0])
          .filter(isMeant)
          .map((name) => `${file}: ${name}`),
  )
  return [...new Set(places.flat())].sort()
}

it('the types of images and instances are named by their constants', () => {
  // TypeScript takes these two texts as a `ResourceType`, and no other.
  expect(placesOf(/(?<=')(images|instances)(?=')/g)).toEqual([
    // The name of a JSON schema.
    'api/ims-v2/glance-schemas.ts: images',
    // A noun in texts.
    'cli/resource-types.ts: images',
  ])
})

it('no code decides by the name of a type', () => {
  const names = new Set(RESOURCE_TYPE_ROWS.flatMap(namesOf))
  const compared = placesOf(/(?:[=!]==? |\bcase |resource_type = )'([^'\n]+)'|'([^'\n]+)' [=!]==?/g, (name) =>
    names.has(name),
  )
  // The kind of a body, which is also the name of a type.
  expect(compared).toEqual(['http/openapi.ts: stream', 'http/route-handler.ts: stream'])
})

it('a text becomes a type by the registry, or where it was one before', () => {
  const files = [...new Set(placesOf(/\bas ResourceType\b/g).map((place) => place.split(':')[0]))]
  expect(files).toEqual([
    // Names of the registry.
    'api/tag-services/service-type.ts',
    // A name that resources of the project have.
    'api/tms-v1/resource-types.ts',
    // Names out of the store, the index, an answer, and a message of this program.
    'catalog/project-index.ts',
    'cli/tags.ts',
    'core/plan-summary.ts',
    'store/sql/plan-rows.ts',
    'store/sql/rows.ts',
    'store/sql/tag-reader.ts',
    'store/sqlite/writer-messages.ts',
  ])
})

it('names of types are recognized at all', () => {
  expect(texts.size).toBeGreaterThan(300)
  expect(placesOf(/(?<=')(ecs|DNS_ptr_record)(?=')/g)).toContain('api/tag-services/action-rows.ts: ecs')
})
