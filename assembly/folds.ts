// What reductions and running folds have in common: how four lanes are folded, and where a fold begins.

export class Product {
  @inline identity(): v128 {
    return f32x4.splat(1);
  }
  @inline apply(x: v128, y: v128): v128 {
    return f32x4.mul(x, y);
  }
}

export class SumInt32 {
  @inline identity(): v128 {
    return i32x4.splat(0);
  }
  @inline apply(x: v128, y: v128): v128 {
    return i32x4.add(x, y);
  }
}

export class ProductInt32 {
  @inline identity(): v128 {
    return i32x4.splat(1);
  }
  @inline apply(x: v128, y: v128): v128 {
    return i32x4.mul(x, y);
  }
}
