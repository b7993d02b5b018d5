import { changeRulesOf, RESOURCE_TYPES, type ResourceType } from './resource-type.ts'
import type { TagRules, TagTextRules } from './tag.ts'

/** The cloud whose tag rules apply; clouds, and some of their regions, have different rules (contract D5, D6, D7). */
export type ProfileName = 'huawei' | 'otc' | 'lenient'

/** The rules of one profile. */
export type Profile = {
  readonly name: ProfileName
  /** Rules for tags that are added to resources, by resource type. */
  readonly tagRules: Readonly<Record<ResourceType, TagRules>>
  /** Rules for predefined tags, which allow more characters (contract 5). */
  readonly predefinedTagRules: TagTextRules
}

type Characters = Pick<TagTextRules, 'keyPattern' | 'keyAllowed' | 'valuePattern' | 'valueAllowed'>

const LENGTHS = { keyCharactersMax: 36, valueCharactersMax: 43 } as const

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

const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  huawei: profile('huawei', HUAWEI, HUAWEI_PREDEFINED, false),
  otc: profile('otc', OTC, OTC_PREDEFINED, false),
  // COMPAT: Terraform providers omit an empty value (contract D7), and `add_tag` of openstacksdk sends `key=value`.
  lenient: profile('lenient', LENIENT, HUAWEI_PREDEFINED, true),
}

/** The names of all profiles. */
export const PROFILE_NAMES = Object.keys(PROFILES) as readonly ProfileName[]

/** Gives the rules of a profile. */
export function profileOf(name: ProfileName): Profile {
  return PROFILES[name]
}

function profile(name: ProfileName, characters: Characters, predefined: Characters, isLenient: boolean): Profile {
  const leniency = { missingValueIsEmpty: isLenient, keyMayHoldPair: isLenient }
  const textRules = { ...LENGTHS, ...characters, ...leniency }
  const tagRules = RESOURCE_TYPES.map((type) => [type, { ...textRules, ...changeRulesOf(type) }])
  return {
    name,
    tagRules: Object.fromEntries(tagRules) as Profile['tagRules'],
    predefinedTagRules: { ...LENGTHS, ...predefined, ...leniency },
  }
}
