import type { Texts } from './texts.ts'

/** A written number with its noun. */
function of(count: string, one: string, many = `${one}s`): string {
  return `${count} ${count === '1' ? one : many}`
}

/** The words of a report in English. */
export const EN: Texts = {
  locale: 'en-GB',
  title: (project) => `Tag report: ${project}`,
  madeAt: (day, revision) => `Made on ${day}. All numbers are as of revision ${revision} of the project.`,
  printHint: 'This page needs no network. Print it, or send it on as it is.',
  figures: {
    resources: 'resources',
    tagged: 'have at least one tag',
    owned: (key) => `have an owner (${key})`,
    ownedByNone: 'have an owner: no key for it is in use',
    duplicates: 'keys and values are written in several ways',
    compliant: 'keep all rules',
    changes: (days) => `changes in ${of(days, 'day')}`,
  },
  next: {
    title: 'What to do next',
    about: 'What improves the most, the first step first.',
    nothing: 'Nothing stands out. Look at the report again next week.',
    tagUntagged: (count) =>
      `Give tags to ${of(count, 'resource')} without any. Nobody can say whose they are or what they cost.`,
    nameOwners: (count, key) => `Find an owner for ${of(count, 'resource')} and write it into the tag “${key}”.`,
    chooseOwnerKey: 'Choose a key that says who owns a resource, such as “owner”, and ask each team to set it.',
    mergeSpellings: (canonical, others, count) =>
      `Write the key “${canonical}” in one way, not also as ${others}. This corrects ${of(count, 'tag')}.`,
    mergeValues: (key, canonical, others, count) =>
      `Use one value of “${key}”: write “${canonical}” instead of ${others}. This corrects ${of(count, 'tag')}.`,
    keepRules: (resources, key) =>
      `Correct ${of(resources, 'resource')} that ${resources === '1' ? 'breaks' : 'break'} a rule, first those with the key “${key}”.`,
    completeKey: (key, share, missing) =>
      `Complete the tag “${key}”: ${share} of the resources have it, ${of(missing, 'resource lacks', 'resources lack')} it.`,
    askActor: (actor, changes) => `If a number surprises you, ask ${actor}, who made ${of(changes, 'change')} lately.`,
  },
  coverage: {
    title: 'How complete the tags are',
    about:
      'A tag is a label with a key and a value, such as env = prod. Costs, owners and security rules can only be sorted by a key if all resources have it. The table shows what share of each type has the key.',
    chart: 'Share of all resources that have the key',
    table: 'Share by type of resource, in percent',
    legend: 'The number stands in each cell; the colour only helps. A dash: no resource of this type has the key.',
    none: 'No resource has a tag.',
    key: 'Key',
    all: 'All',
    more: (keys) => `Not shown: ${of(keys, 'key')} that fewer resources have.`,
    moreTypes: (types) => `Not shown, but part of “All”: ${of(types, 'type')}.`,
  },
  trend: {
    title: 'How it develops',
    about: 'Share of the resources with a tag, at the end of each week.',
    any: 'any tag',
    day: 'Day',
  },
  policy: {
    title: 'Rules that are not kept',
    about: 'Rules say which keys resources must have, how a key is written, and which values it may have.',
    none: 'No rules were looked at: none are set, or the user who made this report may not read them.',
    kept: 'All resources keep all rules.',
    key: 'Key',
    missing: 'Key is missing',
    wrongValue: 'Value not allowed',
    wrongCase: 'Capital letters differ',
    list: 'The first resources that break a rule',
  },
  untagged: {
    title: 'Resources without any tag',
    about: 'Nothing says whose these are, what they are for, or whether they may be deleted.',
    none: 'Every resource has at least one tag.',
    byType: 'By type',
    list: 'The first of them',
  },
  duplicates: {
    title: 'The same thing, written in several ways',
    about:
      'For a computer “Env” and “env” are different keys: a search or a cost report for one misses the other. These differ only in capital letters, blanks, separators, or letters that look the same.',
    none: 'No key or value is written in several ways.',
    where: 'Where',
    ofKeys: 'a key',
    ofValues: (key) => `a value of ${key}`,
    keep: 'Keep',
    others: 'Instead of',
    affected: 'Resources to correct',
    both: (count) =>
      `${of(count, 'resource has', 'resources have')} two of these keys: somebody has to choose the value that stays.`,
    more: (groups) => `Not shown: ${of(groups, 'group')}.`,
    command:
      'Those who run Tagwerk find these with “tagwerk near-duplicates”, which also makes a plan that corrects them.',
  },
  changes: {
    title: 'What changed, and by whom',
    about: (since) => `All changes since ${since}.`,
    shortened: 'The comparison covers a shorter time: older changes are no longer kept, or there were too many.',
    forbidden: 'The user who made this report may not read the history.',
    none: 'Nothing has changed.',
    sum: (changes, entered, left, changed) =>
      `${of(changes, 'change')}. Resources that are new: ${entered}, gone: ${left}, changed: ${changed}.`,
    perDay: 'Changes per day',
    byWhom: 'By whom',
    byKey: 'By key',
    who: 'User',
    count: 'Changes',
    day: 'Day',
    added: 'Added',
    changed: 'Changed',
    removed: 'Removed',
    lookedAt: (count) => `Users and days are those of the newest ${of(count, 'change')}.`,
  },
  owners: {
    title: 'Who owns what',
    about: (key) => `By the values of the tag “${key}”.`,
    noKey: 'No key in use says who owns a resource. A key such as “owner” or “team” would.',
    otherKeys: (keys) => `These keys also look like that of an owner: ${keys}.`,
    chart: 'Resources of each owner',
    owner: 'Owner',
    nobody: 'no owner',
    more: (owners) => `Not shown: ${of(owners, 'owner')} with fewer resources.`,
  },
  words: {
    title: 'Words used here',
    list: [
      ['Resource', 'Something that runs or is stored in the cloud: a server, an image, a database.'],
      ['Tag', 'A label on a resource: a key and a value, such as env = prod.'],
      ['Key', 'What a label is about, such as env.'],
      ['Value', 'What it says, such as prod.'],
      ['Type', 'The kind of resource.'],
      ['Revision', 'The number of the last change; it says exactly which state the report shows.'],
    ],
  },
  resource: 'Resource',
  resources: 'Resources',
  type: 'Type',
  name: 'Name',
  id: 'Id',
  share: 'Share',
  without: 'Without tags',
  empty: '(empty)',
  moreListed: (count) => `Not shown: ${count} more.`,
  footer: 'Made by Tagwerk.',
}
