import { describe, expect, it } from 'vitest'
import type { IndexedResource } from '../../src/core/resource.ts'
import type { PageShape } from '../../src/search-index/json-page.ts'
import { TagIndex } from '../../src/search-index/tag-index.ts'
import { indexOf, KERNEL_MODES, SHAPE, shown } from './indexes.ts'
import { any, nth } from './large.ts'
import { idOf } from './queries.ts'

const ALL = Number.MAX_SAFE_INTEGER

describe.each(KERNEL_MODES)('pages of JSON with %s kernels', (kernels) => {
  const text = (index: TagIndex, shape: PageShape, limit = ALL) =>
    Buffer.from(index.findJson({}, 0, limit, shape).json).toString()

  it('pages of several shapes reflect every change of a detail', () => {
    const shapes: PageShape[] = [
      SHAPE,
      { pieces: ['detail'], detail: (detail) => detail },
      { pieces: [{ text: '' }, 'id', { text: ' ' }, 'detail'], detail: (detail) => String(detail.length) },
    ]
    const index = new TagIndex({ kernels })
    const model: IndexedResource[] = []
    for (let step = 0; step < 120; step++) {
      const n = (step * 7) % 10
      if (step % 6 === 5 && model[n] !== undefined) {
        index.remove(idOf(n))
        delete model[n]
      } else if (model[n] !== undefined || !model.some((_, later) => later > n)) {
        const resource = { ...nth(n), detail: JSON.stringify('d'.repeat((step * 5) % 13)) }
        index.put(resource)
        model[n] = resource
      }
      const present = model.filter((resource) => resource !== undefined)
      if (step % 3 === 0) expect(text(index, shapes[0] as PageShape)).toBe(present.map(shown).join())
      if (step % 3 !== 1) expect(text(index, shapes[1] as PageShape)).toBe(present.map(({ detail }) => detail).join())
      if (step % 4 === 0) {
        expect(text(index, shapes[2] as PageShape)).toBe(
          present.map(({ id, detail }) => `${id} ${detail.length}`).join(),
        )
      }
    }
    expect(model.length).toBe(10)
  })

  it('a page grows beyond the first buffer', () => {
    const resources = Array.from({ length: 900 }, (_, n) => ({ ...nth(n), name: '页'.repeat((n % 300) * 5) }))
    const index = indexOf(resources, kernels)
    expect(text(index, SHAPE, 3)).toBe(resources.slice(0, 3).map(shown).join())
    expect(text(index, SHAPE)).toBe(resources.map(shown).join())
    expect(text(index, SHAPE).length).toBeGreaterThan(2 ** 19)
    expect(text(index, SHAPE, 1)).toBe(shown(resources[0] as IndexedResource))
  })

  it('state() frees all buffers, so that queries do not enlarge a snapshot', () => {
    const index = indexOf(
      Array.from({ length: 400 }, (_, n) => nth(n)),
      kernels,
    )
    const state = index.state()
    text(index, SHAPE)
    text(index, { ...SHAPE })
    index.find({ nameContains: 'odd', notTags: [any('half'), any('all')] }, 0, 10)
    const { dictionary, ids, names, details, columns, size } = index.state()
    expect({ dictionary, ids, names, details, columns, size }).toEqual({
      dictionary: state.dictionary,
      ids: state.ids,
      names: state.names,
      details: state.details,
      columns: state.columns,
      size: state.size,
    })
    // The next queries reuse the freed memory.
    const { length } = index.memory
    text(index, SHAPE)
    index.state()
    expect(index.memory.length).toBe(length)
  })
})
