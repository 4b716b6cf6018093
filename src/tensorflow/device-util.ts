// `tf.device_util`: what scripts ask of the device that they run on.

import { findPageGlobal } from '../platform/page.ts';
import { env } from './environment.ts';

/** Whether this is a page or one of its workers. */
export const isBrowser = (): boolean => env().getBool('IS_BROWSER');

/** Whether this is a phone or a tablet. @param navigator of the browser in question, by default of this one */
export const isMobile = (navigator = findPageGlobal('navigator')): boolean =>
  /Android|iP(ad|hone|od)|Mobi/.test(String(navigator?.userAgent));
