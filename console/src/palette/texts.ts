import { defineTexts } from '../text/texts.ts'

export const paletteTexts = defineTexts(
  {
    open: 'Find a resource, key or value',
    found: 'Found',
    nothing: 'Nothing has this text.',
    hint: 'A part of a name, an id, a key, a value or a page',
    screen: 'page',
    key: (count: string) => `key on ${count}`,
    value: (key: string) => `value of ${key}`,
    all: (text: string) => `All resources whose name contains ${text}`,
  },
  {
    open: '查找资源、标签键或标签值',
    found: '找到的内容',
    nothing: '没有包含此文本的内容。',
    hint: '名称的一部分、ID、标签键、标签值或页面',
    screen: '页面',
    key: (count: string) => `标签键，${count} 个资源`,
    value: (key: string) => `${key} 的值`,
    all: (text: string) => `名称包含 ${text} 的全部资源`,
  },
)
