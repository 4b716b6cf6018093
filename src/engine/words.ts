/** Index of the word at a byte address. Memory may reach 4 GB, where a signed shift would go below zero. */
export const wordOf = (address: number): number => address >>> 2;
