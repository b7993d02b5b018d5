import type { TagQueryLimits } from '../tag-query-body.ts'

/** Limit on one line of an import, without its line break. */
export const LINE_BYTES_MAX = 65_536

/** Limit on the body of a dry run, which keeps every resource of the body in memory. */
export const DRY_RUN_BYTES_MAX = 32 * 2 ** 20

/** Limit on a detail as JSON: one page has up to 1000 of them. */
export const DETAIL_BYTES_MAX = 8192

/** Limits on a tag query, at least those of the vendors' services. */
export const QUERY_LIMITS: TagQueryLimits = {
  keysMax: 20,
  valuesPerKeyMax: 20,
  keyCharactersMax: 256,
  valueCharactersMax: 256,
  matchCharactersMax: 512,
}

/** Resource types that one query names. */
export const TYPES_MAX = 200

/** Pages of a tag query. */
export const QUERY_PAGE_LIMITS = { limitDefault: 10, limitMax: 1000 } as const

/** Pages of a search. */
export const SEARCH_PAGE_LIMITS = { limitDefault: 100, limitMax: 1000 } as const

/** Facets of one search, and the values or keys that each lists. */
export const FACET_LIMITS = { facetsMax: 10, limitDefault: 20, limitMax: 1000 } as const

/** Keys, or values of a key, that are compared for near-duplicates. */
export const NEAR_SPELLINGS_MAX = 20_000

/** Groups of near-duplicates that a project ignores. */
export const IGNORED_GROUPS_MAX = 10_000

/** Pages of keys or values in use. */
export const TAG_COUNTS_LIMITS = { limitDefault: 100, limitMax: 1000 } as const

/** Keys and days of one call about coverage, and counts in one answer. */
export const COVERAGE_LIMITS = { keysMax: 50, daysMax: 1100, countsMax: 100_000 } as const

/** Writes that a rehearsal judges and names, and its time. */
export const REHEARSAL_LIMITS = { rowsMax: 2_000_000, msMax: 60_000, samplesDefault: 100, samplesMax: 1000 } as const

/** Tags that one change of tags names. */
export const CHANGED_TAGS_MAX = 50

/** Resources whose tags one call changes. */
export const SELECTION_MAX = 100_000

/** Resources that the answer to a change of many lists. */
export const SELECTION_SHOWN_MAX = 1000

/** Changes of a project between a preview and the change that are looked through. */
export const CHANGES_SINCE_MAX = 10_000

/** Actions of a plan, and values that one of them maps. */
export const PLAN_ACTIONS_MAX = 50

/** Resources that a plan names one by one in a JSON body. Files may have more. */
export const PLAN_IDS_MAX = 1000

/** Characters of the note of a plan, and of the key of a request that can be repeated. */
export const NOTE_CHARACTERS_MAX = 1000
export const IDEMPOTENCY_KEY_CHARACTERS_MAX = 255

/** Pages of plans, and of their items. */
export const PLAN_LIST_LIMITS = { limitDefault: 20, limitMax: 100 } as const
export const PLAN_ITEM_LIMITS = { limitDefault: 100, limitMax: 1000 } as const

/** Items that are looked through for one page. */
export const PLAN_ITEMS_LOOKED_AT_MAX = 20_000

/** Pages of lists of projects, users, roles and their assignments. */
export const ACCOUNT_LIST_LIMITS = { limitDefault: 100, limitMax: 1000 } as const

/** Pages of the account log. */
export const ACCOUNT_LOG_LIMITS = { limitDefault: 100, limitMax: 1000 } as const

/** Pages of the history of a resource, and of the changes of a project. */
export const HISTORY_LIMITS = { limitDefault: 50, limitMax: 1000 } as const

/** Intervals of one count of changes; groups of changes on a page, and the keys that each lists. */
export const ACTIVITY_LIMITS = { intervalsMax: 1100, groupsDefault: 50, groupsMax: 200, keysShownMax: 20 } as const

/** Changes between two moments that are compared: they take 24 MB. */
export const COMPARED_CHANGES_MAX = 1_000_000

/** Limits on the members of a line, in Unicode code points. */
export const ID_CHARACTERS_MAX = 64
/** Length of ids of types that no other API shows. The store's index holds ids of this length on both engines. */
export const WIDE_ID_CHARACTERS_MAX = 512
export const NAME_CHARACTERS_MAX = 255
export const PROJECT_CHARACTERS_MAX = 64

/** Limit on the refused lines that a report lists; more are only counted. */
export const REFUSALS_SHOWN_MAX = 1000

/** Limit on the tags that a report lists because they were left out; more are only counted. */
export const DROPPED_TAGS_SHOWN_MAX = 1000

/** Limit on the changes that a dry run lists in one answer. */
export const CHANGES_SHOWN_MAX = 1000

/** Limit on the resources of an import that replaces: hashes of their ids take at most 48 MB. */
export const REPLACED_RESOURCES_MAX = 2_000_000

/** Number of lines before a line that are certainly searched for its resource; they take at most 16 MB. */
export const REPEATS_SEARCHED_LINES = 200_000

/** Limit on the repeated lines that a report lists; more are only counted. */
export const REPEATS_SHOWN_MAX = 1000
