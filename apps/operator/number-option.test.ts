import { describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { numberOption } from './number-option.ts';

function parse(...args: string[]): unknown {
  const command = new Command().addOption(numberOption('--seconds <n>', 'how long', { value: 60, min: 0.5 }));
  return command.parse(args, { from: 'user' }).opts()['seconds'];
}

describe('numberOption', () => {
  it('is its default where it is not given, and else the number', () => {
    expect([parse(), parse('--seconds', '5'), parse('--seconds=0.5'), parse('--seconds', '1e3')]).toEqual([
      60, 5, 0.5, 1000,
    ]);
  });

  it.each(['', ' ', 'ten', '5s', '0.4', '-1', 'Infinity', 'NaN'])('refuses %j and says what it takes', (text) => {
    expect(() => parse(`--seconds=${text}`)).toThrow(
      expect.objectContaining({
        code: 'USAGE',
        message: `--seconds takes a number of at least 0.5, not "${text}".`,
      }),
    );
  });
});
