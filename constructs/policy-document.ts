/** One statement of an IAM policy, in the spelling of IAM but with lists everywhere. */
export interface Statement {
  /** Letters and digits; says what the statement is for. */
  readonly sid: string;
  readonly effect?: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** For resource policies: who. `*` alone means everyone and is for denials. */
  readonly principals?: '*' | { readonly type: 'AWS' | 'Service'; readonly identifiers: readonly string[] };
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** The JSON of a policy. Tokens inside strings survive, so it may name resources that exist only after the deployment. */
export function policyDocument(statements: readonly Statement[]): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map((statement) => ({
      Sid: statement.sid,
      Effect: statement.effect ?? 'Allow',
      ...(statement.principals === undefined ? {} : { Principal: principalOf(statement.principals) }),
      Action: oneOrMore(statement.actions),
      Resource: oneOrMore(statement.resources),
      ...(statement.conditions === undefined ? {} : { Condition: statement.conditions }),
    })),
  });
}

/** The trust policy that lets one AWS service take a role, for this account's resources alone. */
export function serviceTrust(service: string, accountId: string): string {
  return trust({ Service: service }, ['sts:AssumeRole'], { StringEquals: { 'aws:SourceAccount': accountId } });
}

/** The trust policy of a role that only EC2 instances take. EC2 gives no source condition. */
export function instanceTrust(): string {
  return trust({ Service: 'ec2.amazonaws.com' }, ['sts:AssumeRole']);
}

/** The JSON of a trust policy with one statement. */
export function trust(
  principal: Readonly<Record<string, string | readonly string[]>>,
  actions: readonly string[],
  conditions?: Statement['conditions'],
): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Trust',
        Effect: 'Allow',
        Principal: principal,
        Action: actions,
        ...(conditions === undefined ? {} : { Condition: conditions }),
      },
    ],
  });
}

function principalOf(principals: NonNullable<Statement['principals']>): unknown {
  return principals === '*' ? { AWS: '*' } : { [principals.type]: oneOrMore(principals.identifiers) };
}

/** AWS stores a list of one as its only element; writing it so keeps plans empty. */
function oneOrMore(values: readonly string[]): string | readonly string[] {
  return values.length === 1 ? (values[0] ?? '') : values;
}
