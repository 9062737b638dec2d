import { AcmCertificate } from '@cdktf/provider-aws/lib/acm-certificate/index.js';
import { AcmCertificateValidation } from '@cdktf/provider-aws/lib/acm-certificate-validation/index.js';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import { Lb } from '@cdktf/provider-aws/lib/lb/index.js';
import { LbListener } from '@cdktf/provider-aws/lib/lb-listener/index.js';
import { LbTargetGroup } from '@cdktf/provider-aws/lib/lb-target-group/index.js';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record/index.js';
import { Wafv2WebAclAssociation } from '@cdktf/provider-aws/lib/wafv2-web-acl-association/index.js';
import { Wafv2WebAclLoggingConfiguration } from '@cdktf/provider-aws/lib/wafv2-web-acl-logging-configuration/index.js';
import { Construct } from 'constructs';
import type { AuditBucket } from './audit-bucket.ts';
import { WebFirewall } from './web-firewall.ts';

export interface EdgeProps {
  readonly prefix: string;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
  /** DNS name of the search page. */
  readonly hostname: string;
  /** The Route 53 zone that the name is in. */
  readonly hostedZoneId: string;
  /** Port of OpenObserve's pods. */
  readonly targetPort: number;
  /** Receives the access log. */
  readonly audit: AuditBucket;
  readonly keyArn: string;
  readonly logDays: number;
  readonly protect: boolean;
}

/**
 * The way to the search page from outside: certificate, name, load balancer with TLS 1.3, web firewall. Pods register
 * themselves by a TargetGroupBinding, so the address outlives every release.
 */
export class Edge extends Construct {
  /** What a TargetGroupBinding registers pods with. */
  readonly targetGroupArn: string;

  constructor(scope: Construct, id: string, props: EdgeProps) {
    super(scope, id);
    const balancer = new Lb(this, 'balancer', {
      name: props.prefix,
      loadBalancerType: 'application',
      internal: false,
      subnets: [...props.subnetIds],
      securityGroups: [props.securityGroupId],
      dropInvalidHeaderFields: true,
      desyncMitigationMode: 'strictest',
      enableDeletionProtection: props.protect,
      accessLogs: { bucket: props.audit.name, prefix: 'edge', enabled: true },
      dependsOn: [props.audit.policy],
    });
    const targets = new LbTargetGroup(this, 'search', {
      name: `${props.prefix}-search`,
      vpcId: props.vpcId,
      targetType: 'ip',
      protocol: 'HTTP',
      port: props.targetPort,
      deregistrationDelay: '30',
      healthCheck: { path: '/healthz', protocol: 'HTTP', matcher: '200', interval: 15, healthyThreshold: 2 },
    });
    this.targetGroupArn = targets.arn;
    new LbListener(this, 'https', {
      loadBalancerArn: balancer.arn,
      port: 443,
      protocol: 'HTTPS',
      sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
      certificateArn: this.certificate(props),
      defaultAction: [{ type: 'forward', targetGroupArn: targets.arn }],
    });
    new Route53Record(this, 'name', {
      zoneId: props.hostedZoneId,
      name: props.hostname,
      type: 'A',
      alias: { name: balancer.dnsName, zoneId: balancer.zoneId, evaluateTargetHealth: true },
    });
    this.protectWithFirewall(props, balancer);
  }

  private certificate(props: EdgeProps): string {
    const certificate = new AcmCertificate(this, 'certificate', {
      domainName: props.hostname,
      validationMethod: 'DNS',
      lifecycle: { createBeforeDestroy: true },
    });
    const proof = certificate.domainValidationOptions.get(0);
    const record = new Route53Record(this, 'certificate-proof', {
      zoneId: props.hostedZoneId,
      name: proof.resourceRecordName,
      type: proof.resourceRecordType,
      records: [proof.resourceRecordValue],
      ttl: 300,
      allowOverwrite: true,
    });
    return new AcmCertificateValidation(this, 'certificate-valid', {
      certificateArn: certificate.arn,
      validationRecordFqdns: [record.fqdn],
    }).certificateArn;
  }

  private protectWithFirewall(props: EdgeProps, balancer: Lb): void {
    const firewall = new WebFirewall(this, 'firewall', { name: props.prefix });
    new Wafv2WebAclAssociation(this, 'firewall-on-balancer', {
      resourceArn: balancer.arn,
      webAclArn: firewall.arn,
    });
    // AWS WAF writes only to log groups whose name begins so.
    const log = new CloudwatchLogGroup(this, 'firewall-log', {
      name: `aws-waf-logs-${props.prefix}`,
      retentionInDays: props.logDays,
      kmsKeyId: props.keyArn,
    });
    new Wafv2WebAclLoggingConfiguration(this, 'firewall-logging', {
      resourceArn: firewall.arn,
      logDestinationConfigs: [log.arn],
      redactedFields: [{ singleHeader: { name: 'authorization' } }, { singleHeader: { name: 'cookie' } }],
      loggingFilter: {
        defaultBehavior: 'DROP',
        filter: [{ behavior: 'KEEP', requirement: 'MEETS_ANY', condition: [{ actionCondition: { action: 'BLOCK' } }] }],
      },
    });
  }
}
