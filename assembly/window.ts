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
}
