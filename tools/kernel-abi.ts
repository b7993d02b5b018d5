import * as abi from '../src/search-index/kernels/abi.ts'

type Members = Readonly<Record<string, number>>

/** Writes `kernels/abi.ts`: the numbers of `src/search-index/kernels/abi.ts` for AssemblyScript, offsets in bytes. */
export function kernelAbi(): string {
  return [
    '// Generated from src/search-index/kernels/abi.ts by `npm run gen`.',
    '',
    constant('BLOCK_SHIFT', 'u32', abi.BLOCK_SHIFT),
    constant('BLOCK_SLOTS', 'u32', abi.BLOCK_SLOTS),
    constant('BLOCK_BYTES', 'usize', abi.BLOCK_BYTES),
    '',
    '// Columns: the shift from an index to its chunk, and the mask for the index in the chunk.',
    ...chunk('U8', abi.U8_CHUNK_SHIFT),
    ...chunk('U32', abi.U32_CHUNK_SHIFT),
    ...chunk('ID', abi.ID_CHUNK_SHIFT),
    constant('ID_SHIFT', 'usize', Math.log2(abi.ID_BYTES)),
    '',
    '// Texts and ids.',
    constant('TEXT_HEADER_BYTES', 'usize', abi.TEXT_HEADER_BYTES),
    constant('SPECIAL_TEXT', 'u32', abi.SPECIAL_TEXT),
    ...constants('ID_KIND', 'u32', abi.ID_KIND),
    '',
    '// Containers.',
    ...constants('CONTAINER', 'usize', abi.CONTAINER),
    constant('CONTAINER_SHIFT', 'usize', Math.log2(abi.CONTAINER_BYTES)),
    '',
    '// Tables of the columns.',
    ...offsets('TABLES', abi.TABLES),
    '',
    '// Programs.',
    ...constants('OPERATION', 'u32', abi.OPERATION),
    ...offsets('ENTRY', abi.ENTRY),
    constant('ENTRY_BYTES', 'usize', 4 * abi.ENTRY_WORDS),
    constant('OPERATION_MASK', 'u32', abi.OPERATION_MASK),
    constant('BLOCKED_OPERAND', 'u32', abi.BLOCKED_OPERAND),
    constant('NAMED_REGISTERS', 'usize', abi.NAMED_REGISTERS),
    '',
    '// Jobs.',
    ...offsets('JOB', abi.JOB),
    constant('JOB_BYTES', 'usize', 4 * abi.JOB_WORDS),
    '',
    '// Pieces of a JSON page.',
    ...constants('PIECE_KIND', 'u32', abi.PIECE_KIND),
    ...offsets('PIECE', abi.PIECE),
    constant('PIECE_BYTES', 'usize', 4 * abi.PIECE_WORDS),
    '',
    '// The JSON around keys and values: where each text lies, and its length.',
    ...Object.entries(abi.TAG_JSON).flatMap(([name, text], i) => [
      constant(nameOf('TAG_JSON', name), 'usize', i * abi.TAG_JSON_STRIDE),
      constant(nameOf('TAG_JSON', `${name}Bytes`), 'usize', text.length),
    ]),
    '',
  ].join('\n')
}

function chunk(name: string, shift: number): string[] {
  return [constant(`${name}_CHUNK_SHIFT`, 'usize', shift), constant(`${name}_CHUNK_MASK`, 'usize', 2 ** shift - 1)]
}

function offsets(prefix: string, words: Members): string[] {
  return Object.entries(words).map(([name, word]) => constant(nameOf(prefix, name), 'usize', 4 * word))
}

function constants(prefix: string, type: string, members: Members): string[] {
  return Object.entries(members).map(([name, value]) => constant(nameOf(prefix, name), type, value))
}

/** `JOB` and `entryCount` become `JOB_ENTRY_COUNT`. */
function nameOf(prefix: string, name: string): string {
  return `${prefix}_${name.replace(/[A-Z]/g, '_$&').toUpperCase()}`
}

function constant(name: string, type: string, value: number): string {
  return `export const ${name}: ${type} = ${value}`
}
