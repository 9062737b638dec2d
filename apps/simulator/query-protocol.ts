import { randomUUID } from 'node:crypto';
import { RdsError } from './model/rds-error.ts';
import type { CallParameters } from './operations.ts';
import { toXml, type XmlContent } from './xml.ts';

const NAMESPACE = 'xmlns="http://rds.amazonaws.com/doc/2014-10-31/"';

/** Reads the form body of a call of the AWS query protocol. An empty value counts as absent. */
export function readParameters(form: URLSearchParams): CallParameters {
  const text = (name: string) => form.get(name) || undefined;
  return {
    text,
    required: (name) => {
      const value = text(name);
      if (value === undefined) throw new RdsError('MissingParameter', `The request must contain the parameter ${name}`);
      return value;
    },
    integer: (name) => {
      const value = text(name);
      if (value === undefined) return undefined;
      const number = Number(value);
      if (Number.isSafeInteger(number)) return number;
      throw new RdsError('InvalidParameterValue', `${name} is ${value}: it must be an integer.`);
    },
    filters: () => readFilters(form),
  };
}

function readFilters(form: URLSearchParams): ReadonlyMap<string, readonly string[]> {
  const filters = new Map<string, string[]>();
  for (const [key, name] of form) {
    const prefix = /^(Filters\.Filter\.\d+)\.Name$/.exec(key)?.[1];
    if (prefix === undefined) continue;
    const values = [...form].filter(([other]) => other.startsWith(`${prefix}.Values.`)).map(([, value]) => value);
    filters.set(name, values);
  }
  return filters;
}

/** The XML answer of an action. */
export function resultXml(action: string, result: { readonly [name: string]: XmlContent }): Buffer {
  return toXml({
    [`${action}Response ${NAMESPACE}`]: {
      [`${action}Result`]: result,
      ResponseMetadata: { RequestId: randomUUID() },
    },
  });
}

/** The XML answer to a call that failed. */
export function errorXml(error: RdsError): Buffer {
  return toXml({
    [`ErrorResponse ${NAMESPACE}`]: {
      Error: { Type: error.httpStatus >= 500 ? 'Receiver' : 'Sender', Code: error.code, Message: error.message },
      RequestId: randomUUID(),
    },
  });
}
