import { Option } from 'commander';
import { Failure } from '../shared/failure.ts';

/** An option that takes a number of at least `min`, with a default. */
export function numberOption(flags: string, description: string, range: { value: number; min: number }): Option {
  return new Option(flags, description).default(range.value).argParser((text) => {
    const number = text.trim() === '' ? Number.NaN : Number(text);
    if (number >= range.min && Number.isFinite(number)) return number;
    throw new Failure('USAGE', `${flags.split(' ')[0]} takes a number of at least ${range.min}, not "${text}".`);
  });
}
