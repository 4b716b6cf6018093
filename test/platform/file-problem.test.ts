import { describe, expect, it } from 'vitest';
import { LanegradError } from '../../src/errors.ts';
import { fileProblem, withFile } from '../../src/platform/file-problem.ts';

const failure = (code: string) => Object.assign(new Error(`${code}: as systems say it.`), { code });

describe('what went wrong with a file', () => {
  it.each([
    ['ENOENT', 'there is no such file'],
    ['EISDIR', 'it is a folder'],
    ['EACCES', 'this program may not'],
    ['ENOSPC', 'its disk is full'],
  ])('is said in words for %s', (code, words) => {
    expect(fileProblem('load', 'a.json', 'read', failure(code))).toBe(
      `load: a.json cannot be read: ${words}.`,
    );
  });

  it('is what the system said where the code is another or none', () => {
    const told = 'save: a.json cannot be written: ';
    expect(fileProblem('save', 'a.json', 'written', failure('EFBIG'))).toBe(
      `${told}EFBIG: as systems say it.`,
    );
    expect(fileProblem('save', 'a.json', 'written', failure('toString'))).toMatch('as systems say it');
    expect(fileProblem('save', 'a.json', 'written', 'no reason')).toBe(`${told}no reason.`);
    expect(fileProblem('save', 'a.json', 'written', undefined)).toBe(`${told}undefined.`);
  });

  it('is thrown with its cause, and only where there is one', async () => {
    const cause = failure('EROFS');
    const failed = withFile('save', 'a.json', 'written', () => Promise.reject(cause));
    await expect(failed).rejects.toThrow(
      new LanegradError('save: a.json cannot be written: its disk is read-only.'),
    );
    await expect(failed).rejects.toHaveProperty('cause', cause);
    await expect(withFile('load', 'a.json', 'read', async () => 7)).resolves.toBe(7);
  });
});
