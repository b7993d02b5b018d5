import { expect, it } from 'vitest'
import { lossOf } from '../../src/core/resource-loss.ts'

const state = (name: string, detail: string, ...keys: string[]) => ({
  name,
  detail,
  tags: keys.map((key) => ({ key, value: 'v' })),
})

it.each([
  ['nothing', state('a', '{"p":1}', 'x'), state('b', '{"p":2}', 'x', 'y'), undefined],
  ['a name', state('a', '{}'), state('', '{}'), { name: true, detail: false, tags: 0 }],
  [
    'a detail but for its status',
    state('', '{"status":"x","p":1}'),
    state('', '{"status":"y"}'),
    { name: false, detail: true, tags: 0 },
  ],
  ['a status, which is no loss', state('', '{"status":"x"}'), state('', '{}'), undefined],
  ['a detail of which something stays', state('', '{"p":1,"q":2}'), state('', '{"p":1}'), undefined],
  ['two keys', state('', '{}', 'x', 'y', 'z'), state('', '{}', 'y'), { name: false, detail: false, tags: 2 }],
])('the loss of %s is told', (_what, before, after, loss) => {
  expect(lossOf(before, after)).toEqual(loss)
})
