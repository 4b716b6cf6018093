import { trainDigits } from './train.js';

trainDigits().then((accuracy) => {
  document.querySelector('output').textContent = accuracy.toFixed(4);
});
