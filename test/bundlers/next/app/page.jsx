'use client';

import { useEffect, useState } from 'react';
import { trainDigits } from '../../project/train.js';

export default function Page() {
  const [accuracy, setAccuracy] = useState('');
  useEffect(() => {
    trainDigits().then((value) => setAccuracy(value.toFixed(4)));
  }, []);
  return <output>{accuracy}</output>;
}
