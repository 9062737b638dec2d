import { EcrLifecyclePolicy } from '@cdktf/provider-aws/lib/ecr-lifecycle-policy/index.js';
import { EcrRepository } from '@cdktf/provider-aws/lib/ecr-repository/index.js';
import { Construct } from 'constructs';

export interface ImageRepositoriesProps {
  /** Names of the repositories. */
  readonly names: readonly string[];
  readonly keyArn: string;
}

const KEPT_RELEASES = 30;

/** One repository per image: tags never change, every push is scanned, the last 30 releases stay, untagged layers a week. */
export class ImageRepositories extends Construct {
  /** Registry address by repository name. */
  readonly urls: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: ImageRepositoriesProps) {
    super(scope, id);
    this.urls = Object.fromEntries(
      props.names.map((name) => {
        const repository = new EcrRepository(this, name.replaceAll('/', '-'), {
          name,
          imageTagMutability: 'IMMUTABLE',
          imageScanningConfiguration: { scanOnPush: true },
          encryptionConfiguration: [{ encryptionType: 'KMS', kmsKey: props.keyArn }],
        });
        new EcrLifecyclePolicy(this, `${name.replaceAll('/', '-')}-lifecycle`, {
          repository: repository.name,
          policy: JSON.stringify({ rules: LIFECYCLE }),
        });
        return [name, repository.repositoryUrl];
      }),
    );
  }
}

const LIFECYCLE = [
  {
    rulePriority: 1,
    description: 'Untagged layers of interrupted pushes',
    selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 7 },
    action: { type: 'expire' },
  },
  {
    rulePriority: 2,
    description: 'Old releases',
    selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: KEPT_RELEASES },
    action: { type: 'expire' },
  },
];
