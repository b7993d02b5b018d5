import type { ResourceTypeRow, TagShape } from './resource-type-rows.ts'
import { type ResourceType, ResourceTypes } from './resource-types.ts'
import type { TagRules, TagTextRules } from './tag.ts'

/**
 * The cloud whose tag rules apply; clouds, and some of their regions, have different rules (contract D5, D6, D7). `open`
 * is for tags of any cloud.
 */
export type ProfileName = 'huawei' | 'otc' | 'lenient' | 'open'

/** The rules of one profile. */
export type Profile = {
  readonly name: ProfileName
  /** The resource types that have names and rules of their own. */
  readonly types: ResourceTypes
  /** Gives the rules for tags that are added to resources of a type: always the same object. */
  readonly tagRulesOf: (type: ResourceType) => TagRules
  /** Rules for predefined tags, which allow more characters (contract 5). */
  readonly predefinedTagRules: TagTextRules
}

type Characters = Pick<TagTextRules, 'keyPattern' | 'keyAllowed' | 'valuePattern' | 'valueAllowed'>

const HUAWEI: Characters = {
  keyPattern: /^[0-9A-Za-z_\-\u4E00-\u9FFF]*$/,
  keyAllowed: 'digits, letters, "_", "-" and Chinese characters',
  valuePattern: /^[0-9A-Za-z_.\-\u4E00-\u9FFF]*$/,
  valueAllowed: 'digits, letters, "_", "-", "." and Chinese characters',
}

const OTC: Characters = {
  keyPattern: /^[0-9A-Za-z_-]*$/,
  keyAllowed: 'digits, letters, "_" and "-"',
  valuePattern: /^[0-9A-Za-z_.-]*$/,
  valueAllowed: 'digits, letters, "_", "-" and "."',
}

// Forbids what the image service of one region forbids. These characters would also make the notations `key=value` and
// `a=1,b=2` ambiguous, in which tags occur in requests and responses.
const LENIENT: Characters = {
  keyPattern: /^[^=*<>\\,|/\p{Cc}]*$/u,
  keyAllowed: 'characters other than = * < > \\ , | / and control characters',
  valuePattern: /^[^=*<>\\,|/\p{Cc}]*$/u,
  valueAllowed: 'characters other than = * < > \\ , | / and control characters',
}

const HUAWEI_PREDEFINED: Characters = {
  keyPattern: /^[\p{L}\p{N} _.:=+\-@]*$/u,
  keyAllowed: 'letters, digits, blanks and _ . : = + - @',
  valuePattern: /^[\p{L}\p{N} _.:=+\-@/]*$/u,
  valueAllowed: 'letters, digits, blanks and _ . : = + - @ /',
}

const OTC_PREDEFINED: Characters = {
  keyPattern: /^[0-9A-Za-z_@-]*$/,
  keyAllowed: 'digits, letters, "_", "-" and "@"',
  valuePattern: /^[0-9A-Za-z_@-]*$/,
  valueAllowed: 'digits, letters, "_", "-" and "@"',
}

// Every character that is seen, and the blank.
const VISIBLE: Characters = {
  keyPattern: /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u,
  keyAllowed: 'visible characters and blanks',
  valuePattern: /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u,
  valueAllowed: 'visible characters and blanks',
}

// Lists of tags as texts, such as those of Glance, end the key at the first "=" (contract D13).
const VISIBLE_TEXTS: Characters = {
  ...VISIBLE,
  keyPattern: /^(?:(?!=)[\p{L}\p{M}\p{N}\p{P}\p{S} ])*$/u,
  keyAllowed: 'visible characters other than "=", and blanks',
}

type Limits = Pick<TagRules, 'keyCharactersMax' | 'valueCharactersMax' | 'tagsPerResourceMax'>
type Leniency = Pick<TagTextRules, 'missingValueIsEmpty' | 'keyMayHoldPair'>

