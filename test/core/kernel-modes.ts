/** Both kinds of kernels, which have to give the same. */
export const KERNEL_MODES = ['plain', 'wasm'] as const
