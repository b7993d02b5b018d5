import { defineTexts } from '../text/texts.ts'

/** Texts about changes, which several screens show. */
export const changesTexts = defineTexts(
  {
    plan: (id: string) => `plan ${id}`,
    undo: (id: string) => `undo ${id}`,
    deletedUser: 'deleted user',
    deletedUserHint: (id: string) => `The user with the id ${id} was deleted, or is of another domain.`,
    name: 'name',
    detail: 'detail',
    tagsAdded: 'added',
    tagsChanged: 'changed',
    tagsRemoved: 'removed',
    now: 'now',
  },
  {
    plan: (id: string) => `计划 ${id}`,
    undo: (id: string) => `撤销 ${id}`,
    deletedUser: '已删除的用户',
    deletedUserHint: (id: string) => `ID 为 ${id} 的用户已被删除，或属于其他账号。`,
    name: '名称',
    detail: '详情',
    tagsAdded: '新增',
    tagsChanged: '变更',
    tagsRemoved: '移除',
    now: '现在',
  },
)
