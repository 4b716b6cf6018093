// Shares of whole numbers.

/**
 * How many of `count` a share is, a part of one counting as one. Where the product is a whole number but for rounding, as
 * 0.07 · 100 = 7.000000000000001 is, or (1 − 0.95) · 220 = 11.00000000000001, it is that.
 */
export function shareOf(count: number, share: number): number {
  const exact = count * share;
  const nearest = Math.round(exact);
  return Math.abs(exact - nearest) <= 4 * Number.EPSILON * count ? nearest : Math.ceil(exact);
}

/** Where share `share` of `shares` begins, of `count` divided as even as can be: the first have one more where they must. */
export const startOfShare = (count: number, shares: number, share: number): number =>
  share * Math.floor(count / shares) + Math.min(share, count % shares);
