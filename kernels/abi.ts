// Generated from src/search-index/kernels/abi.ts by `npm run gen`.

export const BLOCK_SHIFT: u32 = 15
export const BLOCK_SLOTS: u32 = 32768
export const BLOCK_BYTES: usize = 4096

// Columns: the shift from an index to its chunk, and the mask for the index in the chunk.
export const U8_CHUNK_SHIFT: usize = 14
export const U8_CHUNK_MASK: usize = 16383
export const U32_CHUNK_SHIFT: usize = 12
export const U32_CHUNK_MASK: usize = 4095
export const ID_CHUNK_SHIFT: usize = 10
export const ID_CHUNK_MASK: usize = 1023
export const ID_SHIFT: usize = 4

// Texts and ids.
export const TEXT_HEADER_BYTES: usize = 4
export const SPECIAL_TEXT: u32 = 2147483648
export const ID_KIND_UUID: u32 = 0
export const ID_KIND_IN07: u32 = 1
export const ID_KIND_TEXT: u32 = 2

// Containers.
export const CONTAINER_ADDRESS: usize = 0
export const CONTAINER_COUNT: usize = 4
export const CONTAINER_CAPACITY: usize = 6
export const CONTAINER_SHIFT: usize = 3

// Tables of the columns.
export const TABLES_REGISTERS: usize = 0
export const TABLES_TAG_LISTS: usize = 4
export const TABLES_TAG_COUNTS: usize = 8
export const TABLES_PARENTS: usize = 12
export const TABLES_MARKS: usize = 16
export const TABLES_TERM_TEXTS: usize = 20
export const TABLES_ID_BYTES: usize = 24
export const TABLES_ID_KINDS: usize = 28
export const TABLES_NAMES: usize = 32
export const TABLES_DETAIL_OF: usize = 36
export const TABLES_RENDERED_DETAILS: usize = 40

// Programs.
export const OPERATION_LOAD: u32 = 0
export const OPERATION_AND: u32 = 1
export const OPERATION_AND_NOT: u32 = 2
export const OPERATION_CLEAR_UNION: u32 = 3
export const OPERATION_OR_UNION: u32 = 4
export const OPERATION_AND_UNION: u32 = 5
export const OPERATION_LOAD_UNION: u32 = 6
export const OPERATION_START_NAND: u32 = 7
export const OPERATION_AND_NAND: u32 = 8
export const OPERATION_AND_NAND_UNION: u32 = 9
export const OPERATION_SUBTRACT_NAND: u32 = 10
export const OPERATION_PUT: u32 = 11
export const OPERATION_MEET: u32 = 12
export const OPERATION_JOIN: u32 = 13
export const OPERATION_CUT: u32 = 14
export const OPERATION_SAVE: u32 = 15
export const OPERATION_MEET_SAVED: u32 = 16
export const OPERATION_JOIN_SAVED: u32 = 17
export const OPERATION_CUT_SAVED: u32 = 18
export const OPERATION_CUT_FROM_SAVED: u32 = 19
export const ENTRY_OPERATION: usize = 0
export const ENTRY_ADDRESS: usize = 4
export const ENTRY_LENGTH: usize = 8
export const ENTRY_CURSOR: usize = 12
export const ENTRY_REST_COST: usize = 16
export const ENTRY_BYTES: usize = 20
export const OPERATION_MASK: u32 = 255
export const BLOCKED_OPERAND: u32 = 256
export const NAMED_REGISTERS: usize = 3

// Jobs.
export const JOB_PROGRAM: usize = 0
export const JOB_ENTRY_COUNT: usize = 4
export const JOB_REQUIRED: usize = 8
export const JOB_EXCLUDED: usize = 12
export const JOB_NOT_ALL: usize = 16
export const JOB_INCLUDE_KEYS: usize = 20
export const JOB_OFFSET: usize = 24
export const JOB_LIMIT: usize = 28
export const JOB_OUT: usize = 32
export const JOB_TOTAL: usize = 36
export const JOB_WRITTEN: usize = 40
export const JOB_BYTES: usize = 44

// Pieces of a JSON page.
export const PIECE_KIND_LITERAL: u32 = 0
export const PIECE_KIND_ID: u32 = 1
export const PIECE_KIND_NAME: u32 = 2
export const PIECE_KIND_DETAIL: u32 = 3
export const PIECE_KIND_TAGS: u32 = 4
export const PIECE_KIND: usize = 0
export const PIECE_ADDRESS: usize = 4
export const PIECE_LENGTH: usize = 8
export const PIECE_BYTES: usize = 12

// The JSON around keys and values: where each text lies, and its length.
export const TAG_JSON_BEFORE_KEY: usize = 0
export const TAG_JSON_BEFORE_KEY_BYTES: usize = 9
export const TAG_JSON_BEFORE_VALUE: usize = 16
export const TAG_JSON_BEFORE_VALUE_BYTES: usize = 11
export const TAG_JSON_AFTER_VALUE: usize = 32
export const TAG_JSON_AFTER_VALUE_BYTES: usize = 2
