// The geometry of a window that moves over images [batch, height, width, channels]: what convolutions and
// pooling share. Output pixel (oy, ox) sees input pixel (oy·strideY − top + ky·dilationY, and so for x).

@unmanaged
export class Window {
  batch: i32;
  height: i32;
  width: i32;
  channels: i32;
  outHeight: i32;
  outWidth: i32;
  kernelHeight: i32;
  kernelWidth: i32;
  strideY: i32;
  strideX: i32;
  top: i32;
  left: i32;
  dilationY: i32;
  dilationX: i32;

  /** Output pixels of one image. */
  @inline get outPixels(): i32 {
    return this.outHeight * this.outWidth;
  }

  /** Positions of the window's kernel. */
  @inline get taps(): i32 {
    return this.kernelHeight * this.kernelWidth;
  }

  /** Whether a window whose first tap is at (top, left) sees no padding. */
  @inline isInside(top: i32, left: i32): bool {
    return (
      top >= 0 &&
      left >= 0 &&
      top + (this.kernelHeight - 1) * this.dilationY < this.height &&
      left + (this.kernelWidth - 1) * this.dilationX < this.width
    );
  }

  /** Bytes from one tap to the next below it, and to the next beside it. */
  @inline get rowStep(): usize {
    return (<usize>(this.dilationY * this.width * this.channels)) << 2;
  }
  @inline get columnStep(): usize {
    return (<usize>(this.dilationX * this.channels)) << 2;
  }

  /** The first tap that lies in the image, and one past the last, when tap 0 is at row `top`. */
  @inline firstTapY(top: i32): i32 {
    return firstTap(top, this.dilationY);
  }
  @inline endTapY(top: i32): i32 {
    return endTap(top, this.dilationY, this.height, this.kernelHeight);
  }
  /** The same along a row, when tap 0 is at column `left`. */
  @inline firstTapX(left: i32): i32 {
    return firstTap(left, this.dilationX);
  }
  @inline endTapX(left: i32): i32 {
    return endTap(left, this.dilationX, this.width, this.kernelWidth);
  }
}

function firstTap(start: i32, dilation: i32): i32 {
  return start >= 0 ? 0 : (dilation - 1 - start) / dilation;
}

function endTap(start: i32, dilation: i32, size: i32, taps: i32): i32 {
  return min(taps, max(0, (size - start + dilation - 1) / dilation));
}
