/** The words of a report for readers. Each language has all of them: a missing one does not compile. */
export type Texts = {
  /** For the `lang` of the page, and for numbers and dates. */
  readonly locale: string
  readonly title: (project: string) => string
  readonly madeAt: (day: string, revision: string) => string
  readonly printHint: string
  readonly figures: {
    readonly resources: string
    readonly tagged: string
    readonly owned: (key: string) => string
    readonly ownedByNone: string
    readonly duplicates: string
    readonly compliant: string
    readonly changes: (days: string) => string
  }
  readonly next: {
    readonly title: string
    readonly about: string
    readonly nothing: string
    readonly tagUntagged: (count: string) => string
    readonly nameOwners: (count: string, key: string) => string
    readonly chooseOwnerKey: string
    readonly mergeSpellings: (canonical: string, others: string, count: string) => string
    readonly mergeValues: (key: string, canonical: string, others: string, count: string) => string
    readonly keepRules: (resources: string, key: string) => string
    readonly completeKey: (key: string, share: string, missing: string) => string
    readonly askActor: (actor: string, changes: string) => string
  }
  readonly coverage: {
    readonly title: string
    readonly about: string
    readonly chart: string
    readonly table: string
    readonly legend: string
    readonly none: string
    readonly key: string
    readonly all: string
    readonly more: (keys: string) => string
    readonly moreTypes: (types: string) => string
  }
  readonly trend: {
    readonly title: string
    readonly about: string
    readonly any: string
    readonly day: string
  }
  readonly policy: {
    readonly title: string
    readonly about: string
    readonly none: string
    readonly kept: string
    readonly key: string
    readonly missing: string
    readonly wrongValue: string
    readonly wrongCase: string
    readonly list: string
  }
  readonly untagged: {
    readonly title: string
    readonly about: string
    readonly none: string
    readonly byType: string
    readonly list: string
  }
  readonly duplicates: {
    readonly title: string
    readonly about: string
    readonly none: string
    readonly where: string
    readonly ofKeys: string
    readonly ofValues: (key: string) => string
    readonly keep: string
    readonly others: string
    readonly affected: string
    readonly both: (count: string) => string
    readonly more: (groups: string) => string
    readonly command: string
  }
  readonly changes: {
    readonly title: string
    readonly about: (since: string) => string
    readonly shortened: string
    readonly forbidden: string
    readonly none: string
    readonly sum: (changes: string, entered: string, left: string, changed: string) => string
    readonly perDay: string
    readonly byWhom: string
    readonly byKey: string
    readonly who: string
    readonly count: string
    readonly day: string
    readonly added: string
    readonly changed: string
    readonly removed: string
    readonly lookedAt: (count: string) => string
  }
  readonly owners: {
    readonly title: string
    readonly about: (key: string) => string
    readonly noKey: string
    readonly otherKeys: (keys: string) => string
    readonly chart: string
    readonly owner: string
    readonly nobody: string
    readonly more: (owners: string) => string
  }
  readonly words: {
    readonly title: string
    readonly list: readonly (readonly [word: string, meaning: string])[]
  }
  readonly resource: string
  readonly resources: string
  readonly type: string
  readonly name: string
  readonly id: string
  readonly share: string
  readonly without: string
  readonly empty: string
  readonly moreListed: (count: string) => string
  readonly footer: string
}
