import { DescribeAddressesCommand, DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { HeadBucketCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetServiceQuotaCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

/** Who holds a bucket name: nobody, the account of the credentials, or somebody else. */
export type BucketHolder = 'free' | 'ours' | 'taken';

/** What the check before a deployment reads of an account. Every method throws the error of the SDK when it cannot look. */
export interface Account {
  identity(): Promise<{ accountId: string; arn: string }>;
  bucketHolder(name: string): Promise<BucketHolder>;
  hasObject(bucket: string, key: string): Promise<boolean>;
  countUsed(what: 'vpcs' | 'addresses'): Promise<number>;
  quota(service: string, code: string): Promise<number | undefined>;
}

const CLIENT = { maxAttempts: 2 };

/** Looks at the account of the default credentials, in one region. Reads only. */
export function openAccount(region: string): Account {
  const s3 = new S3Client({ region, ...CLIENT, forcePathStyle: true, followRegionRedirects: true });
  const ec2 = new EC2Client({ region, ...CLIENT });
  const quotas = new ServiceQuotasClient({ region, ...CLIENT });
  return {
    identity: async () => {
      const { Account = '', Arn = '' } = await new STSClient({ region, ...CLIENT }).send(
        new GetCallerIdentityCommand({}),
      );
      return { accountId: Account, arn: Arn };
    },
    bucketHolder: async (name) => {
      try {
        await s3.send(new HeadBucketCommand({ Bucket: name }));
        return 'ours';
      } catch (error) {
        if (statusOf(error) === 404) return 'free';
        if (statusOf(error) === 403) return 'taken';
        throw error;
      }
    },
    hasObject: async (bucket, key) => {
      try {
        await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
        return true;
      } catch (error) {
        if (statusOf(error) === 404) return false;
        throw error;
      }
    },
    countUsed: async (what) => {
      // An account has tens of them at most: one page holds all.
      if (what === 'vpcs') return (await ec2.send(new DescribeVpcsCommand({}))).Vpcs?.length ?? 0;
      return (await ec2.send(new DescribeAddressesCommand({}))).Addresses?.length ?? 0;
    },
    quota: async (service, code) => {
      const { Quota } = await quotas.send(new GetServiceQuotaCommand({ ServiceCode: service, QuotaCode: code }));
      return Quota?.Value;
    },
  };
}

function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}
