// Division of counts.

/**
 * How many whole `divisor`s are in `dividend`, neither below 0. Small commands, which mostly divide what is smaller, are
 * spared a division, which takes as long as some of their sums.
 */
export function quotient(dividend: i32, divisor: i32): i32 {
  return dividend < divisor ? 0 : dividend / divisor;
}
