import { argument, isSet, list, type PolicyStatement, type Rule, statementsOf } from './rule.ts';

const POLICIES = ['aws_iam_role_policy', 'aws_iam_policy'];
const REQUIRED_TAGS = ['owner', 'cost-centre', 'environment', 'service'];

/** Calls that take no resource, or only `*`. */
const WITHOUT_RESOURCE = [
  /^ec2:Describe/,
  /^elasticloadbalancing:Describe/,
  /^ecr:GetAuthorizationToken$/,
  /^pricing:GetProducts$/,
];

const allows = (statements: readonly PolicyStatement[]) => statements.filter(({ Effect }) => Effect === 'Allow');

/** Who may do what, and the tags that money and duties go by. */
export const IDENTITY_RULES: readonly Rule[] = [
  {
    id: 'CKV_AWS_63',
    title: 'no policy allows all actions, of everything or of a service',
    types: [
      ...POLICIES,
      'aws_s3_bucket_policy',
      'aws_kms_key',
      'aws_sqs_queue_policy',
      'aws_sns_topic_policy',
      'aws_vpc_endpoint',
    ],
    holds: (resource) =>
      allows(statementsOf(resource)).every(({ Action }) => list(Action).every((action) => !action.includes('*'))),
  },
  {
    id: 'CKV_AWS_355',
    title: 'policies name their resources where a call takes one',
    types: POLICIES,
    holds: (resource) =>
      allows(statementsOf(resource))
        .filter(({ Resource }) => list(Resource).includes('*'))
        .every(({ Action }) => list(Action).every((action) => WITHOUT_RESOURCE.some((free) => free.test(action)))),
  },
  {
    id: 'CKV_AWS_60',
    title: 'nobody unnamed takes a role',
    types: ['aws_iam_role'],
    holds: (role) => statementsOf(role).every(({ Principal }) => !JSON.stringify(Principal).includes('"*"')),
  },
  {
    id: 'AURORA_IAM_1',
    title: 'services take roles for this account alone',
    types: ['aws_iam_role'],
    holds: (role) =>
      statementsOf(role).every(
        ({ Principal, Condition }) =>
          !JSON.stringify(Principal).includes('"Service"') ||
          JSON.stringify(Principal).includes('ec2.amazonaws.com') ||
          JSON.stringify(Condition ?? {}).includes('aws:SourceAccount'),
      ),
  },
  {
    id: 'AURORA_IAM_2',
    title: 'pods take roles as one service account of one cluster',
    types: ['aws_iam_role'],
    holds: (role) =>
      statementsOf(role).every(({ Principal, Condition }) => {
        const conditions = JSON.stringify(Condition ?? {});
        return (
          !JSON.stringify(Principal).includes('pods.eks.amazonaws.com') ||
          (conditions.includes('kubernetes-service-account') && conditions.includes('aws:SourceArn'))
        );
      }),
  },
  {
    id: 'CKV_AWS_70',
    title: 'bucket policies let nobody unnamed in',
    types: ['aws_s3_bucket_policy'],
    holds: (policy) =>
      allows(statementsOf(policy)).every(({ Principal }) => !JSON.stringify(Principal).includes('"*"')),
  },
  {
    id: 'CKV_AWS_274',
    title: 'no role is administrator',
    types: ['aws_iam_role_policy_attachment'],
    holds: ({ config }) => !String(config['policy_arn']).endsWith('/AdministratorAccess'),
  },
  {
    id: 'CKV_AWS_273',
    title: 'there are no users with keys',
    types: ['aws_iam_user', 'aws_iam_access_key'],
    holds: () => false,
  },
  {
    id: 'AURORA_TAG_1',
    title: 'everything carries owner, cost centre, environment and service',
    types: 'all',
    holds: (_, stack) => REQUIRED_TAGS.every((tag) => isSet(stack.defaultTags[tag])),
  },
  {
    id: 'AURORA_TAG_2',
    title: 'instances and volumes carry the tags too',
    types: ['aws_launch_template'],
    holds: ({ config }) => {
      const specifications = (config['tag_specifications'] ?? []) as {
        resource_type: string;
        tags: Record<string, string>;
      }[];
      return ['instance', 'volume'].every((type) =>
        specifications.some((one) => one.resource_type === type && REQUIRED_TAGS.every((tag) => isSet(one.tags[tag]))),
      );
    },
  },
  argument('CKV_AWS_297', 'schedules use our key', 'aws_scheduler_schedule', 'kms_key_arn', isSet),
];