/** Limits for types of other clouds, those of the widest of them. */
export const WIDE_LIMITS: Limits = { keyCharactersMax: 128, valueCharactersMax: 256, tagsPerResourceMax: 50 }
const LENGTHS = { keyCharactersMax: 36, valueCharactersMax: 43 } as const
const LONG_LIMITS: Limits = { keyCharactersMax: 128, valueCharactersMax: 255, tagsPerResourceMax: 20 }

/** What distinguishes the profiles. */
type ProfileRules = {
  readonly shapes: Readonly<Record<TagShape, Characters & Limits>>
  readonly predefined: Characters
  readonly leniency: Leniency
}

const STRICT: Leniency = { missingValueIsEmpty: false, keyMayHoldPair: false }

const PROFILES: Readonly<Record<Exclude<ProfileName, 'open'>, ProfileRules>> = {
  huawei: {
    shapes: {
      short: { ...LENGTHS, ...HUAWEI, tagsPerResourceMax: 10 },
      long: { ...LONG_LIMITS, ...HUAWEI_PREDEFINED },
    },
    predefined: HUAWEI_PREDEFINED,
    leniency: STRICT,
  },
  otc: {
    shapes: { short: { ...LENGTHS, ...OTC, tagsPerResourceMax: 20 }, long: { ...LONG_LIMITS, ...HUAWEI_PREDEFINED } },
    predefined: OTC_PREDEFINED,
    leniency: STRICT,
  },
  lenient: {
    shapes: { short: { ...LENGTHS, ...LENIENT, tagsPerResourceMax: 20 }, long: { ...LONG_LIMITS, ...VISIBLE } },
    predefined: HUAWEI_PREDEFINED,
    // COMPAT: Terraform providers omit an empty value (contract D7), and `add_tag` of openstacksdk sends `key=value`.
    leniency: { missingValueIsEmpty: true, keyMayHoldPair: true },
  },
}

const OPEN_LENIENCY: Leniency = { missingValueIsEmpty: true, keyMayHoldPair: false }

/** The names of all profiles. */
export const PROFILE_NAMES: readonly ProfileName[] = ['huawei', 'otc', 'lenient', 'open']

/** Gives the rules of a profile. `types`: the types with rules of their own; all others have the wide rules. */
export function profileOf(name: ProfileName, types: ResourceTypes = ResourceTypes.builtIn): Profile {
  const { leniency } = name === 'open' ? { leniency: OPEN_LENIENCY } : PROFILES[name]
  const wide: TagRules = { ...WIDE_LIMITS, ...VISIBLE, ...leniency }
  const ofRow = name === 'open' ? (row: ResourceTypeRow) => openRules(row, wide) : ruledBy(PROFILES[name])
  const byType = new Map(types.rows.map((row) => [row.name, ofRow(row)]))
  const predefined = name === 'open' ? VISIBLE : PROFILES[name].predefined
  const lengths = name === 'open' ? WIDE_LIMITS : LENGTHS
  return {
    name,
    types,
    tagRulesOf: (type) => byType.get(type) ?? wide,
    predefinedTagRules: { ...textLengths(lengths), ...predefined, ...leniency },
  }
}

function ruledBy({ shapes, leniency }: ProfileRules): (row: ResourceTypeRow) => TagRules {
  return ({ shape, tagsMax, keyCharactersMax, valueCharactersMax }) => ({
    ...shapes[shape],
    ...leniency,
    ...(tagsMax !== undefined && { tagsPerResourceMax: tagsMax }),
    ...(keyCharactersMax !== undefined && { keyCharactersMax }),
    ...(valueCharactersMax !== undefined && { valueCharactersMax }),
  })
}

function openRules({ hasOwnApi }: ResourceTypeRow, wide: TagRules): TagRules {
  return hasOwnApi ? { ...wide, ...VISIBLE_TEXTS } : wide
}

function textLengths({ keyCharactersMax, valueCharactersMax }: Omit<Limits, 'tagsPerResourceMax'>) {
  return { keyCharactersMax, valueCharactersMax }
}
