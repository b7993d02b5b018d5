// Query strings for `limit` and `offset` of the database service (S2, S3; D19): the text in the URL, and a fragment of
// the message that shows it.

type Case = readonly [text: string, shown: string]

/** Values that are not integers. */
const NO_INTEGERS: readonly Case[] = [
  ['', '""'],
  ['x', '"x"'],
  ['1.5', '"1.5"'],
  ['1.0', '"1.0"'],
  ['1e1', '"1e1"'],
  ['0x1', '"0x1"'],
  ['+1', '" 1"'],
  ['%2B1', '"+1"'],
  ['%201', '" 1"'],
  ['1%20', '"1 "'],
  ['1,2', '"1,2"'],
  ['null', '"null"'],
  ['true', '"true"'],
  ['NaN', '"NaN"'],
  ['Infinity', '"Infinity"'],
  ['%D9%A1', '"١"'],
  ['%00', '"'],
  ['%zz', '"%zz"'],
  ['%ff', '"'],
]

export const BAD_LIMITS: readonly Case[] = [
  ...NO_INTEGERS,
  ['0', '0'],
  ['-1', '-1'],
  ['101', '101'],
  ['1000', '1000'],
  ['99999999999999999999', '100'],
]

export const BAD_OFFSETS: readonly Case[] = [...NO_INTEGERS, ['-1', '-1'], ['-99999999999999999999', 'below 0']]

/** Large non-negative integers: valid offsets past the end of every list. */
export const WHOLE_NUMBERS: readonly string[] = ['0000000000000000000009', '99999999999999999999', '9'.repeat(400)]
